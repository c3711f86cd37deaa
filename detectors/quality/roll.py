"""Rolling up: one flag and one set of tests for each reading, out of what the tests said."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.domain.thresholds import Thresholds

GOOD, NOT_EVALUATED, SUSPECT, FAIL, MISSING = (int(flag) for flag in Flag)
JUDGED = int(Outcome.JUDGED)
BIT = {name: 1 << bit for bit, name in enumerate(TESTS)}
MARK, LIMIT, GAP = BIT["mark"], BIT["limit"], BIT["gap"]
NOTED = 1 << 48
SAYS = np.array(
    [0, 1 << 32, 0, 1 << 32 | 1, 1 << 16 | 1]
)  # of a flag, times the bit of its test: fired, failed << 16, passed << 32
RULE = np.dtype([("on", "u1")])  # whether the series has any threshold at all


def of(given: Thresholds) -> tuple[bool, ...]:
    """One row of `RULE`: a test is on if what it needs is a number."""
    of_each = (
        given.fail_low,
        given.fail_high,
        given.suspect_low,
        given.suspect_high,
        given.spike_suspect,
        given.spike_fail,
        given.rate,
    )
    flat = not np.isnan(given.flat_tolerance) and not np.isnan([given.flat_suspect, given.flat_fail]).all()
    return (flat or not np.isnan(of_each).all(),)


@njit(cache=True, nogil=True, forceinline=True)
def believes(outcome: int, gross: int, mark: int) -> bool:
    """Say whether the tests with a memory may learn from a reading: news, measured, and possible."""
    return outcome == JUDGED and gross != FAIL and mark < FAIL


@njit(cache=True, nogil=True, forceinline=True)
def worst_of(said: int) -> int:
    """The worst of what the tests said of one reading, out of the sum of `SAYS`."""
    return FAIL if said >> 16 & 0xFFFF else SUSPECT if said & 0xFFFF & ~GAP else GOOD if said else 0


@njit(cache=True, nogil=True)
def add(
    worst: NDArray[np.uint8],
    fired: NDArray[np.uint16],
    failed: NDArray[np.uint16],
    passed: NDArray[np.uint16],
    flag: NDArray[np.uint8],
    bit: int,
) -> None:
    """Take in what one test said of each reading: 1, 3, 4, or 0 for nothing."""
    for i in range(len(flag)):
        said = flag[i]
        worst[i] = max(worst[i], said)
        fired[i] |= bit if said > GOOD else 0
        failed[i] |= bit if said == FAIL else 0
        passed[i] |= bit if 0 < said < FAIL else 0


@njit(cache=True, nogil=True, forceinline=True)
def say(
    was: NDArray[np.void], on: int, outcome: int, of_newest: bool, mark: int, worst: int, fired: int, beyond: bool
) -> tuple[int, int]:
    """Say flag and tests of one reading: 9 if it is missing, else the worst of 4, 3, 1; 2 if nothing could be tested.

    What is said of news is kept in `was` (its row in the memory of `order`) and said again of its repetition; the repetition
    of an older reading gets what history gets.
    """
    if of_newest:
        return int(was["flag"]), int(was["tests"])
    flag, tests = MISSING, MARK
    if mark != MISSING:
        tested = worst > 0 or (outcome == JUDGED and on)
        flag = max(worst, mark) if tested or mark > GOOD else NOT_EVALUATED
        tests = fired | (MARK if mark != GOOD else 0) | (LIMIT if beyond else 0)
    if outcome == JUDGED:
        was["flag"], was["tests"] = flag, tests
    return flag, tests
