"""Stations of a demo: each has a device, a beat, and something that it measures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

from detectors.domain.instant import SECOND
from detectors.domain.site import Site, Station
from simulators.incidents import Incident, Kind, disturbed
from simulators.records import load, shipped
from simulators.replay import HISTORY, Replay
from simulators.schedule import downstream
from simulators.tank import FULL, Tank, valves_of
from simulators.world import World

TANK_BEAT = SECOND
HISTORY_BEAT = 900 * SECOND
FRESH = SECOND // 2  # a beat that is older was slept through: the device was off then, and does not make it up
JAMMED = 45 * SECOND  # of an overfilling the inlet is jammed so long; then a pump brings the level down

Row = tuple[int, dict[str, float]]
Incidents = Sequence[Incident]


class Sensor(Protocol):
    """What a station measures."""

    def read(self, at: int, incidents: Incidents) -> dict[str, float]:
        """The values at an instant, disturbed by the incidents of the station."""
        ...

    def history(self, until: int) -> Iterator[Row]:
        """The 30 days up to an instant."""
        ...

    def rounds(self, at: int) -> int:
        """How often what is measured has begun anew by an instant."""
        ...


@dataclass(slots=True, kw_only=True)
class River:
    """Sensors in the water: a function of time, so that any instant can be asked for."""

    water: Callable[[int], dict[str, float]]
    past: Callable[[int], Iterator[Row]]
    anew: Callable[[int], int] = lambda _: 0

    def read(self, at: int, incidents: Incidents) -> dict[str, float]:
        """What the sensors say."""
        values = self.water(at)
        for incident in incidents:
            values = disturbed(incident, at, values, self.water)
        return values

    def history(self, until: int) -> Iterator[Row]:
        """What they said before."""
        return self.past(until)

    def rounds(self, at: int) -> int:
        """How often the record has begun anew."""
        return self.anew(at)


@dataclass(slots=True, kw_only=True)
class Works:
    """Instruments on a tank, which goes its way from second to second; it has no past."""

    station: str
    seed: int
    tank: Tank = field(default_factory=Tank)
    last: int = 0

    def read(self, at: int, incidents: Incidents) -> dict[str, float]:
        """What the instruments say; the tank goes on by the seconds since they were read last, a minute at most."""
        first = at - SECOND if not self.last else max(self.last, at - 60 * SECOND)
        for second in range(first + SECOND, at + 1, SECOND):
            self._go_on(second, incidents)
        self.last = at
        silent = any(one.kind is Kind.SILENT and one.holds(at) for one in incidents)
        return {} if silent else self.tank.read(self.seed, self.station, at)

    def _go_on(self, at: int, incidents: Incidents) -> None:
        now = [one for one in incidents if one.holds(at)]
        flood = next((one for one in now if one.kind is Kind.OVERFILL), None)
        leak = 70.0 if any(one.kind is Kind.GAS for one in now) else 0.0
        jammed = flood is not None and at - flood.since < JAMMED
        self.tank = self.tank.after(1.0, valves_of(self.tank, jammed=jammed, pumping=self.tank.level > 75, leak=leak))

    def history(self, until: int) -> Iterator[Row]:  # noqa: ARG002  a tank has none
        """Nothing."""
        return iter(())

    def rounds(self, at: int) -> int:  # noqa: ARG002  a tank goes on and on
        """Never."""
        return 0


@dataclass(slots=True, kw_only=True)
class Beat:
    """When a station speaks: at whole beats of the clock, shifted so that not all speak at once."""

    period: int  # ns
    phase: int
    last: int = 0

    @classmethod
    def of(cls, station: str, period: int, last: int = 0) -> "Beat":
        """The beat of a station, which follows from its name; it does not speak again of `last` or what was before."""
        return cls(period=period, phase=crc32(station.encode()) % (period // SECOND or 1) * SECOND, last=last)

    def due(self, now: int) -> int | None:
        """The instant to speak of, if there is one that was not spoken of yet and is fresh."""
        slot = (now - self.phase) // self.period * self.period + self.phase
        if slot <= self.last or now - slot > FRESH:
            return None
        self.last = slot
        return slot


def sensor_of(station: Station, site: Site, seed: int, shift: int, last: Mapping[str, float]) -> Sensor:
    """What a station measures: its own record where one is shipped, a tank, or the river that follows from the seed.

    Args:
        station: where.
        site: the site it belongs to.
        seed: of all chance.
        shift: how far records are moved (ns).
        last: the values said last, by series; a tank goes on from them.
    """
    if station.kind == "tank":
        return Works(station=station.name, seed=seed, tank=Tank(level=last.get(f"{station.name}/level", FULL)))
    if station.name in shipped():
        replay = Replay(record=load(station.name), seed=seed, shift=shift)
        return River(water=replay.read, past=replay.history, anew=replay.rounds)
    world = World(seed=seed, stations=tuple(one.name for one in downstream(site)) or (station.name,))
    return _of_world(world, station.name if station.name in world.stations else world.stations[-1])


def _of_world(world: World, station: str) -> River:
    def water(at: int) -> dict[str, float]:
        return world.read(station, at)

    def past(until: int) -> Iterator[Row]:
        first = (until - HISTORY) // HISTORY_BEAT + 1
        return ((beat * HISTORY_BEAT, water(beat * HISTORY_BEAT)) for beat in range(first, until // HISTORY_BEAT + 1))

    return River(water=water, past=past)
