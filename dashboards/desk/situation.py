"""The situation: what state each station is in, from its open episodes and its newest readings."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from detectors.domain.instant import SECOND
from detectors.domain.series import quantity_of, station_of
from detectors.domain.signs import signs
from detectors.domain.site import Site, Station
from storage.casebook import Episode
from storage.series import Reading


class State(IntEnum):
    """How a station is, gravest last; the map and the tiles show the gravest that holds."""

    GOOD = 0
    NOTICE = 1
    INSTRUMENT = 2
    SILENT = 3
    WARNING = 4
    ALARM = 5

    @property
    def word(self) -> str:
        """The name that phrases and styles use."""
        return self.name.lower()


_HEALTH = frozenset(sign.limit.series for sign in signs()) | {"sharpness"}  # of a camera
PATIENCE = 2.0  # times `silent_after`: then the desk calls a station silent, whether the court still runs or not


def of_episode(episode: Episode) -> State:
    """What an open episode makes of its station."""
    if episode.matter == "instrument":
        return State.INSTRUMENT
    return State.SILENT if episode.matter == "silence" else State[episode.level.name]


def newest_of(station: str, newest: Mapping[str, Reading]) -> dict[str, Reading]:
    """The newest readings of one station, by quantity."""
    front = f"{station}/"
    return {series.removeprefix(front): reading for series, reading in newest.items() if series.startswith(front)}


def of_station(station: Station, episodes: Iterable[Episode], newest: Mapping[str, Reading], now: int) -> State:
    """The gravest of what is open at the station; a station that never spoke or spoke long ago is silent."""
    states = [of_episode(episode) for episode in episodes if episode.station == station.name and episode.cleared_at is None]
    last = max((reading.at for reading in newest_of(station.name, newest).values()), default=None)
    if last is None or (station.silent_after and now - last > PATIENCE * station.silent_after * SECOND):
        states.append(State.SILENT)
    return max(states, default=State.GOOD)


def states(site: Site, episodes: Iterable[Episode], newest: Mapping[str, Reading], now: int) -> dict[str, State]:
    """The state of every station of the site."""
    known = tuple(episodes)
    return {name: of_station(station, known, newest, now) for name, station in site.stations.items()}


def shown(site: Site, station: str, newest: Mapping[str, Reading]) -> list[str]:
    """The quantities a page shows of a station: those the registry names, in its order, then what else it sends.

    Of a camera first what it may raise an event by, and last how it is itself: there are thirty of them.
    """
    said = newest_of(station, newest)
    named = site.stations[station].quantities if station in site.stations else ()
    every = [*named, *sorted(set(said) - set(named))]
    if station not in site.cameras:
        return every
    judged = {quantity_of(limit.series) for limit in site.limits if station_of(limit.series) == station}
    return sorted(every, key=lambda name: (name in _HEALTH, name not in judged))
