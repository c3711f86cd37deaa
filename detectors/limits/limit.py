"""Limits: a value on the wrong side for long enough, while the limit's schedule is on."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import HOUR
from detectors.domain.site import Limit
from detectors.limits import calendar

CALM, WAITING, RAISED = 0, 1, 2
ROSE, FELL = 1, -1
CONFIRMED_ABOVE, CONFIRMED_BELOW = 1, 2  # bits
RULE = np.dtype([("above", "f8"), ("below", "f8"), ("clear", "f8"), ("delay", "i8"), ("sooner", "i8"), *calendar.FIELDS])
# value units, NaN = not given; ns; `sooner`: the delay where the breach is confirmed, never 0 unless `delay` is
MEMORY = np.dtype([("since", "i8"), ("late", "i8"), ("phase", "u1"), ("told", "u1")], align=True)  # `late`: an hour, plus 1 ns
TURNED = np.dtype([("e", "i8"), ("limit", "i8"), ("since", "i8"), ("turn", "i1"), ("tell", "u1")], align=True)
LATE = np.dtype([("i", "i8"), ("limit", "i8"), ("hour", "i8")])


def of(given: Limit, share: float = 1.0) -> tuple[float, ...]:
    """One row of `RULE`; `share` is that of the delay where the breach is confirmed."""
    above, below = (np.nan if bound is None else bound for bound in (given.above, given.below))
    delay = round(given.delay * 1e9)
    return (above, below, given.clear, delay, max(round(delay * share), min(1, delay)), *calendar.of(given.schedule))


@njit(cache=True, nogil=True)
def is_beyond(limit: NDArray[np.void], value: float) -> bool:
    """Say whether a value is on the wrong side; the bound itself is still right."""
    return bool(value > limit["above"] or value < limit["below"])


@njit(cache=True, nogil=True)
def is_back(limit: NDArray[np.void], value: float) -> bool:
    """Say whether a value has passed the clearing line."""
    return bool(value > limit["clear"] if np.isnan(limit["above"]) else value < limit["clear"])


@njit(cache=True, nogil=True)
def holds(limit: NDArray[np.void], clock: NDArray[np.int64], at: int) -> bool:
    """Say whether a limit's schedule is on."""
    lasts = int(limit["lasts"])
    return lasts == 0 or calendar.is_on(int(limit["opens"]), lasts, int(limit["months"]), clock, at)


@njit(cache=True, nogil=True, forceinline=True)
def is_beyond_any(rule: NDArray[np.void], first: int, last: int, clock: NDArray[np.int64], at: int, value: float) -> bool:
    """Say whether a value is beyond any of some limits: rows `first` up to `last` of `rule`."""
    for limit in range(first, last):  # noqa: SIM110  compiled, and faster so
        if is_beyond(rule[limit], value) and holds(rule[limit], clock, at):
            return True
    return False


@njit(cache=True, nogil=True)
def beyond(
    rule: NDArray[np.void],
    place: NDArray[np.void],
    clock: NDArray[np.int64],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Say of each reading whether it is beyond any limit of its series: rows `first` up to `last` of `rule`, as `place` says.

    `clock` is that of the site: `calendar.clock_of`.
    """
    found = np.zeros(len(row), np.bool_)
    for i in range(len(row)):
        found[i] = is_beyond_any(rule, place[row[i]]["first"], place[row[i]]["last"], clock, at[i], value[i])
    return found


@njit(cache=True, nogil=True)
def _patience(limit: NDArray[np.void], sooner: int) -> int:
    """The delay of a limit: shorter where the breach is confirmed."""
    confirmed = sooner & (CONFIRMED_BELOW if np.isnan(limit["above"]) else CONFIRMED_ABOVE)
    return int(limit["sooner"] if confirmed else limit["delay"])


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float, young: bool, sooner: int) -> int:
    """Take one reading into the memory of one limit; say whether an alarm rose or fell."""
    if is_beyond(limit, value):
        if was["phase"] == CALM:
            was["phase"], was["since"] = WAITING, at
        if was["phase"] == WAITING and at - was["since"] >= _patience(limit, sooner):
            was["phase"], was["told"] = RAISED, young
            return ROSE
        if was["phase"] == RAISED and young and not was["told"]:
            was["told"] = True  # it began long ago and goes on: now it is news
            return ROSE
    elif was["phase"] == WAITING:
        was["phase"] = CALM
    elif was["phase"] == RAISED and is_back(limit, value):
        was["phase"] = CALM
        return FELL
    return 0


@njit(cache=True, nogil=True)
def _close(was: NDArray[np.void], limit: NDArray[np.void], clock: NDArray[np.int64], at: int) -> bool:
    """Calm what began in a schedule that ended since; say whether it was raised."""
    if was["phase"] == CALM:
        return False
    if not calendar.is_over(int(limit["opens"]), int(limit["lasts"]), int(limit["months"]), clock, int(was["since"]), at):
        return False
    raised = was["phase"] == RAISED
    was["phase"] = CALM
    return bool(raised)


@njit(cache=True, nogil=True)
def _write(now: NDArray[np.void], was: NDArray[np.void], e: int, limit: int, turn: int, young: bool) -> None:
    """One turn of a limit."""
    now["e"], now["limit"], now["since"], now["turn"] = e, limit, was["since"], turn
    now["tell"] = was["told"] and young


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    place: NDArray[np.void],
    clock: NDArray[np.int64],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    young: NDArray[np.bool_],
    sooner: NDArray[np.uint8],
) -> NDArray[np.void]:
    """Judge good readings in order; say where an alarm rose (1) or fell (-1), since when, and whether to tell it.

    `sooner` says of each reading whether a breach above (1) or below (2) is confirmed by other series. The first reading after a
    schedule ended lets fall what began in it.
    """
    most = 0
    for e in range(len(row)):
        most += 2 * (place[row[e]]["last"] - place[row[e]]["first"])  # what a schedule ended may rise again at once
    turned = np.empty(most, TURNED)
    n = 0
    for e in range(len(row)):
        for limit in range(place[row[e]]["first"], place[row[e]]["last"]):
            if rule[limit]["lasts"] != 0:
                if _close(memory[limit], rule[limit], clock, at[e]):
                    _write(turned[n], memory[limit], e, limit, FELL, young[e])
                    n += 1
                if not holds(rule[limit], clock, at[e]):
                    continue
            turn = _turn(memory[limit], rule[limit], at[e], value[e], young[e], sooner[e])
            if turn != 0:
                _write(turned[n], memory[limit], e, limit, turn, young[e])
                n += 1
    return turned[:n]


@njit(cache=True, nogil=True)
def late(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    place: NDArray[np.void],
    clock: NDArray[np.int64],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    past: NDArray[np.bool_],
) -> NDArray[np.void]:
    """Say which readings of the past were beyond a limit: once for each run of them in one limit and hour."""
    most = 0
    for i in range(len(row)):
        if past[i]:
            most += place[row[i]]["last"] - place[row[i]]["first"]
    found = np.empty(most, LATE)
    n = 0
    for i in range(len(row)):
        if not past[i]:
            continue
        hour = at[i] // HOUR * HOUR
        for limit in range(place[row[i]]["first"], place[row[i]]["last"]):
            if not is_beyond(rule[limit], value[i]) or not holds(rule[limit], clock, at[i]):
                continue
            if memory[limit]["late"] != hour + 1:
                memory[limit]["late"] = hour + 1
                found[n]["i"], found[n]["limit"], found[n]["hour"] = i, limit, hour
                n += 1
    return found[:n]
