"""Believed: the stored readings that passed quality, series by series."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from storage.series import Store

Columns = tuple[NDArray[np.int64], NDArray[np.float64]]  # ns since 1970 UTC, and values


def believed(store: Store, series: Sequence[str], start: int, end: int) -> dict[str, Columns]:
    """The good readings of series in [start, end); a series without any is left out.

    Raises:
        Unreachable: if the store does not answer.
    """
    known = set(store.series())
    wanted = [name for name in series if name in known]
    parts: dict[str, list[Columns]] = {}
    for page in store.stretch(wanted, start, end) if wanted else ():
        good = page.flag <= Flag.NOT_EVALUATED
        for number in np.unique(page.readings.series[good]):
            which = good & (page.readings.series == number)
            parts.setdefault(page.readings.names[number], []).append((page.readings.at[which], page.readings.value[which]))
    return {name: _joined(columns) for name, columns in parts.items()}


def _joined(parts: Sequence[Columns]) -> Columns:
    at, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    return at, value
