"""Order: which readings are news, which are history and which were said before."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Outcome

JUDGED, HISTORY, REPEATED = int(Outcome.JUDGED), int(Outcome.HISTORY), int(Outcome.REPEATED)
MEMORY = np.dtype(
    [("at", "i8"), ("value", "f8"), ("judged", "i8"), ("history", "i8"), ("repeated", "i8"), ("tests", "u2"), ("flag", "u1")],
    align=True,
)  # of the newest judged reading; and how many there were of each outcome


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void], row: NDArray[np.int32], at: NDArray[np.int64], value: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Say the outcome of each reading: judged if it is newer than all before it in its series."""
    outcome = np.empty(len(row), np.uint8)
    for i in range(len(row)):
        newest = memory[row[i]]
        if newest["judged"] == 0 or at[i] > newest["at"]:
            newest["at"], newest["value"] = at[i], value[i]
            newest["judged"] += 1
            outcome[i] = JUDGED
        elif at[i] == newest["at"] and (value[i] == newest["value"] or (np.isnan(value[i]) and np.isnan(newest["value"]))):
            newest["repeated"] += 1
            outcome[i] = REPEATED
        else:
            newest["history"] += 1
            outcome[i] = HISTORY
    return outcome
