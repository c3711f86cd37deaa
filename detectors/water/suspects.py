"""Suspects: outfalls and tanks from which a breach may have come, ranked by terms that anybody can add up; a rank is no guilt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from detectors.domain.instant import SECOND
from detectors.domain.series import plain
from detectors.domain.site import Station
from detectors.domain.table import rows
from detectors.water.network import Network, Travel
from detectors.water.record import Record, Worst, of_station, worst
from detectors.water.related import are_related

KINDS = ("outfall", "tank")
HOLD = 3600 * SECOND  # ns that a reading speaks for, where the station does not say how often it reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One part of a score: weight times value."""

    name: str
    case: str  # why it has this value
    value: float  # 0..1
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A place from which a breach may have come; instants are ns since 1970 UTC."""

    station: str
    travel: Travel
    left_from: int
    left: int
    left_until: int
    worst: Worst | None  # of its own readings at that time
    terms: tuple[Term, ...]

    @property
    def score(self) -> float:
        """The weighted mean of the terms, 0..1."""
        return sum(term.weight * term.value for term in self.terms) / sum(term.weight for term in self.terms)


@cache
def values() -> Mapping[tuple[str, str], float]:
    """The values of `suspicion.csv`, by term and case."""
    return {(row["term"], row["case"]): float(row["value"]) for row in rows(__name__, "suspicion.csv")}


def left(travel: Travel, since: int) -> tuple[int, int, int]:
    """When water that is at a station at an instant was at the start of its way: the earliest, the likely, the latest."""
    return tuple(since - round(seconds * SECOND) for seconds in (travel.latest, travel.likely, travel.soonest))  # type: ignore[return-value]


def suspect(
    network: Network, station: Station, travel: Travel, *, place: str, quantity: str, since: int, record: Record
) -> Suspect:
    """One place weighed.

    Args:
        network: of the site.
        station: the outfall or tank.
        travel: from it to the station of the breach.
        place: "likely", "beyond" or "passed", as its piece of river is.
        quantity: of the breach.
        since: when the breach began, ns since 1970 UTC.
        record: what stations said.
    """
    start, likely, end = left(travel, since)
    said = dict(of_station(record, station.name, (start, end), round(station.silent_after * SECOND) or HOLD))
    found = worst(network.site.limits, said)
    near = 1 / (1 + travel.metres / values()["near", "metres"])
    own = _own(station, {series.partition("/")[2]: float(stretch.value.max()) for series, stretch in said.items()}, found)
    terms = (
        _term("place", place),
        _term("own", own),
        _term("match", _match(station, plain(quantity))),
        Term(name="near", case="metres", value=near, weight=values()["near", "weight"]),
    )
    return Suspect(station=station.name, travel=travel, left_from=start, left=likely, left_until=end, worst=found, terms=terms)


def _term(name: str, case: str) -> Term:
    return Term(name=name, case=case, value=values()[name, case], weight=values()[name, "weight"])


def _own(station: Station, highest: Mapping[str, float], found: Worst | None) -> str:
    """What its own readings say of that time."""
    if found and found.share > 1:
        return "beyond"
    if "flow" in highest:
        return "discharging" if highest["flow"] > 0 else "still"
    if "flow" in station.quantities or not highest:
        return "unheard"
    return "within" if found else "discharging"


def _match(station: Station, quantity: str) -> str:
    if quantity in map(plain, station.quantities):
        return "same"
    return "related" if any(are_related(plain(own), quantity) for own in station.quantities) else "other"
