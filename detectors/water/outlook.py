"""Outlooks: early warning that a series will pass a limit within hours, kept apart from the limit itself.

A composite whose unit is a series with such a limit. It derives no readings: every good one teaches the forecast of its series
(`detectors.water.forecast`), and where a forecast from it passes a limit with enough probability, twice in a row, a notice is
raised. It is cleared when the limit itself is raised, for then it has come true, or when the forecast twice in a row does not
pass it any more. The probability is that of a bell curve whose two halves fit the bounds of the forecast.
"""

import math
from zlib import crc32

import numpy as np
from numba import literal_unroll, njit
from numpy.typing import NDArray

from detectors.domain.derived import DERIVED, Finding
from detectors.domain.event import Level, Turn
from detectors.domain.site import Limit, Site
from detectors.limits import limit as limits
from detectors.water import forecast

MOST = 4  # limits with an outlook on one series
OUTS = 1  # no derived series; an array needs a length
CALM, RAISED = 0, 1
TWICE = 2  # readings that say the same
EVEN = 0.5  # below this probability the forecast does not pass the limit any more
BELL = 1.6449  # standard deviations of a bell curve beyond which a twentieth lies
RULE = np.dtype(
    [("key", "i8", (MOST,)), ("above", "f8", (MOST,)), ("below", "f8", (MOST,)), ("delay", "i8", (MOST,)),
     ("within", "i8", (MOST,)), ("share", "f8", (MOST,))], align=True,
)  # fmt: skip  # 0 = no limit in this place; value units, NaN = not given; ns; ns; 0..1
MEMORY = np.dtype(
    [*forecast.FIELDS, ("key", "i8", (MOST,)), ("since", "i8", (MOST,)), ("passed", "i8", (MOST,)), ("phase", "u1", (MOST,)),
     ("again", "u1", (MOST,)), ("told", "u1", (MOST,)), ("beyond", "u1", (MOST,))], align=True,
)  # fmt: skip
KEPT = ("since", "passed", "phase", "again", "told", "beyond")  # of each limit
SEEN = [("probability", "f8"), ("low", "f8"), ("high", "f8"), ("expected", "i8"), ("earliest", "i8"), ("latest", "i8")]
TURNED = np.dtype(
    [("e", "i8"), ("unit", "i8"), ("slot", "i8"), ("since", "i8"), ("at", "i8"), ("value", "f8"), *SEEN, ("turn", "i1"),
     ("tell", "u1")], align=True,
)  # fmt: skip


def unit_of(site: Site, series: str) -> tuple[str, int] | None:
    """The series itself, if a limit on it wants an outlook."""
    return (series, 0) if series in site.outlooks else None


def of(site: Site, unit: str) -> tuple[list[float], ...] | None:
    """One row of `RULE`."""
    given = site.outlooks.get(unit, ())[:MOST]
    if not given:
        return None
    rows = [(_key(one), *limits.of(one), round(one.outlook * 3.6e12), one.likely) for one in given]
    rows += [(0, math.nan, math.nan, 0, 0, 0, 0.0)] * (MOST - len(rows))
    key, above, below, _, delay, within, share = (list(column) for column in zip(*rows, strict=True))
    return key, above, below, delay, within, share


def _key(limit: Limit) -> int:
    """A number for a limit's name, so that its memory finds it again in a site that has other limits too."""
    return crc32(limit.name.encode()) + 1


def series_of(unit: str, out: int) -> str:  # noqa: ARG001  nothing is derived
    """Nothing is derived; the unit is its series."""
    return unit


