"""A composite for tests: the sum of a station's newest DO and pH, and an episode while it is above the rule's bound."""

import numpy as np
from numba import njit

from detectors.domain.derived import DERIVED, Finding
from detectors.domain.event import Level, Turn
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Site

SLOTS = ("do", "ph")
OUTS = 2
RULE = np.dtype([("above", "f8")])
MEMORY = np.dtype([("value", "f8", (2,)), ("since", "i8"), ("raised", "u1"), ("told", "u1")], align=True)
TURNED = np.dtype([("e", "i8"), ("unit", "i8"), ("at", "i8"), ("since", "i8"), ("value", "f8"), ("turn", "i1"), ("tell", "u1")])


def unit_of(site: Site, series: str) -> tuple[str, int] | None:
    known = quantity_of(series) in SLOTS and station_of(series) in site.stations
    return (station_of(series), SLOTS.index(quantity_of(series))) if known else None


def of(site: Site, unit: str) -> tuple[float] | None:
    return (14.0,) if unit in site.stations else None


def series_of(unit: str, out: int) -> str:
    return f"{unit}/{('class', 'multiple.do')[out]}"


@njit(cache=True, nogil=True)
def step(memory, rule, unit, slot, at, value, young, sooner):
    """Say the sum every time, and DO by itself where DO came."""
    derived, turned = np.empty(2 * len(unit), DERIVED), np.empty(len(unit), TURNED)
    n = t = 0
    for e in range(len(unit)):
        was = memory[unit[e]]
        was["value"][slot[e]] = value[e]
        total = was["value"][0] + was["value"][1]
        for out in range(2):
            if out == 0 or slot[e] == 0:
                now = derived[n]
                now["e"], now["at"], now["out"], now["value"] = e, at[e], out, total if out == 0 else value[e]
                n += 1
        beyond = total > rule[unit[e]]["above"]
        if beyond != was["raised"]:
            was["raised"] = beyond
            if beyond:
                was["since"], was["told"] = at[e], young[e]
            now = turned[t]
            now["e"], now["unit"], now["at"], now["since"], now["value"] = e, unit[e], at[e], was["since"], total
            now["turn"], now["tell"] = 1 if beyond else -1, was["told"] and young[e]
            t += 1
    return derived[:n], turned[:t]


def finding(site: Site, unit: str, turned: np.void) -> Finding:
    return Finding(
        rule=f"tally:{unit}",
        series=f"{unit}/class",
        turn=Turn.RAISED if turned["turn"] > 0 else Turn.CLEARED,
        matter="pollution",
        level=Level.WARNING,
        since=int(turned["since"]),
        at=int(turned["at"]),
        value=float(turned["value"]),
        tell=bool(turned["tell"]),
        facts={"factor": "do", "multiple": 0.5},
    )
