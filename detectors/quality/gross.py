"""Gross range: a value outside what the sensor can say, or outside what this water does (QARTOD test 4)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.thresholds import Thresholds

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
RULE = np.dtype(
    [("fail_low", "f8"), ("fail_high", "f8"), ("suspect_low", "f8"), ("suspect_high", "f8"), ("on", "u1")], align=True
)


def of(given: Thresholds) -> tuple[float, ...]:
    """One row of `RULE`; a bound that is NaN is no bound."""
    bounds = (given.fail_low, given.fail_high, given.suspect_low, given.suspect_high)
    return (*bounds, not np.isnan(bounds).all())


@njit(cache=True, nogil=True, forceinline=True)
def say(span: NDArray[np.void], value: float) -> int:
    """Say 1, 3 or 4 of one reading, 0 where no bound is given; a bound itself is still inside."""
    if not span["on"]:
        return 0
    if value < span["fail_low"] or value > span["fail_high"]:
        return FAIL
    return SUSPECT if value < span["suspect_low"] or value > span["suspect_high"] else GOOD


@njit(cache=True, nogil=True)
def step(rule: NDArray[np.void], row: NDArray[np.int32], value: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Say 1, 3 or 4 of each reading by its value alone, 0 where no bound is given; a bound itself is still inside."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        flag[i] = say(rule[row[i]], value[i])
    return flag
