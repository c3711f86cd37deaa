"""Order: which readings are news, which are history and which were said before."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Outcome

JUDGED, HISTORY, REPEATED = int(Outcome.JUDGED), int(Outcome.HISTORY), int(Outcome.REPEATED)
REMEMBERED = 32  # newest judged readings of a series that are known again: what a bridge may deliver twice after a crash
MEMORY = np.dtype(
    [
        ("at", "i8"),
        ("judged", "i8"),
        ("tests", "u2"),
        ("flag", "u1"),
        ("history", "i8"),
        ("repeated", "i8"),
        ("seen", "u8", (REMEMBERED,)),  # keys of the newest judged readings; 0 = none yet
    ],
    align=True,
)  # `at`, `tests` and `flag` of the newest judged reading; and how many there were of each outcome


@njit(cache=True, nogil=True)
def keys(at: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.uint64]:
    """One number for each reading, the same for the same instant and value; never 0."""
    bits = (value + 0.0).view(np.uint64)  # so that -0 is 0
    mixed = at.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ bits * np.uint64(0xC2B2AE3D27D4EB4F)
    found: NDArray[np.uint64] = (mixed ^ mixed >> np.uint64(29)) | np.uint64(1)
    return found


@njit(cache=True, nogil=True)
def _known(seen: NDArray[np.uint64], key: int) -> bool:
    for known in seen:  # noqa: SIM110  compiled, a loop is the fastest
        if known == key:
            return True
    return False


@njit(cache=True, nogil=True, forceinline=True)
def say(newest: NDArray[np.void], at: int, key: int) -> int:
    """Say the outcome of one reading: judged if newer than all before it in its series."""
    if newest["judged"] == 0 or at > newest["at"]:
        newest["at"] = at
        newest["seen"][newest["judged"] % REMEMBERED] = key
        newest["judged"] += 1
        return JUDGED
    if _known(newest["seen"], key):
        newest["repeated"] += 1
        return REPEATED
    newest["history"] += 1
    return HISTORY
