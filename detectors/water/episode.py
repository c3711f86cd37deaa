"""Episodes: a section that is worse than its target, as one matter however many factors are.

One begins with the first reading worse than the target, is raised when enough of them came over the delay, and is over when
every factor that was worse has come back, for as long as the delay: what is only not measured any more has not recovered.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.water.factors import excess_of
from detectors.water.standard import MOST_ITEMS

TREND = 0.02  # share of the mean by which a value must differ from it to rise or fall
CALM, WAITING, RAISED = 0, 1, 2
TURNED = np.dtype(
    [
        ("e", "i8"),
        ("unit", "i8"),
        ("at", "i8"),
        ("since", "i8"),
        ("value", "f8"),  # of the item that the episode was raised for
        ("limit", "f8"),
        ("excess", "f8"),  # share of the limit that the worst item is beyond it
        ("cause", "i4"),
        ("worst", "i4"),
        ("level", "i4"),  # the class of the worst item
        ("trend", "i1"),
        ("turn", "i1"),
        ("tell", "u1"),
    ],
    align=True,
)


@njit(cache=True, nogil=True)
def _worst(was: NDArray[np.void], told: NDArray[np.void]) -> int:
    """The item furthest beyond the target: by class, then by its share of the limit; -1 if none is."""
    worst, target = -1, told["target"] - 1
    most = 0.0
    for item in range(MOST_ITEMS):
        if was["over"][item] and told["in_class"][item]:
            excess = excess_of(told["low"][item][target], told["high"][item][target], was["value"][item])
            ahead = worst < 0 or was["level"][item] > was["level"][worst]
            if ahead or (was["level"][item] == was["level"][worst] and excess > most):
                worst, most = item, excess
    return worst


@njit(cache=True, nogil=True)
def _fall(was: NDArray[np.void], told: NDArray[np.void], at: int) -> int:
    """Nothing is worse than the target now; say whether an episode is over (-1)."""
    if was["phase"] != RAISED:
        was["phase"] = CALM
        return 0
    if was["back"] == 0:
        was["back"] = at
    if at - was["back"] < told["delay"]:
        return 0
    was["phase"] = CALM
    return -1


@njit(cache=True, nogil=True)
def _rise(was: NDArray[np.void], told: NDArray[np.void], at: int, worst: int, young: bool) -> int:
    """One more reading is worse than the target; say whether an episode is raised (1)."""
    if was["phase"] == CALM:
        was["phase"], was["since"], was["worse"] = WAITING, at, 0
    was["worse"] = min(was["worse"] + 1, 65_535)
    if was["phase"] == WAITING and was["worse"] >= told["readings"] and at - was["since"] >= told["delay"]:
        was["phase"], was["told"], was["cause"] = RAISED, young, worst
        return 1
    if was["phase"] == RAISED and young and not was["told"]:
        was["told"] = True  # it began long ago and goes on: now it is news
        return 1
    return 0


@njit(cache=True, nogil=True)
def follow(was: NDArray[np.void], told: NDArray[np.void], beyond: bool, young: bool) -> tuple[int, int]:
    """Follow the episode of a section; say whether it rose (1) or fell (-1), and the worst item."""
    if not was["many"]:
        return (_fall(was, told, int(was["newest"])) if was["phase"] != CALM else 0), -1
    was["back"] = 0
    worst = _worst(was, told)
    return (_rise(was, told, int(was["newest"]), worst, young) if beyond else 0), worst


@njit(cache=True, nogil=True)
def write(now: NDArray[np.void], was: NDArray[np.void], told: NDArray[np.void], worst: int) -> None:
    """What an episode's turn says of its cause and of the worst item now."""
    cause, target = was["cause"], told["target"] - 1
    seen = cause if worst < 0 else worst
    now["since"], now["cause"], now["worst"], now["value"] = was["since"], cause, seen, was["value"][cause]
    high, low = told["high"][cause][target], told["low"][cause][target]
    now["limit"] = low if high == np.inf or was["value"][cause] < low else high
    now["excess"] = excess_of(told["low"][seen][target], told["high"][seen][target], was["value"][seen])
    now["level"] = was["level"][seen]
    moved = was["value"][seen] - was["mean"][seen]
    now["trend"] = 0 if abs(moved) <= TREND * abs(was["mean"][seen]) else (1 if moved > 0 else -1)
