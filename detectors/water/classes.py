"""Classes: the class of a section by its worst factor (单因子评价), and the episode of a section worse than its target.

GB 3838-2002 Table 1; water temperature, total nitrogen and coliforms do not count for the class (环办[2011]22号), limits that
two classes share give the better one. A section has the newest good value of each factor, for as long as that is young
enough. Its class is said when it changes and once an hour, and so is how many times over the target a factor is.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.derived import DERIVED
from detectors.water.episode import TURNED, follow, write
from detectors.water.factors import excess_of, level_of
from detectors.water.standard import MOST_ITEMS

HOUR = 3_600_000_000_000  # ns
SMOOTH = 0.2  # weight of a new value in the mean that its trend is told against: about the last five readings
OUTS = 1 + MOST_ITEMS  # the class, and a multiple for each item
MEMORY = np.dtype(
    [
        ("at", "i8", (MOST_ITEMS,)),  # of each item's newest value
        ("value", "f8", (MOST_ITEMS,)),
        ("mean", "f8", (MOST_ITEMS,)),
        ("level", "u1", (MOST_ITEMS,)),  # its class; 0 = never heard
        ("over", "u1", (MOST_ITEMS,)),  # worse than the target
        ("newest", "i8"),
        ("fresh", "i8"),  # until when none of the items that made the class is too old
        ("said", "i8"),  # when the class was said last
        ("since", "i8"),  # when the episode began
        ("back", "i8"),  # since when nothing is worse than the target any more
        ("graver_since", "i8"),  # since when an item of what was raised with a better class has been worse than V
        ("worse", "u2"),  # readings worse than the target in this episode
        ("graver", "u2"),  # readings worse than V since then
        ("class", "u1"),  # said last; 0 = none
        ("many", "u1"),  # items that count and are worse than the target
        ("known", "u1"),
        ("phase", "u1"),
        ("told", "u1"),
        ("cause", "u1"),  # the item that the episode was raised for
        ("grave", "u1"),  # whether it has been said to be worse than V
    ],
    align=True,
)


@njit(cache=True, nogil=True)
def _class_of(was: NDArray[np.void], told: NDArray[np.void]) -> int:
    """The worst class among the items that count and are young enough; 0 if there are none."""
    oldest, first = was["newest"] - told["age"], was["newest"]
    worst = 0
    for item in range(MOST_ITEMS):
        if was["level"][item] and told["in_class"][item] and was["at"][item] >= oldest:
            first = min(first, was["at"][item])
            worst = max(worst, was["level"][item])
    was["fresh"] = first + told["age"]
    return worst


@njit(cache=True, nogil=True)
def _say(derived: NDArray[np.void], n: int, e: int, at: int, out: int, value: float) -> int:
    """One derived reading at `n`; where the next one goes."""
    now = derived[n]
    now["e"], now["at"], now["out"], now["value"] = e, at, out, value
    return n + 1


@njit(cache=True, nogil=True, forceinline=True)
def _take(was: NDArray[np.void], told: NDArray[np.void], item: int, at: int, value: float) -> bool:
    """Take one reading into what a section has of its items; say whether its class has to be found anew."""
    was["newest"] = max(was["newest"], at) if was["known"] else at
    was["known"] = 1
    level, before = level_of(told["low"][item], told["high"][item], value), was["level"][item]
    was["mean"][item] = value if before == 0 else was["mean"][item] + SMOOTH * (value - was["mean"][item])
    lasting = before == level and was["at"][item] + told["age"] >= was["newest"] and was["newest"] <= was["fresh"]
    was["at"][item], was["value"][item], was["level"][item] = at, value, level
    return not lasting


@njit(cache=True, nogil=True)
def _multiples(
    was: NDArray[np.void], told: NDArray[np.void], derived: NDArray[np.void], n: int, e: int, crossed: int, due: bool
) -> int:
    """Say how many times over the target items are: the one that crossed it, and all if due; where the next reading goes."""
    target = told["target"] - 1
    for other in range(MOST_ITEMS):
        if told["multiple"][other] and (other == crossed or (due and was["over"][other])):
            excess = excess_of(told["low"][other][target], told["high"][other][target], was["value"][other])
            n = _say(derived, n, e, int(was["newest"]), 1 + other, max(excess, 0.0))
    return n


@njit(cache=True, nogil=True)
def _walk(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    young: NDArray[np.bool_],
    sooner: NDArray[np.uint8],
    begin: int,
    derived: NDArray[np.void],
    n: int,
    turned: NDArray[np.void],
    t: int,
) -> tuple[int, int, int]:
    """Walk readings as far as there is room for what they derive; say how far that was, and how much is derived and turned.

    An array that a loop puts in another's place is counted by numba in each turn of the loop: so it is put there outside.
    """
    hour = -1 << 62  # when the hour began that was worked out last
    for e in range(begin, len(unit)):
        if n + OUTS > len(derived):
            return e, n, t
        was, told, item = memory[unit[e]], rule[unit[e]], slot[e]
        anew = _take(was, told, item, at[e], value[e])
        instant, counts = int(was["newest"]), int(told["in_class"][item])
        found = _class_of(was, told) if anew else int(was["class"])
        beyond = told["target"] > 0 and was["level"][item] > told["target"]
        crossed = beyond != was["over"][item]
        if crossed:
            was["over"][item] = beyond
            was["many"] = int(was["many"]) + (counts if beyond else -counts)
        if not 0 <= instant - hour < HOUR:
            hour = instant // HOUR * HOUR
        due = found != was["class"] or not 0 <= was["said"] - hour < HOUR
        if due:
            was["class"], was["said"] = found, instant
            if found:
                n = _say(derived, n, e, instant, 0, found)
        if due or crossed:
            n = _multiples(was, told, derived, n, e, item if crossed else -1, due)
        turn = follow(was, told, item, bool(beyond and counts), bool(young[e]), sooner[e])
        if turn:
            now = turned[t]
            write(now, was, told)
            now["e"], now["unit"], now["at"], now["turn"] = e, unit[e], instant, turn
            now["tell"] = was["told"] and young[e]
            t += 1
    return len(unit), n, t


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    young: NDArray[np.bool_],
    sooner: NDArray[np.uint8],
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Take good readings in order; say classes, multiples, and where an episode rose, worsened or fell."""
    derived, turned = np.empty(2 * OUTS, DERIVED), np.empty(len(unit), TURNED)
    begin, n, t = _walk(memory, rule, unit, slot, at, value, young, sooner, 0, derived, 0, turned, 0)
    while begin < len(unit):
        longer = np.empty(2 * len(derived), DERIVED)
        longer[:n] = derived[:n]
        derived = longer
        begin, n, t = _walk(memory, rule, unit, slot, at, value, young, sooner, begin, derived, n, turned, t)
    return derived[:n], turned[:t]
