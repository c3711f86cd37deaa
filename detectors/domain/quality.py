"""What a site asks of quality beyond one value and its neighbours in time: habits, seasons, company and places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from detectors.domain.usual import Usual

NAN = float("nan")
INFINITY = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the signal of one series goes on when its probe is well; NaN switches a test off. Units are those of the quantity."""

    series: str
    gap: float = NAN  # seconds after which a reading comes late (QARTOD: TIM_INC)
    attenuated_by: str = "std"  # "std" or "range"
    attenuated_over: float = NAN  # seconds
    attenuated_suspect: float = NAN
    attenuated_fail: float = NAN
    attenuated_readings: int = 2  # so many there must be in the window
    stuck_low: float = NAN  # the ends of the probe's own range
    stuck_high: float = NAN
    stuck_after: float = 0.0  # seconds
    pattern_suspect: float = NAN  # the least difference between the highest and the lowest three hours of a day
    pattern_fail: float = NAN
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What one series does in some months and hours of the site's standard time; from and to are inclusive and may wrap."""

    series: str
    month_from: int = 1
    month_to: int = 12
    hour_from: int = 0
    hour_to: int = 23
    low: float  # outside is suspect
    high: float
    fail_low: float = NAN
    fail_high: float = NAN
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A series that does not move fast without another one."""

    series: str
    related: str  # another series of the same partition
    rate: float  # units a second: a faster change needs company
    related_rate: float  # the related one's units a second: a slower change is no company
    within: float  # seconds by which the related reading may be away
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A series near another one: how far apart the two may be."""

    series: str
    neighbour: str  # another series of the same partition
    within: float  # seconds by which the neighbour's reading may be older
    low: float = -INFINITY  # of the difference, series minus neighbour
    high: float = INFINITY
    drift_low: float = NAN  # of the difference of their days; both NaN = days are not held against each other
    drift_high: float = NAN
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mooring:
    """How far the positions that a station reports may lie apart, and from its place; NaN is as far as it likes."""

    station: str
    step: float = NAN  # metres between one position and the next
    away: float = NAN  # metres from the station's place
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Everything that a site asks of quality beside `Thresholds`."""

    habits: Mapping[str, Habits] = field(default_factory=dict)  # by series
    usual: Mapping[str, Usual] = field(default_factory=dict)  # by series
    seasons: tuple[Season, ...] = ()  # of two that hold at once the later decides
    relations: Mapping[str, Relation] = field(default_factory=dict)  # by series
    neighbours: tuple[Neighbour, ...] = ()
    moorings: Mapping[str, Mooring] = field(default_factory=dict)  # by station
    clock: float = 28_800.0  # seconds that the site's standard time is ahead of UTC: a river knows no summer time
