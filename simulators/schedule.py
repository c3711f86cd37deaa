"""Schedules: which incident comes when, from a seed; the first minutes show a newcomer what it is all about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from random import Random

from detectors.domain.instant import SECOND
from detectors.domain.site import Site, Station
from simulators.incidents import Incident, Kind
from simulators.records import BEAT

OPENING = ((15, Kind.OVERFILL), (30, Kind.SPILL), (95, Kind.PERSON))  # seconds after live readings begin
PAUSE = (180.0, 300.0)  # seconds between later ones
TRAVEL = 60  # seconds from one station to the next downstream; a real cloud takes hours
DILUTION = 0.85  # of the strength, per station
LASTS = {Kind.SPILL: 180, Kind.SPIKES: 120, Kind.OVERFILL: 90, Kind.GAS: 60, Kind.PERSON: 44}  # seconds
LONGEST = 900  # seconds that a stuck or a silent probe may last; a rule more patient than that sees nothing of it
CAN_STICK = ("do", "ph", "cond", "temp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The incidents of one session on one site: the same seed and start, the same incidents."""

    site: Site
    seed: int
    start: int  # when live readings begin, ns since 1970 UTC

    def __iter__(self) -> Iterator[tuple[Incident, ...]]:
        """Groups of incidents with one cause, in order of time, without end; none if the site has no place for any."""
        chance = Random(f"{self.seed} {self.start}")  # noqa: S311  incidents of a play
        kinds = [kind for kind in Kind if self._places(kind)]
        busy: dict[str, int] = {}
        for number, (seconds, kind) in enumerate(_when(chance, kinds)):
            since = self.start + round(seconds) * SECOND
            free = [place for place in self._places(kind) if busy.get(place.name, 0) <= since]
            if free:
                place = free[0] if number < len(OPENING) else chance.choice(free)
                group = self._group(f"{self.start // SECOND}-{number}", kind, place, since, chance)
                busy |= {one.station: one.until + 60 * SECOND for one in group}
                yield group

    def _places(self, kind: Kind) -> list[Station]:
        stations = played(self.site)
        match kind:
            case Kind.SPILL:
                return [*downstream(self.site), *(s for s in stations if s.kind == "outfall")]
            case Kind.STUCK | Kind.SPIKES:
                return [s for s in stations if s.kind == "water" and (kind is Kind.SPIKES or self._can_stick(s))]
            case Kind.SILENT:
                return [s for s in stations if s.kind in {"water", "outfall", "tank"} and 0 < s.silent_after <= LONGEST - 60]
            case Kind.OVERFILL | Kind.GAS:
                return [s for s in stations if s.kind == "tank"]
            case Kind.PERSON:
                return [s for s in stations if s.name in self.site.cameras and closed_zones(self.site, s.name)]
            case _:
                return []  # too slow for a demo: scenarios play them

    def _group(self, name: str, kind: Kind, place: Station, since: int, chance: Random) -> tuple[Incident, ...]:
        if kind is Kind.SPILL:
            return tuple(self._spill(name, place, since))
        quantities, lasts = place.quantities, LASTS.get(kind, 0)
        if kind is Kind.STUCK:
            quantity = chance.choice([q for q in quantities if self._sticks(place, q)])
            quantities, lasts = (quantity,), round(self._patience(place, quantity)) + 90
        elif kind is Kind.SPIKES:
            quantities = (chance.choice([q for q in quantities if q in CAN_STICK] or list(quantities)),)
        elif kind is Kind.SILENT:
            lasts = round(place.silent_after) + 60
        elif kind in {Kind.OVERFILL, Kind.GAS}:
            quantities = ("level", "pressure") if kind is Kind.OVERFILL else ("gas",)
        elif kind is Kind.PERSON:
            quantities = ("movers",)
        until = since + lasts * SECOND
        return (Incident(id=name, kind=kind, station=place.name, quantities=quantities, since=since, until=until),)

    def _spill(self, name: str, place: Station, since: int) -> Iterator[Incident]:
        below = [s for s in downstream(self.site) if s.name == place.name or _depth(self.site, s) < _depth(self.site, place)]
        reached = below if place in below else [place, *below]
        for step, station in enumerate(reached):
            begins = since + step * TRAVEL * SECOND
            yield Incident(
                id=f"{name}-{step}",
                kind=Kind.SPILL,
                station=station.name,
                quantities=tuple(q for q in station.quantities if q in {"do", "cond", "turb", "ph", "nh3n"}),
                since=begins,
                until=begins + LASTS[Kind.SPILL] * SECOND,
                strength=DILUTION**step,
            )

    def _can_stick(self, station: Station) -> bool:
        return any(self._sticks(station, quantity) for quantity in station.quantities)

    def _sticks(self, station: Station, quantity: str) -> bool:
        return quantity in CAN_STICK and self._patience(station, quantity) <= LONGEST - 90

    def _patience(self, station: Station, quantity: str) -> float:
        """Seconds until the site says that a value stands still (180 where it does not say)."""
        rule = self.site.thresholds.get(f"{station.name}/{quantity}")
        if rule is None or not isfinite(rule.flat_fail):
            return 180.0
        return max(rule.flat_fail, rule.flat_readings * BEAT / SECOND)


@dataclass(slots=True)
class Programme:
    """A schedule on its way: what is on at an instant, and what has just begun."""

    coming: Iterator[tuple[Incident, ...]]
    now: list[Incident] = field(default_factory=list)
    following: tuple[Incident, ...] | None = None

    def begin(self, at: int) -> tuple[Incident, ...]:
        """The incidents that begin within a second from an instant on and were not named before."""
        begun: tuple[Incident, ...] = ()
        self.now = [one for one in self.now if one.until > at]
        if self.following is None:
            self.following = next(self.coming, ())
        while self.following and self.following[0].since <= at + SECOND:
            begun += self.following
            self.following = next(self.coming, ())
        self.now += begun
        return begun

    def of(self, station: str) -> tuple[Incident, ...]:
        """Those of a station that are on, or about to be."""
        return tuple(one for one in self.now if one.station == station)


def played(site: Site) -> list[Station]:
    """The stations that a simulator speaks for: not the cameras that are pulled, which show what is there."""
    pulled = {name for name, camera in site.cameras.items() if camera.source}
    return [station for name, station in site.stations.items() if name not in pulled]


def downstream(site: Site) -> list[Station]:
    """The water stations in the order in which water passes them."""
    return sorted((s for s in site.stations.values() if s.kind == "water"), key=lambda s: -_depth(site, s))


def closed_zones(site: Site, camera: str) -> list[tuple[tuple[float, float], ...]]:
    """The outlines of a camera's zones where nobody should be."""
    return [zone.corners for zone in site.cameras[camera].zones if zone.kind == "closed"]


def _depth(site: Site, station: Station) -> int:
    """How many reaches lie below a station's own."""
    depth, reach = 0, site.reaches.get(station.reach)
    while reach and reach.into and depth < len(site.reaches):
        depth, reach = depth + 1, site.reaches.get(reach.into)
    return depth


def _when(chance: Random, kinds: Sequence[Kind]) -> Iterator[tuple[float, Kind]]:
    """The opening, then every kind in a shuffled order again and again."""
    yield from ((seconds, kind) for seconds, kind in OPENING if kind in kinds)
    seconds: float = OPENING[-1][0]
    while kinds:
        for kind in chance.sample(kinds, len(kinds)):
            seconds += chance.uniform(*PAUSE)
            yield seconds, kind
