"""What is usual for one series: how far it moves, where its months lie, and when a whole day of it lies elsewhere."""

from dataclasses import dataclass

NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A pair of bounds that holds for a time or a month; NaN is no bound."""

    of: float  # seconds, or the month 1..12; 0 = every month that is not named
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The habits of one series as `riverwatch learn` found them; units are those of the quantity."""

    series: str
    moves: tuple[Span, ...] = ()  # the farthest fall and rise within so many seconds
    strays: tuple[Span, ...] = ()  # how far under and over the day before it, so many seconds after that day ended
    months: tuple[Span, ...] = ()  # where its readings lie in a month
    days: tuple[Span, ...] = ()  # a day that is wholly below or above has drifted, month by month
    saturation: float = NAN  # the same for dissolved oxygen as a share of fresh water's at sea level, upwards, all the year
    events: int = 0  # where a true event takes it: 1 up, -1 down
    lift: float = NAN  # the value up to which an event may lift it at once; NaN with events upwards is any
    source: str = ""
