# ruff: noqa: PLR0917  a kernel's arguments are its columns
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
from detectors.domain.site import Thresholds

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
STEPS = 8
NEVER = np.iinfo(np.int64).max
RULE = np.dtype([("tolerance", "f8"), ("suspect", "i8"), ("fail", "i8"), ("on", "u1")], align=True)  # unit; ns; ns
MEMORY = np.dtype(
    [
        ("top", "f8", (STEPS,)),
        ("after_top", "i8", (STEPS,)),
        ("bed", "f8", (STEPS,)),
        ("after_bed", "i8", (STEPS,)),
        ("since", "i8"),  # when the run began
        ("at", "i8"),  # the newest reading in it
        ("tops", "u1"),
        ("beds", "u1"),
        ("seen", "u1"),
    ],
    align=True,
)


def of(given: Thresholds) -> tuple[float, ...]:
    """One row of `RULE`; a time that is NaN is never reached."""
    times = [NEVER if np.isnan(seconds) else round(seconds * 1e9) for seconds in (given.flat_suspect, given.flat_fail)]
    return (given.flat_tolerance, *times, not np.isnan(given.flat_tolerance) and min(times) < NEVER)


@njit(cache=True, nogil=True)
def _merge(height: NDArray[np.float64], after: NDArray[np.int64]) -> None:
    """Make one step of the two closest of a full staircase: as high as the higher, as late as the later."""
    closest = 0
    for j in range(1, len(height) - 1):
        if height[j] - height[j + 1] < height[closest] - height[closest + 1]:
            closest = j
    after[closest] = after[closest + 1]
    for j in range(closest + 1, len(height) - 1):
        height[j], after[j] = height[j + 1], after[j + 1]


@njit(cache=True, nogil=True)
def _climb(
    height: NDArray[np.float64], after: NDArray[np.int64], n: int, value: float, at: int, tolerance: float, since: int
) -> tuple[int, int]:
    """Put a reading on a staircase of `n` steps; say how many it has now, and when the run begins."""
    if n:
        after[n - 1] = at
    gone = 0
    while gone < n and (height[gone] - value >= tolerance or after[gone] <= since):
        since = max(since, after[gone])
        gone += 1
    for j in range(gone, n):
        height[j - gone], after[j - gone] = height[j], after[j]
    n -= gone
    while n and height[n - 1] <= value:
        n -= 1
    if n == len(height):
        _merge(height, after)
        n -= 1
    height[n] = value
    return n + 1, since


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Say 1, 3 or 4 of each believed reading by how long its series has been flat; a flat run has at least three readings."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        was, limit = memory[row[i]], rule[row[i]]
        if not believed[i] or not limit["on"]:
            continue
        since = was["since"] if was["seen"] else at[i]
        was["tops"], since = _climb(was["top"], was["after_top"], was["tops"], value[i], at[i], limit["tolerance"], since)
        was["beds"], since = _climb(was["bed"], was["after_bed"], was["beds"], -value[i], at[i], limit["tolerance"], since)
        lasted = at[i] - since if was["seen"] and since < was["at"] else -1
        flag[i] = FAIL if lasted >= limit["fail"] else SUSPECT if lasted >= limit["suspect"] else GOOD
        was["since"], was["at"], was["seen"] = since, at[i], 1
    return flag
