"""Outlooks: early warning that a series will pass a limit within hours, kept apart from the limit itself.

A composite whose unit is a series with a limit that asks for it. It derives no readings: every good one teaches the forecast
of its series, and what the forecast says of each limit becomes notices (`detectors.water.notices`).
"""

import math
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.derived import DERIVED, Finding
from detectors.domain.event import Level, Turn
from detectors.domain.site import Limit, Site
from detectors.limits import calendar
from detectors.limits import limit as limits
from detectors.water import forecast, notices
from detectors.water.notices import MOST

RULE = notices.RULE
OUTS = 1  # no derived series; an array needs a length
MEMORY = np.dtype([*forecast.FIELDS, *notices.FIELDS], align=True)
TURNED = np.dtype(
    [
        ("e", "i8"),
        ("unit", "i8"),
        ("slot", "i8"),
        ("since", "i8"),
        ("at", "i8"),
        ("value", "f8"),
        *notices.SEEN,
        ("turn", "i1"),
        ("tell", "u1"),
    ],
    align=True,
)


def unit_of(site: Site, series: str) -> tuple[str, int] | None:
    """The series itself, if a limit on it wants an outlook."""
    return (series, 0) if series in site.outlooks else None


def of(site: Site, unit: str) -> tuple[object, ...] | None:
    """One row of `RULE`."""
    given = site.outlooks.get(unit, ())[:MOST]
    if not given:
        return None
    rows = [
        (_key(one), *limits.of(one)[:4], round(one.outlook * 3.6e12), one.likely, *calendar.of(one.schedule)) for one in given
    ]
    rows += [(0, math.nan, math.nan, 0.0, 0, 0, 0.0, 0, 0, 0)] * (MOST - len(rows))
    return *(list(column) for column in zip(*rows, strict=True)), calendar.full(calendar.clock_of(site.timezone))


def _key(limit: Limit) -> int:
    """A number for a limit's name, so that its memory finds it again in a site that has other limits too."""
    return crc32(limit.name.encode()) + 1


def series_of(unit: str, out: int) -> str:  # noqa: ARG001  nothing is derived
    """Nothing is derived; the unit is its series."""
    return unit


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],  # noqa: ARG001  a unit has one series
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    young: NDArray[np.bool_],
    sooner: NDArray[np.uint8],  # noqa: ARG001  a forecast waits for nobody
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Learn from good readings in order; say where a notice rose (1) or fell (-1), and what the forecast was."""
    turned, one = np.empty(MOST * len(unit), TURNED), np.zeros(1, TURNED)
    ahead = np.empty((forecast.STEPS, 3))
    now, n = one[0], 0
    for e in range(len(unit)):
        was, told = memory[unit[e]], rule[unit[e]]
        forecast.take(was, at[e], value[e])
        known = forecast.fan(was, at[e], value[e], ahead)
        if (was["key"] != told["key"]).any():
            notices.seat(was, told)
        for k in range(MOST):
            if told["key"][k] == 0:
                continue
            turn = 0
            limit = notices.phase_of_limit(was, told, k, at[e], value[e])
            if limit != limits.CALM:
                notices.unsee(now)
                turn = notices.come_true(was, k, limit)
            elif known:
                notices.look(ahead, told, k, at[e], value[e], now)
                turn = notices.turn(was, k, at[e], told["share"][k], now["probability"], young[e])
            if turn != 0:
                now["e"], now["unit"], now["slot"], now["turn"] = e, unit[e], k, turn
                now["since"], now["at"], now["value"] = was["since"][k], at[e], value[e]
                now["tell"] = was["told"][k] and young[e]
                turned[n] = now
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
    """What decided: the forecast, when it is beyond the limit and how surely; the latest instant only if it knows one."""
    facts: dict[str, str | float] = {"evidence": "forecast"}
    facts |= {f"{name}_at": float(turned[name]) for name in ("expected", "earliest", "latest") if turned[name]}
    facts |= {f"expected{end}": float(f"{turned[of]:.4g}") for end, of in (("", "middle"), ("_low", "low"), ("_high", "high"))}
    return facts | {"probability": round(float(turned["probability"]), 2), "horizon": limit.outlook}
