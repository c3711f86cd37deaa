"""Gauging: composites that hold a station's newest readings against bounds of their own.

`flowshare` is the flow over the section's ecological flow (生态流量). `blackodour` is the grade of the water by its newest
transparency, oxygen, redox potential and ammonia nitrogen: the worst of them, for as long as each is young enough. Neither
raises anything by itself: a limit on the derived series does.
"""

from types import MappingProxyType

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.derived import DERIVED, Composite, Finding
from detectors.domain.series import series_of as name_of
from detectors.domain.site import Site
from detectors.water.blackodour import MILD, SEVERE, bounds, indicators

__all__ = ["COMPOSITES", "Flowshare", "Grades"]

MOST = 8  # indicators
NOTHING = np.dtype([("e", "i8"), ("unit", "i8")])
FLOW_RULE = np.dtype([("least", "f8")])  # m³/s
FLOW_MEMORY = np.dtype([("heard", "u1")])
GRADE_RULE = np.dtype([("mild", "f8", (MOST,)), ("severe", "f8", (MOST,)), ("below", "u1", (MOST,)), ("age", "i8")], align=True)
GRADE_MEMORY = np.dtype([("at", "i8", (MOST,)), ("grade", "u1", (MOST,)), ("heard", "u1", (MOST,)), ("newest", "i8")], align=True)


class _Silent:
    """What both have in common: one derived series a station, and no episodes."""

    OUTS = 1

    def finding(self, site: Site, unit: str, turned: np.void) -> Finding:
        """Nothing ever turns."""
        raise AssertionError((site.name, unit, turned))


class Flowshare(_Silent):
    """Flow over ecological flow, with every reading of the flow."""

    RULE, MEMORY = FLOW_RULE, FLOW_MEMORY

    def unit_of(self, site: Site, series: str) -> tuple[str, int] | None:
        """The section of a flow, if it has an ecological flow."""
        station, _, quantity = series.partition("/")
        return (station, 0) if quantity == "flow" and self.of(site, station) else None

    def of(self, site: Site, unit: str) -> tuple[object, ...] | None:
        """The ecological flow."""
        section = site.sections.get(unit)
        return (section.ecological_flow,) if section and section.ecological_flow > 0 else None

    def series_of(self, unit: str, out: int) -> str:
        """The one series."""
        return name_of(unit, ("flowshare",)[out])

    def step(
        self,
        memory: NDArray[np.void],
        rule: NDArray[np.void],
        unit: NDArray[np.int32],
        slot: NDArray[np.int32],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        young: NDArray[np.bool_],
        sooner: NDArray[np.uint8],
    ) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """One share for each flow."""
        del memory, slot, young, sooner
        derived = np.zeros(len(unit), DERIVED)
        derived["e"], derived["at"], derived["value"] = np.arange(len(unit)), at, value / rule["least"][unit]
        return derived, np.zeros(0, NOTHING)


class Grades(_Silent):
    """The grade of black-odorous water, whenever one of its indicators was read."""

    RULE, MEMORY = GRADE_RULE, GRADE_MEMORY

    def unit_of(self, site: Site, series: str) -> tuple[str, int] | None:
        """The section of an indicator, if it is watched as black-odorous."""
        station, _, quantity = series.partition("/")
        section = site.sections.get(station)
        if not section or not section.black_odorous:
            return None
        names = [one.quantity for one in site.indicators or indicators()]
        return (station, names.index(quantity)) if quantity in names else None

    def of(self, site: Site, unit: str) -> tuple[object, ...] | None:
        """The bounds of the indicators."""
        section = site.sections.get(unit)
        if not section or not section.black_odorous:
            return None
        mild, severe, below = np.zeros(MOST), np.zeros(MOST), np.zeros(MOST, np.uint8)
        for slot, one in enumerate(site.indicators or indicators()):
            (mild[slot], severe[slot]), below[slot] = bounds(one, section.depth), one.below
        return (mild, severe, below, round(section.age * 1e9))

    def series_of(self, unit: str, out: int) -> str:
        """The one series."""
        return name_of(unit, ("blackodour",)[out])

    def step(
        self,
        memory: NDArray[np.void],
        rule: NDArray[np.void],
        unit: NDArray[np.int32],
        slot: NDArray[np.int32],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        young: NDArray[np.bool_],
        sooner: NDArray[np.uint8],
    ) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """The worst of what is young enough."""
        del young, sooner
        return grade(memory, rule, unit, slot, at, value), np.zeros(0, NOTHING)


@njit(cache=True, nogil=True)
def grade(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
) -> NDArray[np.void]:
    """The grade of a station after each reading of an indicator."""
    derived = np.empty(len(unit), DERIVED)
    for e in range(len(unit)):
        was, told, one = memory[unit[e]], rule[unit[e]], slot[e]
        first = not was["heard"].any()
        was["newest"] = at[e] if first else max(was["newest"], at[e])
        way = 1.0 if told["below"][one] else -1.0
        found = MILD if way * value[e] <= way * told["mild"][one] else 0
        found = SEVERE if way * value[e] < way * told["severe"][one] else found
        was["at"][one], was["grade"][one], was["heard"][one] = at[e], found, 1
        worst = 0
        for other in range(MOST):
            if was["heard"][other] and was["at"][other] + told["age"] >= was["newest"]:
                worst = max(worst, was["grade"][other])
        derived[e]["e"], derived[e]["at"], derived[e]["out"], derived[e]["value"] = e, was["newest"], 0, worst
    return derived


COMPOSITES: MappingProxyType[str, Composite] = MappingProxyType({"flowshare": Flowshare(), "blackodour": Grades()})
