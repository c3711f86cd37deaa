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
    [("i", "i8"), ("at", "i8"), ("value", "f8"), ("doubted", "?")], align=True
)  # `hindsight.SETTLED`, and doubted ones
SUSPECT, JUDGED = int(Flag.SUSPECT), int(Outcome.JUDGED)
UNLIKELY, ASIDE = roll.BIT["unlikely"], roll.LIMIT | roll.GAP  # `ASIDE`: bits that are no doubt


@njit(cache=True, nogil=True)
def _write(now: NDArray[np.void], i: int, at: int, value: float, doubted: bool) -> None:
    """One offered reading."""
    now["i"], now["at"], now["value"], now["doubted"] = i, at, value, doubted


@njit(cache=True, nogil=True)
def offered(
    settled: NDArray[np.void],
    outcome: NDArray[np.uint8],
    flag: NDArray[np.uint8],
    tests: NDArray[np.uint16],
    doubtful: NDArray[np.bool_],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
) -> NDArray[np.void]:
    """The settled readings of a batch and those that only `unlikely` doubts, in the order of the rows that settle them.

    The columns are those of the batch; one that is `doubtful` besides may be a spike, and is none of them.
    """
    found = np.empty(len(settled) + len(flag), OFFERED)
    n = s = 0
    for i in range(len(flag)):
        while s < len(settled) and settled[s]["i"] == i:
            found[n]["i"], found[n]["at"], found[n]["value"], found[n]["doubted"] = (
                i,
                settled[s]["at"],
                settled[s]["value"],
                False,
            )
            n, s = n + 1, s + 1
        if flag[i] == SUSPECT and int(tests[i]) & ~ASIDE == UNLIKELY and outcome[i] == JUDGED and not doubtful[i]:
            _write(found[n], i, at[i], value[i], True)
            n += 1
    return found[:n]


def alone(failed: NDArray[np.uint16], heard: NDArray[np.void]) -> NDArray[np.uint16]:
    """The tests that failed each reading of a batch or doubt its probe, but for doubts that others bear out: `heard` ones."""
    borne_out = heard["i"][heard["doubted"]]
    if not len(borne_out):
        return failed
    failed = failed.copy()
    failed[borne_out] &= np.uint16(~UNLIKELY & 0xFFFF)
    return failed


@njit(cache=True, nogil=True)
def heard(offered: NDArray[np.void], said: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which offered readings are heard, by what `confirm.step` said of each: doubted ones only where they are borne out."""
    keep = np.empty(len(offered), np.bool_)
    for e in range(len(offered)):
        wanted = CONFIRMED_ABOVE if said[e]["moved"] > 0 else CONFIRMED_BELOW if said[e]["moved"] < 0 else 0
        keep[e] = not offered[e]["doubted"] or (said[e]["sooner"] & wanted) != 0
    return keep
