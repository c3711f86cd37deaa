"""Scenarios: stations, incidents and a span of time in a TOML file, played the same way every time."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

from detectors.domain.errors import Misconfigured, RiverwatchError
from ingest.wire import instant
from simulators.incidents import Incident, Kind
from simulators.records import DAY, SECOND, load
from simulators.replay import HISTORY, Replay
from simulators.retold import Said
from simulators.sent import Run
from simulators.stations import River, Sensor, Works
from simulators.world import World

WATERS = ("world", "record", "tank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What happens, where, and how long."""

    name: str
    site: str
    seed: int
    start: int  # ns since 1970 UTC
    seconds: int
    every: int  # seconds from reading to reading
    speed: float  # 1 = as it happens, 0 = as fast as the broker takes it
    stations: Mapping[str, str]  # name: where its values come from, one of WATERS
    incidents: tuple[Incident, ...]

    def said(self) -> Iterator[Said]:
        """Everything that the stations say, in order of time."""
        return merge(*(self._of(name, source) for name, source in self.stations.items()), key=lambda said: said[1].at)

    def _of(self, name: str, source: str) -> Iterator[Said]:
        sensor = self._sensor(name, source)
        mine = tuple(one for one in self.incidents if one.station == name)
        for at in range(self.start, self.start + self.seconds * SECOND, self.every * SECOND):
            values = sensor.read(at, mine)
            if values:
                yield name, Run(at=at, values=values)

    def _sensor(self, name: str, source: str) -> Sensor:
        if source == "tank":
            return Works(station=name, seed=self.seed)
        if source == "record":
            midnight = self.start // DAY * DAY
            replay = Replay(record=load(name), seed=self.seed, shift=midnight - HISTORY)
            return River(water=replay.read, past=replay.history)
        world = World(seed=self.seed, stations=tuple(n for n, s in self.stations.items() if s == "world"))
        return River(water=lambda at: world.read(name, at), past=lambda _: iter(()))


def read(path: Path, now: int) -> Scenario:
    """The scenario in a file; a `start` of "now" is `now`.

    Raises:
        Misconfigured: naming what is wrong.
    """
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        start = now // SECOND * SECOND if text["start"] == "now" else instant.of_text(text["start"])
        stations = {one["name"]: _one_of(one["water"], WATERS) for one in text["station"]}
        return Scenario(
            name=text.get("name", path.stem),
            site=text["site"],
            seed=int(text.get("seed", 1)),
            start=start,
            seconds=int(text["seconds"]),
            every=int(text.get("every", 10)),
            speed=float(text.get("speed", 0)),
            stations=stations,
            incidents=tuple(_incident(i, one, start, stations) for i, one in enumerate(text.get("incident", ()))),
        )
    except OSError as fault:
        raise Misconfigured([f"{path.name}: {fault.strerror}"]) from fault
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, RiverwatchError) as fault:
        raise Misconfigured([f"{path.name}: {type(fault).__name__}: {fault}"]) from fault


def _incident(number: int, one: Mapping[str, Any], start: int, stations: Mapping[str, str]) -> Incident:
    since = start + round(one["after"] * SECOND)
    return Incident(
        id=f"{start // SECOND}-{number}",
        kind=Kind(one["kind"]),
        station=_one_of(one["station"], tuple(stations)),
        quantities=tuple(one.get("quantities", ())),
        since=since,
        until=since + round(one["lasts"] * SECOND),
        strength=float(one.get("strength", 1.0)),
    )


def _one_of(said: str, choices: tuple[str, ...]) -> str:
    if said not in choices:
        raise ValueError(f"{said!r} is none of {', '.join(choices)}")
    return said
