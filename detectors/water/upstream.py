"""Upstream: for a breach the likely stretch, what discharges into it, and when the next stations downstream may see it.

It proposes where to look first. It does not say who did it.
"""

from collections.abc import Iterator
from dataclasses import replace

from detectors.domain.instant import SECOND
from detectors.domain.series import plain, series_of
from detectors.domain.site import Limit, Site
from detectors.water.breach import STANDINGS, Arrival, Breach, Piece, Trace, Witness
from detectors.water.network import Gauges, Network, Travel
from detectors.water.record import Record, Worst, of_station, worst
from detectors.water.related import are_related
from detectors.water.suspects import HOLD, KINDS, Suspect, left, suspect


def wanted(network: Network, breach: Breach, gauges: Gauges) -> Iterator[tuple[str, int, int]]:
    """Series, and the windows of them (ns since 1970 UTC), that `trace` asks a record of."""
    for name in network.spots.keys() - {breach.station}:
        station = network.site.stations[name]
        if (way := network.way(name, breach.station)) is not None:
            start, _, end = left(network.travel(way, gauges), breach.since)
            start -= round(station.silent_after * SECOND) or HOLD
        elif (way := network.way(breach.station, name)) is not None:
            start, _, end = arrival(network.travel(way, gauges), breach.since)
        else:
            continue
        if station.kind == "water" or station.kind in KINDS:
            yield from ((series_of(name, quantity), start, end) for quantity in station.quantities)


def arrival(travel: Travel, since: int) -> tuple[int, int, int]:
    """When water that is at a station at an instant is at the end of its way: the earliest, the likely, the latest."""
    return tuple(since + round(seconds * SECOND) for seconds in (travel.soonest, travel.likely, travel.latest))  # type: ignore[return-value]


def trace(network: Network, breach: Breach, gauges: Gauges, record: Record) -> Trace | None:
    """The way of a breach up and down the river; None where the station lies on no reach.

    What an outfall or a tank lets go has no upstream: only its way down is said.
    """
    spot = network.spots.get(breach.station)
    if spot is None:
        return None
    search = _Search(network, breach, gauges, record)
    pieces = tuple(search.pieces()) if network.site.stations[breach.station].kind == "water" else ()
    suspects = sorted(search.suspects(pieces), key=lambda one: (-one.score, one.travel.metres, one.station))
    return Trace(
        breach=breach,
        pieces=pieces,
        witnesses=tuple(search.witnesses.values()),
        suspects=tuple(suspects),
        arrivals=tuple(search.arrivals()),
    )


class _Search:
    """One look up and down the river."""

    def __init__(self, network: Network, breach: Breach, gauges: Gauges, record: Record) -> None:
        self.network, self.breach, self.gauges, self.record = network, breach, gauges, record
        self.witnesses: dict[str, Witness] = {}

    def pieces(self) -> Iterator[Piece]:
        """The stretches above the breach, up to stations that were clean, and how each stands."""
        spot = self.network.spots[self.breach.station]
        climbed = list(self._climb(spot.reach, spot.metres, ()))
        for piece, behind in climbed:
            yield replace(piece, standing=self._standing(piece, behind))

    def _climb(self, reach: str, metres: float, behind: tuple[str, ...]) -> Iterator[tuple[Piece, tuple[str, ...]]]:
        """Pieces from the breach up, each with the stations between it and the breach."""
        for start, name in reversed(self.network.on(reach)):
            if start > metres or name in {self.breach.station, *behind} or self._site.stations[name].kind != "water":
                continue
            yield Piece(reach=reach, start=start, end=metres, standing="likely"), behind
            metres, behind, witness = start, (*behind, name), self._witness(name)
            if witness.said == "clean":
                return
        yield Piece(reach=reach, start=0.0, end=metres, standing="likely"), behind
        for feeder in self.network.feeders(reach):
            yield from self._climb(feeder, self.network.length(feeder), behind)

    def _standing(self, piece: Piece, behind: tuple[str, ...]) -> str:
        if any(one.said == "beyond" and self._is_below(piece, name) for name, one in self.witnesses.items()):
            return "passed"
        silent = behind and self.witnesses[behind[-1]].said == "nothing"
        return "beyond" if silent else "likely"

    def _is_below(self, piece: Piece, station: str) -> bool:
        legs = self.network.way(station, self.breach.station) or ()
        middle = (piece.start + piece.end) / 2
        return any(leg.reach == piece.reach and leg.start <= middle <= leg.end for leg in legs)

    def _witness(self, name: str) -> Witness:
        way = self.network.way(name, self.breach.station)
        assert way is not None, "the search climbs against the water"
        travel = self.network.travel(way, self.gauges)
        start, _, end = left(travel, self.breach.since)
        hold = round(self._site.stations[name].silent_after * SECOND) or HOLD
        found = self._worst(name, (start, end), hold)
        said = "nothing" if found is None else "beyond" if found.share > 1 else "clean"
        self.witnesses[name] = Witness(station=name, travel=travel, passed_from=start, passed_until=end, said=said, worst=found)
        return self.witnesses[name]

    def _worst(self, name: str, window: tuple[int, int], hold: int = 0) -> Worst | None:
        """What stood worst at a station in a window, of the breach's quantity and those that move with it."""
        said = {
            series: stretch
            for series, stretch in of_station(self.record, name, window, hold)
            if are_related(plain(series.partition("/")[2]), plain(self.breach.quantity))
        }
        return worst([*self._site.limits, *self._lent(said)], said)

    def _lent(self, said: Record) -> Iterator[Limit]:
        """The breach's own limit, for series of its quantity that have none."""
        above, below = self.breach.above, self.breach.below
        own = {limit.series for limit in self._site.limits}
        for series in said.keys() - own:
            if (above is None) != (below is None) and series.partition("/")[2] == self.breach.quantity:
                edge = above if below is None else below
                yield Limit(name="breach", series=series, above=above, below=below, clear=edge or 0.0)

    @property
    def _site(self) -> Site:
        return self.network.site

    def suspects(self, pieces: tuple[Piece, ...]) -> Iterator[Suspect]:
        """The outfalls and tanks in the pieces, each weighed."""
        for name, spot in self.network.spots.items():
            station = self._site.stations[name]
            places = [one.standing for one in pieces if one.reach == spot.reach and one.start <= spot.metres <= one.end]
            way = self.network.way(name, self.breach.station)
            if station.kind in KINDS and places and way is not None:
                yield suspect(
                    self.network,
                    station,
                    self.network.travel(way, self.gauges),
                    place=min(places, key=STANDINGS.index),
                    quantity=self.breach.quantity,
                    since=self.breach.since,
                    record=self.record,
                )

    def arrivals(self) -> Iterator[Arrival]:
        """The water stations below, and when each may see it."""
        for name in self.network.below(self.breach.station):
            way = self.network.way(self.breach.station, name)
            if way is None or self._site.stations[name].kind != "water":
                continue
            travel = self.network.travel(way, self.gauges)
            earliest, likely, latest = arrival(travel, self.breach.since)
            found = self._worst(name, (earliest, latest))
            seen = found if found and found.share > 1 else None
            yield Arrival(station=name, travel=travel, earliest=earliest, likely=likely, latest=latest, seen=seen)
