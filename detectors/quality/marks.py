"""Marks: what the device itself says about its reading (HJ 212-2017 table 8), as a QARTOD flag."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag

_SAYS = {
    "\0N": Flag.GOOD,
    "T": Flag.FAIL,  # beyond what the instrument can measure
    "DB": Flag.FAIL,  # the instrument, or the line to it, is broken
    "MCF": Flag.MISSING,  # maintenance, calibration, not in operation: not the river's water
    "S": Flag.SUSPECT,  # set by hand
}
FLAG_OF = np.full(256, Flag.SUSPECT, np.uint8)  # a mark that no standard knows is a reason to doubt
for _marks, _flag in _SAYS.items():
    FLAG_OF[[ord(mark) for mark in _marks]] = _flag
MISSING = int(Flag.MISSING)


@njit(cache=True, nogil=True, forceinline=True)
def say(flag_of: NDArray[np.uint8], mark: int, value: float) -> int:
    """Say 1, 3, 4 or 9 of one reading by its mark; a value that is no number is missing."""
    return int(flag_of[mark]) if np.isfinite(value) else MISSING
