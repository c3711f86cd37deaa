"""Tracing: reads from the series store what a trace asks for, and traces an episode up and down the river."""

from dataclasses import replace

from detectors.domain.judged import Flag
from detectors.domain.quantity import quantities
from detectors.domain.series import plain, series_of
from detectors.water.breach import Breach, Trace
from detectors.water.network import Network
from detectors.water.record import Stretch
from detectors.water.upstream import trace, wanted
from storage.casebook import Episode
from storage.series import Store

GAUGE_WITHIN = 6 * 3600 * 1_000_000_000  # ns that a flow or stage may be older than the breach
MATTERS = ("pollution", "hazard")


def traced(network: Network, store: Store, episode: Episode) -> Trace | None:
    """The trace of an episode; None where no water carries it: another matter, or a station on no reach."""
    station = network.site.stations.get(episode.station)
    if station is None or station.kind == "camera" or episode.matter not in MATTERS or episode.station not in network.spots:
        return None
    breach = breach_of(episode)
    gauges = gauges_at(network, store, episode.since)
    record = {series: _good(store, series, start, end) for series, start, end in wanted(network, breach, gauges)}
    return trace(network, breach, gauges, record)


def breach_of(episode: Episode) -> Breach:
    """The episode as a trace sees it; its limit is lent to stations without one only if it is of the factor itself."""
    factor, limit = factor_of(episode), episode.limit
    plain_one = Breach(station=episode.station, quantity=factor, since=episode.since)
    if episode.value is None or limit is None or episode.quantity != factor or episode.value == limit:
        return plain_one
    return replace(plain_one, above=limit) if episode.value > limit else replace(plain_one, below=limit)


def factor_of(episode: Episode) -> str:
    """The quantity that is beyond its limit: that of a derived reading is said in its facts, or in its name."""
    said = episode.facts.get("factor")
    if isinstance(said, str) and said in quantities():
        return said
    _, _, detail = episode.quantity.partition(".")
    return detail if detail in quantities() else plain(episode.quantity)


def gauges_at(network: Network, store: Store, at: int) -> dict[str, float]:
    """The newest good flow and stage of every station at an instant (ns since 1970 UTC), by series."""
    names = [
        series_of(name, quantity)
        for name in network.spots
        for quantity in ("flow", "stage")
        if quantity in network.site.stations[name].quantities
    ]
    found = {name: _good(store, name, at - GAUGE_WITHIN, at) for name in names}
    return {name: float(said.value[-1]) for name, said in found.items() if len(said.value)}


def _good(store: Store, series: str, start: int, end: int) -> Stretch:
    said = store.read(series, start, end + 1)
    good = said.flag <= Flag.NOT_EVALUATED
    return Stretch(at=said.at[good], value=said.value[good])
