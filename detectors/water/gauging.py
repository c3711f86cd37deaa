"""Gauging: composites that hold a station's newest readings against bounds of their own.

`flowshare` is the flow over the section's ecological flow (生态流量). `blackodour` is the grade of the water by its newest
transparency, oxygen, redox potential and ammonia nitrogen: the worst of them, for as long as each is young enough. Neither
raises anything by itself: a limit on the derived series does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.derived import DERIVED, Composite, Finding
from detectors.domain.section import Section
from detectors.domain.series import series_of as name_of
from detectors.domain.site import Site
from detectors.water.blackodour import MILD, SEVERE, bounds, indicators

__all__ = ["COMPOSITES", "Gauge"]

MOST = 8  # indicators
NOTHING = np.dtype([("e", "i8"), ("unit", "i8")])
FLOW_RULE = np.dtype([("least", "f8")])  # m³/s
FLOW_MEMORY = np.dtype([("heard", "u1")])
GRADE_RULE = np.dtype([("mild", "f8", (MOST,)), ("severe", "f8", (MOST,)), ("below", "u1", (MOST,)), ("age", "i8")], align=True)
GRADE_MEMORY = np.dtype([("at", "i8", (MOST,)), ("grade", "u1", (MOST,)), ("heard", "u1", (MOST,)), ("newest", "i8")], align=True)

Table = NDArray[np.void]
Kernel = Callable[[Table, Table, NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]], Table]


@dataclass(slots=True, kw_only=True, eq=False)
class Gauge:
    """A composite that derives one series of a section and keeps no episodes."""

    name: str  # of the quantity that it derives
    RULE: "np.dtype[np.void]"
    MEMORY: "np.dtype[np.void]"
    asks: Callable[[Section], bool]  # whether it is wanted of a section
    reads: Callable[[Site], Sequence[str]]  # the quantities that it reads; their places are the slots
    row: Callable[[Site, Section], tuple[object, ...]]  # one row of `RULE`
    kernel: Kernel  # one derived reading for some or all of those that are read
    OUTS: int = 1

    def unit_of(self, site: Site, series: str) -> tuple[str, int] | None:
        """The section of a quantity that is read, if it is wanted there."""
        station, _, quantity = series.partition("/")
        reads = self.reads(site)
        return (station, reads.index(quantity)) if quantity in reads and self._section(site, station) else None

    def of(self, site: Site, unit: str) -> tuple[object, ...] | None:
        """One row of `RULE`."""
        section = self._section(site, unit)
        return self.row(site, section) if section else None

    def _section(self, site: Site, unit: str) -> Section | None:
        section = site.sections.get(unit)
        return section if section and self.asks(section) else None

    def series_of(self, unit: str, out: int) -> str:
        """The one series."""
        return name_of(unit, (self.name,)[out])

    def step(
        self,
        memory: Table,
        rule: Table,
        unit: NDArray[np.int32],
        slot: NDArray[np.int32],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        young: NDArray[np.bool_],
        sooner: NDArray[np.uint8],
    ) -> tuple[Table, Table]:
        """What the kernel derives; nothing turns."""
        del young, sooner
        return self.kernel(memory, rule, unit, slot, at, value), np.zeros(0, NOTHING)

    def finding(self, site: Site, unit: str, turned: np.void) -> Finding:
        """Nothing ever turns."""
        raise AssertionError((self.name, site.name, unit, turned))


def _names(site: Site) -> Sequence[str]:
    return [one.quantity for one in site.indicators or indicators()]


def _bounds(site: Site, section: Section) -> tuple[object, ...]:
    """The bounds of the indicators."""
    mild, severe, below = np.zeros(MOST), np.zeros(MOST), np.zeros(MOST, np.uint8)
    for slot, one in enumerate(site.indicators or indicators()):
        (mild[slot], severe[slot]), below[slot] = bounds(one, section.depth), one.below
    return (mild, severe, below, round(section.age * 1e9))


@njit(cache=True, nogil=True)
def share(
    memory: Table,  # noqa: ARG001  a share remembers nothing
    rule: Table,
    unit: NDArray[np.int32],
    slot: NDArray[np.int32],  # noqa: ARG001  flow is all it reads
    at: NDArray[np.int64],
    value: NDArray[np.float64],
) -> Table:
    """Flow over ecological flow, with every reading of the flow."""
    derived = np.empty(len(unit), DERIVED)
    for e in range(len(unit)):
        derived[e]["e"], derived[e]["at"], derived[e]["out"], derived[e]["value"] = e, at[e], 0, value[e] / rule[unit[e]]["least"]
    return derived


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


FLOWSHARE = Gauge(
    name="flowshare",
    RULE=FLOW_RULE,
    MEMORY=FLOW_MEMORY,
    asks=lambda section: section.ecological_flow > 0,
    reads=lambda _: ("flow",),
    row=lambda _, section: (section.ecological_flow,),
    kernel=share,
)
BLACKODOUR = Gauge(
    name="blackodour",
    RULE=GRADE_RULE,
    MEMORY=GRADE_MEMORY,
    asks=lambda section: section.black_odorous,
    reads=_names,
    row=_bounds,
    kernel=grade,
)
COMPOSITES: Mapping[str, Composite] = MappingProxyType({one.name: one for one in (FLOWSHARE, BLACKODOUR)})
