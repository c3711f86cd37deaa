"""Episodes: a section that is worse than its target, as one matter however many factors are.

One begins with the first reading worse than the target, is raised when enough of them came over the delay, or over a part of it
where others bear it out, and is over when every factor that was worse has come back, for as long as the delay: what is only not
measured any more has not recovered. What was raised with a better class and is worse than V with the same patience has
worsened: once an episode, so that a value near the bound does not ring each time.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.section import WORSE
from detectors.limits.limit import CONFIRMED_ABOVE, CONFIRMED_BELOW
from detectors.water.factors import excess_of
from detectors.water.standard import MOST_ITEMS

TREND = 0.02  # share of the mean by which a value must differ from it to rise or fall
CALM, WAITING, RAISED = 0, 1, 2
ROSE, FELL, WORSENED = 1, -1, 2  # turns
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
    """Nothing is worse than the target now; say whether an episode is over."""
    if was["phase"] != RAISED:
        was["phase"] = CALM
        return 0
    if was["back"] == 0:
        was["back"] = at
    if at - was["back"] < told["delay"]:
        return 0
    was["phase"] = CALM
    return FELL


@njit(cache=True, nogil=True)
def _patience(was: NDArray[np.void], told: NDArray[np.void], item: int, sooner: int) -> int:
    """The delay for what is worse than the target: shorter where others bear out the newest reading of an item that is."""
    above = was["value"][item] > told["high"][item][told["target"] - 1]
    return int(told["sooner"] if sooner & (CONFIRMED_ABOVE if above else CONFIRMED_BELOW) else told["delay"])


@njit(cache=True, nogil=True)
def _rise(was: NDArray[np.void], told: NDArray[np.void], at: int, young: bool, delay: int) -> int:
    """One more reading is worse than the target; say whether an episode is raised."""
    if was["phase"] == CALM:
        was["phase"], was["since"], was["worse"] = WAITING, at, 0
    was["worse"] = min(was["worse"] + 1, 65_535)
    if was["phase"] == WAITING and was["worse"] >= told["readings"] and at - was["since"] >= delay:
        was["phase"], was["told"], was["cause"] = RAISED, young, _worst(was, told)
        was["grave"], was["graver"] = was["level"][was["cause"]] == WORSE, 0
        return ROSE
    if was["phase"] == RAISED and young and not was["told"]:
        was["told"] = True  # it began long ago and goes on: now it is news
        return ROSE
    return 0


@njit(cache=True, nogil=True)
def _worsen(was: NDArray[np.void], told: NDArray[np.void], at: int, delay: int) -> int:
    """One more reading of a raised section is worse than V; say whether the episode has worsened."""
    if was["graver"] == 0:
        was["graver_since"] = at
    was["graver"] = min(was["graver"] + 1, 65_535)
    if was["graver"] < told["readings"] or at - was["graver_since"] < delay:
        return 0
    was["grave"] = 1
    return WORSENED


@njit(cache=True, nogil=True)
def follow(was: NDArray[np.void], told: NDArray[np.void], item: int, beyond: bool, young: bool, sooner: int) -> int:
    """Follow the episode of a section by the newest reading of an item; say how it turned, 0 if it did not."""
    at = int(was["newest"])
    if was["graver"]:
        worst = _worst(was, told)
        if worst < 0 or was["level"][worst] != WORSE:
            was["graver"] = 0
    if not was["many"]:
        return _fall(was, told, at) if was["phase"] != CALM else 0
    was["back"] = 0
    if not beyond:
        return 0
    delay = _patience(was, told, item, sooner)
    turn = _rise(was, told, at, young, delay)
    if turn != 0:
        return turn
    if was["phase"] == RAISED and not was["grave"] and was["level"][item] == WORSE:
        return _worsen(was, told, at, delay)
    return 0


@njit(cache=True, nogil=True)
def write(now: NDArray[np.void], was: NDArray[np.void], told: NDArray[np.void]) -> None:
    """What an episode's turn says of its cause and of the worst item now; of its cause, if none is worse any more."""
    cause, target, worst = was["cause"], told["target"] - 1, _worst(was, told)
    seen = cause if worst < 0 else worst
    now["since"], now["cause"], now["worst"], now["value"] = was["since"], cause, seen, was["value"][cause]
    high, low = told["high"][cause][target], told["low"][cause][target]
    now["limit"] = low if high == np.inf or was["value"][cause] < low else high
    now["excess"] = excess_of(told["low"][seen][target], told["high"][seen][target], was["value"][seen])
    now["level"] = was["level"][seen]
    moved = was["value"][seen] - was["mean"][seen]
    now["trend"] = 0 if abs(moved) <= TREND * abs(was["mean"][seen]) else (1 if moved > 0 else -1)
