"""Sections: the composite that follows the class of each section of a site."""

from functools import lru_cache

import numpy as np

from detectors.domain.derived import Finding
from detectors.domain.event import Level, Turn
from detectors.domain.section import WORSE, roman
from detectors.domain.series import series_of as name_of
from detectors.domain.site import Site
from detectors.water.classes import MEMORY, OUTS, step
from detectors.water.episode import FELL, ROSE, WORSENED
from detectors.water.factors import RULE, rule_of
from detectors.water.standard import items, standard

__all__ = ["MEMORY", "OUTS", "RULE", "finding", "of", "series_of", "step", "unit_of"]

TURNS = {ROSE: Turn.RAISED, WORSENED: Turn.WORSENED, FELL: Turn.CLEARED}
TRENDS = {-1: "falling", 0: "steady", 1: "rising"}


def unit_of(site: Site, series: str) -> tuple[str, int] | None:
    """The section of a station, and the number of the item less one."""
    station, _, quantity = series.partition("/")
    section = site.sections.get(station)
    item = items(section.waterbody, site.standard).get(quantity) if section else None
    return (station, item.no - 1) if item else None


def of(site: Site, unit: str) -> tuple[object, ...] | None:
    """The limits, target and patience of a section."""
    section = site.sections.get(unit)
    return rule_of(section, items(section.waterbody, site.standard)) if section else None


def series_of(unit: str, out: int) -> str:
    """The class, or the multiple of an item."""
    return name_of(unit, f"multiple.{_quantities()[out]}" if out else "class")


@lru_cache(maxsize=1)
def _quantities() -> dict[int, str]:
    return {item.no: item.quantity for item in standard()}


def finding(site: Site, unit: str, turned: np.void) -> Finding:
    """A section turned worse than its target, worse than V, or came back; told by the item that it was raised for."""
    section, level, excess = site.sections[unit], int(turned["level"]), float(turned["excess"])
    worst = items(section.waterbody, site.standard)[_quantities()[int(turned["worst"]) + 1]]
    facts: dict[str, str | float] = {
        "factor": worst.quantity,
        "class": roman(level),
        "target": roman(section.held_to),
        "trend": TRENDS[int(turned["trend"])],
    }
    if worst.has_multiple and excess > 0:
        facts["multiple"] = round(excess, 3)
    return Finding(
        rule=f"class:{unit}",
        series=name_of(unit, _quantities()[int(turned["cause"]) + 1]),
        turn=TURNS[int(turned["turn"])],
        matter="pollution",
        level=Level.ALARM if level == WORSE else Level.WARNING,
        since=int(turned["since"]),
        at=int(turned["at"]),
        value=float(turned["value"]),
        limit=float(turned["limit"]),
        tell=bool(turned["tell"]),
        facts=facts,
    )
