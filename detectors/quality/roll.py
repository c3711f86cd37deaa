"""Rolling up: one flag and one set of tests for each reading, out of what the tests said."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.domain.site import Thresholds

GOOD, NOT_EVALUATED, SUSPECT, FAIL, MISSING = (int(flag) for flag in Flag)
JUDGED = int(Outcome.JUDGED)
BIT = {name: 1 << bit for bit, name in enumerate(TESTS)}
MARK, LIMIT = BIT["mark"], BIT["limit"]
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


@njit(cache=True, nogil=True)
def believe(outcome: NDArray[np.uint8], gross: NDArray[np.uint8], mark: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which readings the tests with a memory may learn from: news, measured, and possible."""
    believed = np.empty(len(outcome), np.bool_)
    for i in range(len(outcome)):
        believed[i] = outcome[i] == JUDGED and gross[i] != FAIL and mark[i] < FAIL
    return believed


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


@njit(cache=True, nogil=True)
def note(worst: NDArray[np.uint8], fired: NDArray[np.uint16], flag: NDArray[np.uint8], bit: int) -> None:
    """Take in what a test noticed of each reading that is no reason to doubt it: 1, 4, or 0 for nothing."""
    for i in range(len(flag)):
        worst[i] = max(worst[i], GOOD if flag[i] > 0 else 0)
        fired[i] |= bit if flag[i] > GOOD else 0


@njit(cache=True, nogil=True)
def step(
    newest: NDArray[np.void],
    rule: NDArray[np.void],
    row: NDArray[np.int32],
    outcome: NDArray[np.uint8],
    of_newest: NDArray[np.bool_],
    mark: NDArray[np.uint8],
    worst: NDArray[np.uint8],
    fired: NDArray[np.uint16],
    beyond: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Say flag and tests of each reading: 9 if it is missing, else the worst of 4, 3, 1; 2 if nothing could be tested.

    What is said of news is kept in `newest` (the memory of `order`) and said again of its repetition; the repetition of an
    older reading gets what history gets.
    """
    flags, tests = np.empty(len(row), np.uint8), np.empty(len(row), np.uint16)
    for i in range(len(row)):
        was = newest[row[i]]
        if of_newest[i]:
            flags[i], tests[i] = was["flag"], was["tests"]
            continue
        if mark[i] == MISSING:
            flags[i], tests[i] = MISSING, MARK
        else:
            tested = worst[i] or (outcome[i] == JUDGED and rule[row[i]]["on"])
            flags[i] = max(worst[i], mark[i]) if tested or mark[i] > GOOD else NOT_EVALUATED
            tests[i] = fired[i] | (MARK if mark[i] != GOOD else 0) | (LIMIT if beyond[i] else 0)
        if outcome[i] == JUDGED:
            was["flag"], was["tests"] = flags[i], tests[i]
    return flags, tests
