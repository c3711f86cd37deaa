"""Sections: places on a river whose water is held against a class, and the items of the standard it is held against."""

from dataclasses import dataclass

from detectors.domain.errors import Refused

CLASSES = ("I", "II", "III", "IV", "V")
WORSE = 6  # the class of what is worse than V (劣V); 1 is I
INF = float("inf")
WATERBODIES = ("river", "lake")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a water quality standard for one kind of water body: what each class allows."""

    no: int  # of the table
    quantity: str
    waterbody: str  # "river", "lake", or "all"
    allowed: tuple[tuple[float, float], ...]  # least and most of classes I to V, both allowed; empty where there are no classes
    in_class: bool  # whether it counts for the section's class, or is judged by itself
    source: str

    def __post_init__(self) -> None:
        if self.allowed and len(self.allowed) != len(CLASSES):
            raise Refused("an item with limits for some of the five classes", self.quantity)
        if any(not low <= high for low, high in self.allowed):  # NaN fails too
            raise Refused("an item whose least is above its most", self.quantity)
        for (low, high), (below, above) in zip(self.allowed, self.allowed[1:], strict=False):
            if below > low or above < high:
                raise Refused("an item whose worse class is the stricter one", self.quantity)

    @property
    def has_multiple(self) -> bool:
        """Whether an exceedance multiple is told: only where more is worse; not for pH and oxygen."""
        return bool(self.allowed) and self.allowed[0][0] == float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A monitoring section (断面): a station with a target, and what it is part of."""

    station: str
    target: int = 0  # class, 1 is I; 0 where none is set
    kind: str = ""  # "national", "provincial", "other"
    zone: str = ""  # the water functional zone (水功能区) that it stands for
    zone_target: int = 0
    basin: str = ""
    waterbody: str = "river"
    ecological_flow: float = 0.0  # m³/s; 0 where none is set
    black_odorous: bool = False  # whether it is a point of a water body that is watched as black-odorous (黑臭水体)
    body: str = ""  # that water body; its basin where none is given
    depth: float = INF  # of the water at that point, cm; where it is shallow less transparency will do
    age: float = 18_000.0  # seconds after which a factor's newest value no longer counts
    delay: float = 1_800.0  # seconds worse, or no longer worse, than the target until that is said
    readings: int = 2  # and at least so many readings worse than the target
    outlook: float = 0.0  # hours ahead in which it is warned that an item will be worse than the target; 0 = never
    outlook_of: tuple[str, ...] = ()  # the items for which it is; empty = all
    profile: str = ""  # the standard of another place that it is held against too, by the samples of a period
    source: str = ""

    def __post_init__(self) -> None:
        if not all(0 <= target <= len(CLASSES) for target in (self.target, self.zone_target)):
            raise Refused("a section with a target that is no class", self.station)
        if self.waterbody not in WATERBODIES:
            raise Refused("a section of neither river nor lake", self.station)

    @property
    def held_to(self) -> int:
        """The target its episodes are told by: its own, or else that of its zone."""
        return self.target or self.zone_target


def roman(level: int) -> str:
    """A class as people write it: "III"; "worse than V" for 6."""
    return CLASSES[level - 1] if level <= len(CLASSES) else "worse than V"
