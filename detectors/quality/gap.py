"""Gap: a reading that comes later after the one before than its series should wait (QARTOD test 1)."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, FAIL = int(Flag.GOOD), int(Flag.FAIL)
RULE = np.dtype([("most", "i8")])  # ns
MEMORY = np.dtype([("at", "i8"), ("seen", "u1")], align=True)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that say how long they wait."""
    return {name: () for name, habits in site.quality.habits.items() if not np.isnan(habits.gap)}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[int]:
    """One row of `RULE`."""
    return (round(site.quality.habits[series].gap * 1e9),)


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int) -> int:
    """Say 1 or 4 of one piece of news by the time since the one before it in its series."""
    late = was["seen"] and at - was["at"] > limit["most"]
    was["at"], was["seen"] = at, 1
    return FAIL if late else GOOD
