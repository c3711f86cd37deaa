"""Rate of change: a value that moved faster than this water can (QARTOD test 7)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.thresholds import Thresholds

GOOD, SUSPECT = int(Flag.GOOD), int(Flag.SUSPECT)
SECOND = 1e9  # ns
RULE = np.dtype([("most", "f8"), ("on", "u1")], align=True)  # units per second
MEMORY = np.dtype([("at", "i8"), ("value", "f8"), ("seen", "u1")], align=True)


def of(given: Thresholds) -> tuple[float, ...]:
    """One row of `RULE`."""
    return (given.rate, not np.isnan(given.rate))


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> int:
    """Say 1 or 3 of one believed reading by the change since the last believed one and the real time between them."""
    if not limit["on"]:
        return 0
    fast = was["seen"] and abs(value - was["value"]) / ((at - was["at"]) / SECOND) > limit["most"]
    was["at"], was["value"], was["seen"] = at, value, 1
    return SUSPECT if fast else GOOD


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Say 1 or 3 of each believed reading."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        if believed[i]:
            flag[i] = say(memory[row[i]], rule[row[i]], at[i], value[i])
    return flag
