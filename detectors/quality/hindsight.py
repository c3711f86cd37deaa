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


@njit(cache=True, nogil=True)
def amend(now: NDArray[np.void], was: NDArray[np.void], verdict: int, fired: int, i: int) -> None:
    """Write the earlier reading again, with the complete flag and tests that it deserves now."""
    now["i"], now["at"], now["value"], now["seq"], now["got"] = i, was["at"], was["value"], was["seq"], was["got"]
    now["flag"], now["tests"], now["mark"] = max(was["flag"], verdict), was["tests"] | fired, was["mark"]


@njit(cache=True, nogil=True, forceinline=True)
def keep(
    was: NDArray[np.void], at: int, value: float, mark: int, seq: int, got: int, flag: int, tests: int, doubtful: bool
) -> bool:
    """Keep one believed reading for its successor; say whether it is settled by itself."""
    good = flag <= NOT_EVALUATED
    was["at"], was["value"], was["mark"], was["seq"], was["got"] = at, value, mark, seq, got
    was["flag"], was["tests"], was["held"] = flag, tests, good and doubtful
    return good and not doubtful
