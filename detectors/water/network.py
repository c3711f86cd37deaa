"""The river network: where stations lie along their reaches, how far apart the water finds them, and how long it takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt

from detectors.domain.site import Point, Reach, Site
from detectors.water import velocity
from detectors.water.velocity import Speed

EARTH = 6_371_000.0  # m, mean radius
Gauges = Mapping[str, float]  # series of flow (m³/s) and stage (cm) -> its newest value


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on the river: a reach, and the metres from its head along the water."""

    reach: str
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A piece of one reach that water passes on its way, from the metre `start` to the metre `end` of the reach."""

    reach: str
    start: float
    end: float

    @property
    def metres(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """How long water takes, in seconds: the soonest, the likely and the latest."""

    metres: float
    soonest: float
    likely: float
    latest: float
    speeds: Mapping[str, Speed]  # of each reach on the way


class Network:
    """The reaches of a site and what lies on them; never changes."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._lengths = {name: length(reach) for name, reach in site.reaches.items()}
        placed = ((one.name, one.reach, one.place) for one in site.stations.values() if one.reach in site.reaches)
        self.spots = {name: Spot(reach=reach, metres=along(site.reaches[reach], place)) for name, reach, place in placed}
        self._feeders: dict[str, list[str]] = {}
        for reach in site.reaches.values():
            self._feeders.setdefault(reach.into, []).append(reach.name)

    def length(self, reach: str) -> float:
        """The length of a reach along the water, in metres."""
        return self._lengths[reach]

    def feeders(self, reach: str) -> tuple[str, ...]:
        """The reaches that flow into a reach, by name."""
        return tuple(sorted(self._feeders.get(reach, ())))

    def on(self, reach: str) -> list[tuple[float, str]]:
        """What lies on a reach, from its head down: metres from the head, and the station's name."""
        return sorted((spot.metres, name) for name, spot in self.spots.items() if spot.reach == reach)

    def way(self, above: str, below: str) -> tuple[Leg, ...] | None:
        """The legs that water passes from one station to another; None if it does not flow from there to here."""
        start, end = self.spots.get(above), self.spots.get(below)
        return None if start is None or end is None else self._way(start, end)

    def _way(self, start: Spot, end: Spot) -> tuple[Leg, ...] | None:
        legs: list[Leg] = []
        reach, metres = start.reach, start.metres
        while reach != end.reach:
            legs.append(Leg(reach=reach, start=metres, end=self._lengths[reach]))
            reach, metres = self.site.reaches[reach].into, 0.0
            if reach not in self.site.reaches or len(legs) > len(self._lengths):  # the mouth, or a circle
                return None
        if end.metres < metres:
            return None
        return (*legs, Leg(reach=reach, start=metres, end=end.metres))

    def below(self, station: str) -> Iterator[str]:
        """The stations that the water of a station comes to, in the order in which it comes."""
        ways = ((sum(leg.metres for leg in way), name) for name in self.spots if (way := self.way(station, name)) is not None)
        return (name for _, name in sorted(ways) if name != station)

    def speed(self, reach: str, gauges: Gauges) -> Speed:
        """The speed of a reach, by the gauge of the station on it that lies nearest to its head."""
        said: dict[str, float] = {}
        for _, name in self.on(reach):
            for quantity in ("flow", "stage"):
                if f"{name}/{quantity}" in gauges:
                    said.setdefault(quantity, gauges[f"{name}/{quantity}"])
        return velocity.speed(self.site.reaches[reach].pace, said)

    def whole(self, reach: str) -> tuple[Leg, ...]:
        """The legs from the head of a reach to the mouth."""
        legs: list[Leg] = []
        while reach in self.site.reaches and len(legs) < len(self._lengths):
            legs.append(Leg(reach=reach, start=0.0, end=self._lengths[reach]))
            reach = self.site.reaches[reach].into
        return tuple(legs)

    def travel(self, way: tuple[Leg, ...], gauges: Gauges) -> Travel:
        """How long water takes for a way; the soonest is the leading edge at the highest speed."""
        speeds = {leg.reach: self.speed(leg.reach, gauges) for leg in way}
        return Travel(
            metres=sum(leg.metres for leg in way),
            soonest=velocity.defaults()["leading_edge"] * sum(leg.metres / speeds[leg.reach].high for leg in way),
            likely=sum(leg.metres / speeds[leg.reach].likely for leg in way),
            latest=sum(leg.metres / speeds[leg.reach].low for leg in way),
            speeds=speeds,
        )


def length(reach: Reach) -> float:
    """The length of a reach along its line, in metres."""
    return sum(metres(a, b) for a, b in pairwise(reach.line))


def along(reach: Reach, place: Point) -> float:
    """How many metres from the head the point of a reach lies that is nearest to a place."""
    best, passed = (float("inf"), 0.0), 0.0
    for a, b in pairwise(reach.line):
        share, away = _nearest(a, b, place)
        best = min(best, (away, passed + share * metres(a, b)))
        passed += metres(a, b)
    return best[1]


def _nearest(a: Point, b: Point, place: Point) -> tuple[float, float]:
    """Which share of the way from `a` to `b` is nearest to a place, and how far off (degrees of latitude)."""
    squeeze = cos(radians(place[1]))
    dx, dy, x, y = (b[0] - a[0]) * squeeze, b[1] - a[1], (place[0] - a[0]) * squeeze, place[1] - a[1]
    long = dx * dx + dy * dy
    share = min(1.0, max(0.0, (x * dx + y * dy) / long)) if long else 0.0
    return share, hypot(x - share * dx, y - share * dy)


def metres(a: Point, b: Point) -> float:
    """The great-circle distance of two points, by the haversine formula."""
    lon, lat = radians(b[0] - a[0]), radians(b[1] - a[1])
    h = sin(lat / 2) ** 2 + cos(radians(a[1])) * cos(radians(b[1])) * sin(lon / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(h)))
