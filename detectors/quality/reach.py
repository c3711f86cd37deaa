"""Reach: how many times farther than it does as a rule a series went, from its last reading or out of its day."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import HOUR

LONG = 3 * HOUR  # after which a move is no move any more: a part of a day


@njit(cache=True, nogil=True)
def bound_at(age: float, times: NDArray[np.float64], sizes: NDArray[np.float64]) -> float:
    """The bound for an age: straight between the given ones, the root of time beyond the last."""
    if age <= times[0]:
        return float(sizes[0])
    for k in range(1, len(times)):
        if age <= times[k]:
            return float(sizes[k - 1] + (sizes[k] - sizes[k - 1]) * ((age - times[k - 1]) / (times[k] - times[k - 1])))
    return float(sizes[-1] * np.sqrt(age / times[-1]))


@njit(cache=True, nogil=True)
def by_move(was: NDArray[np.void], usual: NDArray[np.void], age: float, value: float) -> float:
    """How many times farther it moved than it does; what comes back out of an event is measured from the day's range."""
    up = value - float(was["highest"] if usual["events"] < 0 else was["value"])
    down = float(was["lowest"] if usual["events"] > 0 else was["value"]) - value
    if age > LONG or (up <= 0 and down <= 0):
        return 0.0
    if up > 0:
        return 0.0 if value <= usual["lift"] else up / bound_at(age, usual["within"], usual["rise"])
    return down / bound_at(age, usual["within"], usual["fall"])


@njit(cache=True, nogil=True)
def by_day(was: NDArray[np.void], usual: NDArray[np.void], age: float, value: float) -> float:
    """How many times farther than it does it lies beyond the range of the day."""
    if value > was["highest"]:
        return 0.0 if value <= usual["lift"] else float(value - was["highest"]) / bound_at(age, usual["after"], usual["over"])
    if value < was["lowest"]:
        return float(was["lowest"] - value) / bound_at(age, usual["after"], usual["under"])
    return 0.0
