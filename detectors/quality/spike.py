"""Spike: a value far from the middle of its two neighbours (QARTOD test 6), known when the second of them has come."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.thresholds import Thresholds

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
RULE = np.dtype([("suspect", "f8"), ("fail", "f8"), ("on", "u1")], align=True)  # in the quantity's unit
MEMORY = np.dtype([("before", "f8"), ("last", "f8"), ("seen", "u1")], align=True)


def of(given: Thresholds) -> tuple[float, ...]:
    """One row of `RULE`; a threshold that is NaN is never passed."""
    return (given.spike_suspect, given.spike_fail, not np.isnan([given.spike_suspect, given.spike_fail]).all())


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], threshold: NDArray[np.void], value: float) -> tuple[int, bool]:
    """Say with one believed reading what its predecessor was, and whether it might be a spike itself."""
    of_last, doubtful = 0, False
    if not threshold["on"]:
        return of_last, doubtful
    if was["seen"] == 2:
        height = abs(was["last"] - (was["before"] + value) / 2)
        of_last = FAIL if height > threshold["fail"] else SUSPECT if height > threshold["suspect"] else GOOD
    if was["seen"] > 0:
        jump = abs(value - was["last"])
        doubtful = bool(jump > threshold["suspect"] or jump > threshold["fail"])
    was["before"], was["last"], was["seen"] = was["last"], value, min(was["seen"] + 1, 2)
    return of_last, doubtful


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    row: NDArray[np.int32],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Say with each reading what its *predecessor* was, and whether it might be a spike itself.

    Returns:
        The flag (1, 3, 4; 0 = cannot be said) of the last believed reading before this one in its series; and true where
        this one lies so far from its predecessor that it is a spike if the next one is back.
    """
    of_last, doubtful = np.zeros(len(row), np.uint8), np.zeros(len(row), np.bool_)
    for i in range(len(row)):
        if believed[i]:
            of_last[i], doubtful[i] = say(memory[row[i]], rule[row[i]], value[i])
    return of_last, doubtful