@njit(cache=True, nogil=True)
def _seat(was: NDArray[np.void], told: NDArray[np.void]) -> None:
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
def _look(ahead: NDArray[np.float64], told: NDArray[np.void], k: int, at: int, value: float, now: NDArray[np.void]) -> None:
    """Write into `now` how probably and when the forecast passes limit `k`; an instant of 0 is never."""
    side, bound, near, far = 1.0, told["above"][k], 2, 1
    if np.isnan(bound):
        side, bound, near, far = -1.0, told["below"][k], 1, 2
    before = sooner = later = side * (value - bound)  # above zero: passed
    now["probability"] = 0.0
    now["expected"] = now["earliest"] = now["latest"] = 0
    for step in range(forecast.STEPS):
        if (step + 1) * forecast.STEP > told["within"][k]:
            break
        start = at + step * forecast.STEP
        middle = side * (ahead[step, 0] - bound)
        first, last = side * (ahead[step, near] - bound), side * (ahead[step, far] - bound)
        spread = abs((last if middle > 0 else first) - middle) / BELL
        chance = 0.5 * (1 + math.erf(middle / max(spread, 1e-12) / math.sqrt(2.0)))
        if chance > now["probability"]:
            now["probability"], now["low"], now["high"] = chance, ahead[step, 1], ahead[step, 2]
        if now["expected"] == 0 and middle > 0:
            now["expected"] = start + int(forecast.STEP * before / (before - middle))
        if now["earliest"] == 0 and first > 0:
            now["earliest"] = start + int(forecast.STEP * sooner / (sooner - first))
        if now["latest"] == 0 and last > 0:
            now["latest"] = start + int(forecast.STEP * later / (later - last))
        before, sooner, later = middle, first, last


@njit(cache=True, nogil=True)
def _come_true(was: NDArray[np.void], told: NDArray[np.void], k: int, at: int) -> int:
    """Take a reading beyond the limit: when it is the limit's to speak, the notice is over."""
    if not was["beyond"][k]:
        was["beyond"][k], was["passed"][k] = 1, at
    if was["phase"][k] == CALM:
        was["again"][k] = 0
    elif at - was["passed"][k] >= told["delay"][k]:
        was["phase"][k], was["again"][k] = CALM, 0
        return limits.FELL
    return 0


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], k: int, at: int, share: float, probability: float, young: bool) -> int:
    """Take one forecast into the memory of one limit; say whether a notice rose or fell."""
    was["beyond"][k] = 0
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


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],  # noqa: ARG001  a unit has one series
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    young: NDArray[np.bool_],
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Learn from good readings in order; say where a notice rose (1) or fell (-1), and what the forecast was."""
    turned = np.zeros(MOST * len(unit), TURNED)
    ahead = np.empty((forecast.STEPS, 3))
    n = 0
    for e in range(len(unit)):
        was, told = memory[unit[e]], rule[unit[e]]
        forecast.take(was, at[e], value[e])
        known = forecast.fan(was, at[e], value[e], ahead)
        if (was["key"] != told["key"]).any():
            _seat(was, told)
        for k in range(MOST):
            if told["key"][k] == 0:
                continue
            now, turn = turned[n], 0
            if value[e] > told["above"][k] or value[e] < told["below"][k]:
                turn = _come_true(was, told, k, at[e])
            elif known:
                _look(ahead, told, k, at[e], value[e], now)
                turn = _turn(was, k, at[e], told["share"][k], now["probability"], young[e])
            if turn != 0:
                now["e"], now["unit"], now["slot"], now["turn"] = e, unit[e], k, turn
                now["since"], now["at"], now["value"] = was["since"][k], at[e], value[e]
                now["tell"] = was["told"][k] and young[e]
                n += 1
    return np.empty(0, DERIVED), turned[:n]


def finding(site: Site, unit: str, turned: np.void) -> Finding:
    """One turn of a notice; where it is raised, with what is expected."""
    limit = site.outlooks[unit][turned["slot"]]
    rose = turned["turn"] == limits.ROSE
    return Finding(
        rule=f"outlook:{limit.name}",
        series=unit,
        turn=Turn.RAISED if rose else Turn.CLEARED,
        matter="outlook",
        level=Level.NOTICE,
        since=int(turned["since"]),
        at=int(turned["at"]),
        value=float(turned["value"]),
        limit=limit.below if limit.above is None else limit.above,
        tell=bool(turned["tell"]),
        facts=_facts(limit, turned) if rose else {},
    )


def _facts(limit: Limit, turned: np.void) -> dict[str, str | float]:
    """When it is expected and how surely; the latest instant only if the forecast knows one."""
    facts: dict[str, str | float] = {
        f"{name}_at": float(turned[name]) for name in ("expected", "earliest", "latest") if turned[name]
    }
    facts |= {f"expected_{end}": float(f"{turned[end]:.4g}") for end in ("low", "high")}
    return facts | {"probability": round(float(turned["probability"]), 2), "horizon": limit.outlook}
