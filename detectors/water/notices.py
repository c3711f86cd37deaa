"""Notices: from the forecast of a series to one early warning at a time for each limit.

The probability that a limit will be passed is that of a bell curve whose two halves fit the bounds of the forecast. A notice
rises where it is high enough twice in a row. It falls when the limit itself is raised, for then it has come true, or when the
forecast twice in a row does not pass the limit any more. While the limit is raised nothing is foreseen.
"""

import math

import numpy as np
from numba import literal_unroll, njit
from numpy.typing import NDArray

from detectors.limits import calendar
from detectors.limits import limit as limits
from detectors.water import forecast

MOST = 4  # limits with an outlook on one series
CALM, RAISED = 0, 1
TWICE = 2  # readings that say the same
EVEN = 0.5  # below this probability the forecast does not pass the limit any more
BELL = 1.6449  # standard deviations of a bell curve beyond which a twentieth lies
RULE = np.dtype(
    [
        ("key", "i8", (MOST,)),  # of the limit's name; 0 = none here
        ("above", "f8", (MOST,)),  # value units, NaN = not given
        ("below", "f8", (MOST,)),
        ("clear", "f8", (MOST,)),
        ("delay", "i8", (MOST,)),  # ns
        ("within", "i8", (MOST,)),  # ns ahead
        ("share", "f8", (MOST,)),  # probability from which on it is warned
        *((name, kind, (MOST,)) for name, kind in calendar.FIELDS),
        ("clock", "i8", (2, calendar.MOST)),  # of the site
    ],
    align=True,
)
FIELDS = (
    ("key", "i8", (MOST,)),
    ("since", "i8", (MOST,)),  # the reading with which the notice began
    ("passed", "i8", (MOST,)),  # and the one with which the limit was passed
    ("phase", "u1", (MOST,)),  # of the notice
    ("again", "u1", (MOST,)),  # readings in a row that would turn it
    ("told", "u1", (MOST,)),
    ("limit", "u1", (MOST,)),  # phase of the limit
)
KEPT = ("since", "passed", "phase", "again", "told", "limit")
SEEN = (
    ("probability", "f8"),
    ("middle", "f8"),
    ("low", "f8"),
    ("high", "f8"),
    *((when, "i8") for when in ("expected", "earliest", "latest")),
)


@njit(cache=True, nogil=True)
def seat(was: NDArray[np.void], told: NDArray[np.void]) -> None:
    """Bring what is remembered of each limit to the place where the site has it now; what is new is blank."""
    for field in literal_unroll(KEPT):
        old = was[field].copy()
        was[field][:] = 0
        for k in range(MOST):
            for j in range(MOST):
                if told["key"][k] != 0 and was["key"][j] == told["key"][k]:
                    was[field][k] = old[j]
    was["key"][:] = told["key"]


@njit(cache=True, nogil=True)
def unsee(now: NDArray[np.void]) -> None:
    """Blank what was seen before."""
    now["probability"] = now["middle"] = now["low"] = now["high"] = 0.0
    now["expected"] = now["earliest"] = now["latest"] = 0


@njit(cache=True, nogil=True)
def holds(told: NDArray[np.void], k: int, at: int) -> bool:
    """Say whether the schedule of limit `k` is on."""
    return told["lasts"][k] == 0 or calendar.is_on(told["opens"][k], told["lasts"][k], told["months"][k], told["clock"], at)


@njit(cache=True, nogil=True)
def look(ahead: NDArray[np.float64], told: NDArray[np.void], k: int, at: int, value: float, now: NDArray[np.void]) -> None:
    """Write into `now` how probably and when the forecast passes limit `k`; an instant of 0 is never."""
    side, bound, near, far = 1.0, told["above"][k], 2, 1
    if np.isnan(bound):
        side, bound, near, far = -1.0, told["below"][k], 1, 2
    before = sooner = later = side * (value - bound)  # above zero: passed
    unsee(now)
    for step in range(forecast.STEPS):
        if (step + 1) * forecast.STEP > told["within"][k]:
            break
        start = at + step * forecast.STEP
        if not holds(told, k, start + forecast.STEP):
            before = sooner = later = 0.0  # what is beyond the bound when the schedule begins passes it then
            continue
        middle = side * (ahead[step, 0] - bound)
        first, last = side * (ahead[step, near] - bound), side * (ahead[step, far] - bound)
        spread = abs((last if middle > 0 else first) - middle) / BELL
        chance = 0.5 * (1 + math.erf(middle / max(spread, 1e-12) / math.sqrt(2.0)))
        if chance > now["probability"]:
            now["probability"], now["middle"], now["low"], now["high"] = chance, ahead[step, 0], ahead[step, 1], ahead[step, 2]
        if now["expected"] == 0 and middle > 0:
            now["expected"] = start + int(forecast.STEP * before / (before - middle))
        if now["earliest"] == 0 and first > 0:
            now["earliest"] = start + int(forecast.STEP * sooner / (sooner - first))
        if now["latest"] == 0 and last > 0:
            now["latest"] = start + int(forecast.STEP * later / (later - last))
        before, sooner, later = middle, first, last


@njit(cache=True, nogil=True)
def phase_of_limit(was: NDArray[np.void], told: NDArray[np.void], k: int, at: int, value: float) -> int:
    """Follow the limit itself with one reading, as `detectors.limits.limit` does; say whether it is calm, waiting or raised."""
    if told["lasts"][k] != 0 and was["limit"][k] != limits.CALM:
        opens, lasts, months, clock = told["opens"][k], told["lasts"][k], told["months"][k], told["clock"]
        if calendar.is_over(opens, lasts, months, clock, was["passed"][k], at):
            was["limit"][k] = limits.CALM
    if not holds(told, k, at):
        return limits.CALM
    above = not np.isnan(told["above"][k])
    if value > told["above"][k] or value < told["below"][k]:
        if was["limit"][k] == limits.CALM:
            was["limit"][k], was["passed"][k] = limits.WAITING, at
        if at - was["passed"][k] >= told["delay"][k]:
            was["limit"][k] = limits.RAISED
    elif was["limit"][k] == limits.WAITING or (value < told["clear"][k] if above else value > told["clear"][k]):
        was["limit"][k] = limits.CALM
    return int(was["limit"][k])


@njit(cache=True, nogil=True)
def come_true(was: NDArray[np.void], k: int, limit: int) -> int:
    """While the limit waits or is raised there is nothing to foresee; with the limit a notice is over."""
    was["again"][k] = 0
    if limit == limits.RAISED and was["phase"][k] == RAISED:
        was["phase"][k] = CALM
        return limits.FELL
    return 0


@njit(cache=True, nogil=True)
def turn(was: NDArray[np.void], k: int, at: int, share: float, probability: float, young: bool) -> int:
    """Take one forecast into the memory of one limit; say whether a notice rose or fell."""
    raised = was["phase"][k] == RAISED
    if (probability >= EVEN) if raised else (probability < share):
        was["again"][k] = 0
        if raised and young and not was["told"][k]:
            was["told"][k] = 1  # raised out of what came late, and it goes on: now it is news
            return limits.ROSE
        return 0
    if not raised and was["again"][k] == 0:
        was["since"][k] = at
    was["again"][k] += 1
    if was["again"][k] < TWICE:
        return 0
    was["again"][k] = 0
    if raised:
        was["phase"][k] = CALM
        return limits.FELL
    was["phase"][k], was["told"][k] = RAISED, young
    return limits.ROSE
