"""A breach, and what is proposed about it: pieces of river, witnesses above, suspects, arrivals below."""

from dataclasses import dataclass

from detectors.water.network import Travel
from detectors.water.record import Worst
from detectors.water.suspects import Suspect

STANDINGS = ("likely", "beyond", "passed")  # of a stretch, the one to look at first


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A quantity of a water station beyond its limit, from an instant on (ns since 1970 UTC)."""

    station: str
    quantity: str
    since: int
    above: float | None = None  # the limit it passed, where one is known: it holds too where a station has none of its own
    below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one reach from which a breach may have come."""

    reach: str
    start: float  # m from the head of the reach
    end: float
    standing: str  # "likely"; "beyond" a station that said nothing; "passed": a station above saw it too


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A station above the breach, and what it said while this water passed it."""

    station: str
    travel: Travel
    passed_from: int
    passed_until: int
    said: str  # "clean", "beyond" or "nothing"
    worst: Worst | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A station below the breach, and when it may see it."""

    station: str
    travel: Travel
    earliest: int
    likely: int
    latest: int
    seen: Worst | None  # what stood worst there in that time, if it was beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is proposed about a breach."""

    breach: Breach
    pieces: tuple[Piece, ...]
    witnesses: tuple[Witness, ...]
    suspects: tuple[Suspect, ...]  # the first to look at first
    arrivals: tuple[Arrival, ...]  # in the order of the water
