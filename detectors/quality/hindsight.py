"""Hindsight: what a reading's successor makes of it.

A spike, and a change without company, are known only one reading later. So the newest believed reading of a series is kept
whole: turns out to be one, it is said again with its new flag; might be one, the limits do not hear of it until its successor
has spoken for it.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag

NOT_EVALUATED, SUSPECT = int(Flag.NOT_EVALUATED), int(Flag.SUSPECT)
MEMORY = np.dtype(
    [
        ("at", "i8"),
        ("value", "f8"),
        ("seq", "i8"),
        ("got", "i8"),
        ("tests", "u2"),
        ("flag", "u1"),
        ("mark", "u1"),
        ("held", "u1"),
    ],
    align=True,
)  # of the newest believed reading; and whether the limits still wait for it
AMENDED = np.dtype(
    [("i", "i8"), ("at", "i8"), ("value", "f8"), ("seq", "i8"), ("got", "i8"), ("tests", "u2"), ("flag", "u1"), ("mark", "u1")],
    align=True,
)
SETTLED = np.dtype([("i", "i8"), ("at", "i8"), ("value", "f8")])  # `i` is the row of the batch that settled it


@njit(cache=True, nogil=True)
def amend(now: NDArray[np.void], was: NDArray[np.void], verdict: int, fired: int, i: int) -> None:
    """Write the earlier reading again, with the complete flag and tests that it deserves now."""
    now["i"], now["at"], now["value"], now["seq"], now["got"] = i, was["at"], was["value"], was["seq"], was["got"]
    now["flag"], now["tests"], now["mark"] = max(was["flag"], verdict), was["tests"] | fired, was["mark"]


@njit(cache=True, nogil=True, forceinline=True)
def settle(now: NDArray[np.void], i: int, at: int, value: float) -> None:
    """Write down a reading as settled by a row of the batch."""
    now["i"], now["at"], now["value"] = i, at, value


@njit(cache=True, nogil=True, forceinline=True)
def keep(
    was: NDArray[np.void], at: int, value: float, mark: int, seq: int, got: int, flag: int, tests: int, doubtful: bool
) -> bool:
    """Keep one believed reading for its successor; say whether it is settled by itself."""
    good = flag <= NOT_EVALUATED
    was["at"], was["value"], was["mark"], was["seq"], was["got"] = at, value, mark, seq, got
    was["flag"], was["tests"], was["held"] = flag, tests, good and doubtful
    return good and not doubtful


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    mark: NDArray[np.uint8],
    seq: NDArray[np.int64],
    got: NDArray[np.int64],
    flag: NDArray[np.uint8],
    tests: NDArray[np.uint16],
    believed: NDArray[np.bool_],
    of_last: NDArray[np.uint8],
    fired: NDArray[np.uint16],
    doubtful: NDArray[np.bool_],
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Say which earlier readings are amended, and which readings are settled: good, and judged by the limits now.

    What earlier readings turned out to be, and by which tests, stand in `of_last` and `fired` at their successors.
    """
    amended, settled = np.empty(len(row), AMENDED), np.empty(2 * len(row), SETTLED)
    a = s = 0
    for i in range(len(row)):
        if not believed[i]:
            continue
        was = memory[row[i]]
        if of_last[i] >= SUSPECT:
            amend(amended[a], was, of_last[i], fired[i], i)
            a += 1
        elif was["held"]:
            settle(settled[s], i, was["at"], was["value"])
            s += 1
        if keep(was, at[i], value[i], mark[i], seq[i], got[i], flag[i], tests[i], doubtful[i]):
            settle(settled[s], i, at[i], value[i])
            s += 1
    return amended[:a], settled[:s]
