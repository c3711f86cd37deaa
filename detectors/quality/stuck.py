"""Stuck at a limit: a probe that goes on saying an end of its own range measures no water."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, FAIL = int(Flag.GOOD), int(Flag.FAIL)
RULE = np.dtype([("low", "f8"), ("high", "f8"), ("after", "i8")])  # the quantity's unit, NaN = no such end; ns
MEMORY = np.dtype([("since", "i8"), ("end", "i1")], align=True)  # the end it is at: -1, 1; 0 = at none


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series whose probe has an end that is known."""
    return {name: () for name, one in site.quality.habits.items() if not np.isnan([one.stuck_low, one.stuck_high]).all()}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[float, ...]:
    """One row of `RULE`."""
    given = site.quality.habits[series]
    return (given.stuck_low, given.stuck_high, round(given.stuck_after * 1e9))


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> int:
    """Say 4 of one believed reading at or beyond an end where its series has been for long enough, else 1."""
    end = -1 if value <= limit["low"] else 1 if value >= limit["high"] else 0
    if end != was["end"]:
        was["end"], was["since"] = end, at
    return FAIL if end != 0 and at - was["since"] >= limit["after"] else GOOD
