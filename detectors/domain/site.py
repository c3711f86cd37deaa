"""A site as frozen values: what is watched, where it stands, which rules hold and who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from detectors.domain.casework import Deadline, Hazard
from detectors.domain.errors import Refused
from detectors.domain.event import Level
from detectors.domain.pace import Pace
from detectors.domain.partition import partition_of
from detectors.domain.quality import Quality
from detectors.domain.rating import Bound, Indicator, Rating
from detectors.domain.schedule import ALWAYS, Schedule
from detectors.domain.section import Item, Section
from detectors.domain.thresholds import Thresholds

Point = tuple[float, float]  # longitude, latitude; degrees, CGCS2000 (within a metre of WGS 84)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A name for people, in both languages of the desk."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Anything that reports: a water station, an outfall, a tank, a camera."""

    name: str
    title: Title
    kind: str  # "water", "outfall", "tank", "camera"
    place: Point
    quantities: tuple[str, ...]
    cell: str = ""
    reach: str = ""
    silent_after: float = 0.0  # seconds without a reading until it counts as silent; 0 = never
    beside: str = ""  # the station whose partition it shares, so that the two can be held against each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon on a camera's picture; corners as shares of width and height, 0..1."""

    name: str
    kind: str  # "water", "bank", "road", "gate", "tank", "closed", "building", "outfall", "gauge"
    corners: tuple[tuple[float, float], ...]
    marks: tuple[tuple[float, float, float], ...] = ()  # of a staff gauge: where on the picture (shares) is what level (cm)

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise Refused("a zone with fewer than three corners", self.name)
        if not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in self.corners):
            raise Refused("a zone that leaves the picture", self.name)
        if self.kind == "gauge" and len({y for _, y, _ in self.marks}) < 2:
            raise Refused("a gauge without two marks at different heights", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera's own facts; its place and kind stand in the station of the same name."""

    name: str
    zones: tuple[Zone, ...]
    person_height: tuple[float, float] = (0.06, 0.35)  # share of the picture's height that a standing person takes
    detector: str = "movers"
    source: str = field(default="", repr=False)  # where pictures are pulled from, "" where it sends them; may carry a password
    fps: float = 2.0  # pictures a second at most, where they are pulled
    reference: bytes = field(default=b"", repr=False)  # a JPEG that changes are measured against
    reference_date: str = ""  # the day it was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold with delay and hysteresis on one series; exactly one of `above` and `below` is given."""

    name: str
    series: str
    above: float | None = None  # in the quantity's unit
    below: float | None = None
    clear: float  # the value that must be passed, back, to clear
    delay: float = 0.0  # seconds on the wrong side until it is raised
    level: Level = Level.WARNING
    matter: str = "pollution"
    code: str = ""
    standard: str = ""
    source: str = ""  # where the number comes from
    outlook: float = 0.0  # hours ahead in which it is warned that the limit will be passed; 0 = never
    likely: float = 0.8  # probability from which on it is warned
    schedule: Schedule = ALWAYS  # when it holds; outside of it nothing is beyond it

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise Refused("a limit needs exactly one of above and below", self.name)
        if not self.delay >= 0:
            raise Refused("a limit with a negative delay", self.name)
        if self.above is not None and not self.clear <= self.above:
            raise Refused("a limit that clears above where it is raised", self.name)
        if self.below is not None and not self.clear >= self.below:
            raise Refused("a limit that clears below where it is raised", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A stretch of river; water goes from the first point of `line` to the last."""

    name: str
    title: Title
    line: tuple[Point, ...]
    into: str = ""  # the next reach downstream, or "" at the mouth
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A unit grid cell (GB/T 30428.1: 15 digits) and its outline."""

    code: str
    title: Title
    outline: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chief:
    """A river chief (河长): the reaches and stations they answer for and where they are told."""

    name: str
    title: Title
    level: str  # "province", "city", "county", "township", "village"
    reaches: tuple[str, ...]
    stations: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()  # Apprise URLs; "mailbox:" is the local one on the desk
    matters: tuple[str, ...] = ("pollution", "hazard", "vision")  # what they are told of
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything a site folder says, checked as a whole."""

    name: str
    title: Title
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    partitions: int = 12
    told_within: float = 3600.0  # seconds
    future_tolerance: float = 300.0  # seconds that a device's clock may be ahead
    stations: Mapping[str, Station] = field(default_factory=dict)
    cameras: Mapping[str, Camera] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    foreseen: tuple[Limit, ...] = ()  # limits that are only warned of before: the targets of sections
    outlooks: Mapping[str, tuple[Limit, ...]] = field(init=False, repr=False, compare=False)  # by series: limits that want one
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)  # by series
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    chiefs: tuple[Chief, ...] = ()
    sections: Mapping[str, Section] = field(default_factory=dict)  # by station
    standard: tuple[Item, ...] = ()  # items of the water quality standard that the site overrides
    ratings: tuple[Rating, ...] = ()  # of sections and basins; empty = the package's
    indicators: tuple[Indicator, ...] = ()  # of black-odorous water; empty = the package's
    profiles: tuple[Bound, ...] = ()  # of other places' standards; empty = the package's
    quality: Quality = field(default_factory=Quality)
    hazards: Mapping[str, Hazard] = field(default_factory=dict)  # by station
    deadlines: tuple[Deadline, ...] = ()

    def partition_of(self, station: str) -> int:
        """The partition of a station, in every topic and table: its own, or that of the station it stands beside."""
        known = self.stations.get(station)
        return partition_of(known.beside if known and known.beside else station, self.partitions)

    def __post_init__(self) -> None:
        wanted: dict[str, tuple[Limit, ...]] = {}
        for limit in (*self.limits, *self.foreseen):
            if limit.outlook:
                wanted[limit.series] = (*wanted.get(limit.series, ()), limit)
        object.__setattr__(self, "outlooks", wanted)  # frozen, so that nobody else can

    def limit_of(self, rule: str, series: str) -> Limit | None:
        """The limit that a rule of an event ("limit:do-low", "outlook:do-low") on a series is about; None if it is about none."""
        kind, _, name = rule.partition(":")
        known = (*self.limits, *self.foreseen) if kind in {"limit", "outlook"} else ()
        return next((one for one in known if (one.name, one.series) == (name, series)), None)

    def chief_of(self, station: str, matter: str) -> Chief | None:
        """The first who answers for the station, by itself or by its reach, and for the matter."""
        reach = self.stations[station].reach if station in self.stations else ""
        for chief in self.chiefs:
            if matter in chief.matters and (station in chief.stations or (reach and reach in chief.reaches)):
                return chief
        return None
