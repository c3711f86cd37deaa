"""Which rows a store can take: the same ones in every database."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.judged import Judged
from storage import schema
from storage.schema import EARLIEST, LATEST
from storage.series.port import RejectedPoint


def fit(judged: Judged) -> tuple[NDArray[np.bool_], tuple[RejectedPoint, ...]]:
    """Which rows can be stored, and the others with their reason."""
    rows = judged.readings
    reasons = [reason_against(name) for name in rows.names]
    named = np.array([not reason for reason in reasons], np.bool_)
    # InfluxDB takes EARLIEST and LATEST to write, but its half-open reads could not reach the last
    good = named[rows.series] & np.isfinite(rows.value) & (rows.at >= EARLIEST) & (rows.at < LATEST)
    bad = np.flatnonzero(~good)
    refused = tuple(_rejected(judged, int(row), reasons) for row in bad) if len(bad) else ()
    return good, refused


@lru_cache(maxsize=200_000)
def reason_against(series: str) -> str:
    """Why a series cannot be stored by its name, or "" where it can."""
    try:
        schema.split(series)
    except Refused as fault:
        return fault.reason
    return ""


def _rejected(judged: Judged, row: int, reasons: list[str]) -> RejectedPoint:
    rows = judged.readings
    number, at = int(rows.series[row]), int(rows.at[row])
    reason = reasons[number]
    if not reason:
        reason = "an instant no database holds" if np.isfinite(rows.value[row]) else "a value that is not finite"
    return RejectedPoint(series=rows.names[number], at=at, reason=reason)
