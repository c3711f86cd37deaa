"""The strip: a breach and what lies up and down the river from it, laid out by metres along the water."""

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.water.breach import Trace
from detectors.water.network import Network, Spot

LETTER = {"zh": 0.04, "en": 0.022}  # of the width, on a phone: what a letter takes
MARGIN = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A piece of water, from left to right."""

    start: float  # shares of the width
    end: float
    lane: int  # 0 is the river itself; feeders have lanes of their own
    standing: str  # "likely", "beyond", "passed", or "" for water below


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Something on the strip."""

    station: str
    x: float  # share of the width
    lane: int
    kind: str  # "here", "witness", "arrival" or "suspect"
    rank: int = 0  # of a suspect
    level: int = 0  # how many lines of text below the water its name stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All of it."""

    lines: tuple[Line, ...]
    stops: tuple[Stop, ...]
    lanes: int
    levels: int
    metres: float  # that the whole width stands for


def strip(network: Network, trace: Trace, titles: dict[str, str], letter: float) -> Strip:
    """Lay a trace out; `titles` are the names of stations as they are shown, `letter` how wide a letter is."""
    here = network.spots[trace.breach.station]
    up = _Upstream(network, here)
    above = [(up.metres(piece.reach, piece.start), up.metres(piece.reach, piece.end), piece) for piece in trace.pieces]
    farthest = max([far for far, _, _ in above], default=0.0)
    below = max([arrival.travel.metres for arrival in trace.arrivals], default=0.0)
    whole = max(farthest + below, 1.0)

    def at(metres: float) -> float:
        return MARGIN + (1 - 2 * MARGIN) * (farthest + metres) / whole

    lines = [Line(start=at(-far), end=at(-near), lane=up.lane(p.reach), standing=p.standing) for far, near, p in above]
    lines.append(Line(start=at(0), end=at(below), lane=0, standing=""))
    stops = [Stop(station=trace.breach.station, x=at(0), lane=0, kind="here")]
    stops += [
        Stop(station=one.station, x=at(-one.travel.metres), lane=up.lane(network.spots[one.station].reach), kind="witness")
        for one in trace.witnesses
    ]
    stops += [Stop(station=one.station, x=at(one.travel.metres), lane=0, kind="arrival") for one in trace.arrivals]
    named = _levelled(stops, titles, letter)
    suspects = [
        Stop(
            station=one.station,
            x=at(-one.travel.metres),
            lane=up.lane(network.spots[one.station].reach),
            kind="suspect",
            rank=rank,
        )
        for rank, one in enumerate(trace.suspects, 1)
    ]
    levels = 1 + max(stop.level for stop in named)
    return Strip(lines=tuple(lines), stops=(*named, *_apart(suspects)), lanes=up.lanes, levels=levels, metres=whole)


class _Upstream:
    """How far above the breach each reach lies, and in which lane it is drawn."""

    def __init__(self, network: Network, here: Spot) -> None:
        self._foot: dict[str, float] = {here.reach: here.metres - network.length(here.reach)}
        self._lane = {here.reach: 0}
        self._lengths = {here.reach: network.length(here.reach)}
        self.lanes = 1
        climb = [here.reach]
        for reach in climb:
            for number, feeder in enumerate(network.feeders(reach)):
                if feeder in self._lane:
                    continue
                self._lengths[feeder] = network.length(feeder)
                self._foot[feeder] = self._foot[reach] + self._lengths[reach]
                self._lane[feeder] = self._lane[reach] if number == 0 else self.lanes
                self.lanes += number > 0
                climb.append(feeder)

    def metres(self, reach: str, from_head: float) -> float:
        """The metres along the water from a point of a reach to the breach."""
        return self._foot[reach] + self._lengths[reach] - from_head

    def lane(self, reach: str) -> int:
        """The lane of a reach."""
        return self._lane[reach]


def _levelled(stops: Sequence[Stop], titles: dict[str, str], letter: float) -> list[Stop]:
    """The stops, each name as high as it can stand without meeting another; names near an end lean inwards."""
    taken: list[tuple[int, float, float]] = []
    placed = []
    for stop in sorted(stops, key=lambda one: one.x):
        wide = len(titles[stop.station]) * letter + 0.02
        left = min(max(stop.x - wide / 2, 0.0), max(1.0 - wide, 0.0))
        level = next(
            n for n in range(len(stops)) if not any(n == m and left < end and start < left + wide for m, start, end in taken)
        )
        taken.append((level, left, left + wide))
        placed.append(Stop(station=stop.station, x=stop.x, lane=stop.lane, kind=stop.kind, level=level))
    return placed


def _apart(stops: Sequence[Stop], least: float = 0.075) -> list[Stop]:
    """The suspects' numbers, pushed to the right until they can be read."""
    placed: list[Stop] = []
    for stop in sorted(stops, key=lambda one: one.x):
        x = max([stop.x, *(other.x + least for other in placed if other.lane == stop.lane)])
        placed.append(Stop(station=stop.station, x=min(x, 1.0), lane=stop.lane, kind=stop.kind, rank=stop.rank))
    return placed
