"""Doubt: readings that only the test `unlikely` doubts are heard if others bear them out; a lone probe is not.

A true spill may take a probe where its series never was, and the whole of it would wait until that level is accepted. So such a
reading is weighed beside the settled ones, and goes where these go when two related quantities or a neighbour have moved with it.
It keeps its flag, so that a person looks at it.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag, Outcome
from detectors.limits.limit import CONFIRMED_ABOVE, CONFIRMED_BELOW
from detectors.quality import roll

OFFERED = np.dtype(
    [("i", "i8"), ("at", "i8"), ("value", "f8"), ("row", "i4"), ("young", "?"), ("doubted", "?")], align=True
)  # a reading that limits may hear of: the row of the batch that settled it, and its series; whether it only is unlikely
SUSPECT, JUDGED = int(Flag.SUSPECT), int(Outcome.JUDGED)
UNLIKELY, DOUBTS = roll.BIT["unlikely"], 0xFFFF & ~(roll.LIMIT | roll.GAP)


@njit(cache=True, nogil=True, forceinline=True)
def offer(now: NDArray[np.void], i: int, row: int, at: int, value: float, young: bool, doubted: bool) -> None:
    """Offer one reading to the limits."""
    now["i"], now["at"], now["value"], now["row"], now["young"], now["doubted"] = i, at, value, row, young, doubted


@njit(cache=True, nogil=True, forceinline=True)
def is_only_unlikely(outcome: int, flag: int, tests: int) -> bool:
    """Say whether a reading is news that nothing but `unlikely` doubts."""
    return flag == SUSPECT and tests & DOUBTS == UNLIKELY and outcome == JUDGED


def bear_out(failed: NDArray[np.uint16], heard: NDArray[np.void]) -> None:
    """Take back what the tests of a batch doubt, where others bear it out: `heard` ones."""
    failed[heard["i"][heard["doubted"]]] &= np.uint16(~UNLIKELY & 0xFFFF)


@njit(cache=True, nogil=True)
def heard(offered: NDArray[np.void], said: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which offered readings are heard, by what `confirm.step` said of each: doubted ones only where they are borne out."""
    keep = np.empty(len(offered), np.bool_)
    for e in range(len(offered)):
        wanted = CONFIRMED_ABOVE if said[e]["moved"] > 0 else CONFIRMED_BELOW if said[e]["moved"] < 0 else 0
        keep[e] = not offered[e]["doubted"] or (said[e]["sooner"] & wanted) != 0
    return keep
