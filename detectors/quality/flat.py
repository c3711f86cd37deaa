"""Flat line: values that have stayed within a tolerance for too long (QARTOD test 8).

The longest run of readings up to now whose range is below the tolerance is kept in bounded memory as two staircases: the
highest values in it, each later and lower than the one before, and the lowest likewise (kept with their sign turned, so that
both go down). Beside each step stands the instant at which the run would begin if that step had to go. A stuck or nearly
stuck probe says few different values; while a staircase needs at most `STEPS` of them the run is exact. Beyond that the two
closest steps become one, in the direction that makes the run shorter: the test errs towards silence, by a share of the
tolerance.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.thresholds import Thresholds

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
STEPS = 6
NEVER = np.iinfo(np.int64).max
RULE = np.dtype(
    [("tolerance", "f8"), ("suspect", "i8"), ("fail", "i8"), ("readings", "i8"), ("on", "u1")], align=True
)  # the quantity's unit; ns; ns; how many readings there must be in any case
MEMORY = np.dtype(
    [
        ("top", "f8", (STEPS,)),
        ("after_top", "i8", (STEPS,)),
        ("bed", "f8", (STEPS,)),
        ("after_bed", "i8", (STEPS,)),
        ("since", "i8"),  # when the run began
        ("number_top", "u4", (STEPS,)),
        ("number_bed", "u4", (STEPS,)),
        ("first", "u4"),  # the number of the reading it began with
        ("seen", "u4"),  # how many readings there were
        ("tops", "u1"),
        ("beds", "u1"),
    ],
    align=True,
)


def of(given: Thresholds) -> tuple[float, ...]:
    """One row of `RULE`; a time that is NaN is never reached."""
    times = [NEVER if np.isnan(seconds) else round(seconds * 1e9) for seconds in (given.flat_suspect, given.flat_fail)]
    return (given.flat_tolerance, *times, given.flat_readings, not np.isnan(given.flat_tolerance) and min(times) < NEVER)


@njit(cache=True, nogil=True)
def _merge(height: NDArray[np.float64], after: NDArray[np.int64], number: NDArray[np.uint32]) -> None:
    """Make one step of the two closest of a full staircase: as high as the higher, as late as the later."""
    closest = 0
    for j in range(1, len(height) - 1):
        if height[j] - height[j + 1] < height[closest] - height[closest + 1]:
            closest = j
    after[closest], number[closest] = after[closest + 1], number[closest + 1]
    for j in range(closest + 1, len(height) - 1):
        height[j], after[j], number[j] = height[j + 1], after[j + 1], number[j + 1]


@njit(cache=True, nogil=True)
def _climb(
    height: NDArray[np.float64],
    after: NDArray[np.int64],
    number: NDArray[np.uint32],
    n: int,
    value: float,
    tolerance: float,
    since: int,
    first: int,
) -> tuple[int, int, int]:
    """Put a value on a staircase of `n` steps; say how many it has now, and when and with which reading the run begins."""
    gone = 0
    while gone < n and (height[gone] - value >= tolerance or number[gone] <= first):
        if number[gone] > first:
            since, first = after[gone], int(number[gone])
        gone += 1
    if gone:
        for j in range(gone, n):
            height[j - gone], after[j - gone], number[j - gone] = height[j], after[j], number[j]
        n -= gone
    while n and height[n - 1] <= value:
        n -= 1
    if n == len(height):
        _merge(height, after, number)
        n -= 1
    height[n] = value
    return n + 1, since, first


@njit(cache=True, nogil=True)
def _run(was: NDArray[np.void], at: int, value: float, tolerance: float) -> tuple[int, int]:
    """Take one reading in; say how long the run up to it has lasted, and how many readings it has."""
    now = int(was["seen"])
    if now and abs(value - was["top"][was["tops"] - 1]) >= tolerance:  # too far from the last: nothing of the run is left
        was["top"][0], was["bed"][0], was["tops"], was["beds"] = value, -value, 1, 1
        was["since"], was["first"], was["seen"] = at, now, now + 1
        return 0, 1
    since, first = (int(was["since"]), int(was["first"])) if now else (at, 0)
    if now:
        was["after_top"][was["tops"] - 1], was["number_top"][was["tops"] - 1] = at, now
        was["after_bed"][was["beds"] - 1], was["number_bed"][was["beds"] - 1] = at, now
    was["tops"], since, first = _climb(
        was["top"], was["after_top"], was["number_top"], int(was["tops"]), value, tolerance, since, first
    )
    was["beds"], since, first = _climb(
        was["bed"], was["after_bed"], was["number_bed"], int(was["beds"]), -value, tolerance, since, first
    )
    was["since"], was["first"], was["seen"] = since, first, now + 1
    return at - since, now - first + 1


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> int:
    """Say 1, 3 or 4 of one believed reading by how long its series has been flat."""
    if not limit["on"]:
        return 0
    lasted, readings = _run(was, at, value, float(limit["tolerance"]))
    if readings < limit["readings"]:
        return GOOD
    return FAIL if lasted >= limit["fail"] else SUSPECT if lasted >= limit["suspect"] else GOOD


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Say 1, 3 or 4 of each believed reading."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        if believed[i]:
            flag[i] = say(memory[row[i]], rule[row[i]], at[i], value[i])
    return flag
