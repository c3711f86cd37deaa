"""Persistence: a test that fails again and again says that the instrument is ill, not the river."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import TESTS, Flag

GOOD, FAIL, MISSING = int(Flag.GOOD), int(Flag.FAIL), int(Flag.MISSING)
WATCHED = ("gross_range", "spike", "flat_line", "mark")  # the tests that can fail a reading
RAISE_AFTER = 3  # failures in a row
CLEAR_AFTER = 3  # passes in a row
KINDS = len(WATCHED)
assert set(WATCHED) <= set(TESTS)
MEMORY = np.dtype(
    [
        ("since", "i8", (KINDS,)),
        ("failed", "u1", (KINDS,)),
        ("passed", "u1", (KINDS,)),
        ("raised", "u1", (KINDS,)),
        ("told", "u1", (KINDS,)),
    ],
    align=True,
)
TURNED = np.dtype([("i", "i8"), ("since", "i8"), ("kind", "u1"), ("turn", "i1"), ("tell", "u1")], align=True)


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    said: NDArray[np.uint8],
    young: NDArray[np.bool_],
) -> NDArray[np.void]:
    """Say where an instrument matter rises (1) and where it is over (-1).

    Args:
        memory: one row a series.
        row: the series of each reading.
        at: the instant of each reading.
        said: what each of `WATCHED` said, one row a test: a flag, or 0 and 9 where it said nothing.
        young: whether a reading is young enough to be told of.
    """
    turned = np.empty(KINDS * len(row), TURNED)
    n = 0
    for i in range(len(row)):
        was = memory[row[i]]
        for kind in range(KINDS):
            if said[kind, i] == 0 or said[kind, i] == MISSING:
                continue
            turn = 0
            if said[kind, i] == FAIL:
                if was["failed"][kind] == 0 and not was["raised"][kind]:
                    was["since"][kind] = at[i]
                was["failed"][kind], was["passed"][kind] = min(was["failed"][kind] + 1, RAISE_AFTER), 0
                if was["failed"][kind] == RAISE_AFTER and not was["raised"][kind]:
                    was["raised"][kind], was["told"][kind], turn = 1, young[i], 1
            else:
                was["failed"][kind], was["passed"][kind] = 0, min(was["passed"][kind] + 1, CLEAR_AFTER)
                if was["passed"][kind] == CLEAR_AFTER and was["raised"][kind]:
                    was["raised"][kind], turn = 0, -1
            if turn != 0:
                now = turned[n]
                now["i"], now["since"], now["kind"], now["turn"] = i, was["since"][kind], kind, turn
                now["tell"] = was["told"][kind] and young[i]
                n += 1
    return turned[:n]
