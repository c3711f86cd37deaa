"""The demo: 30 days of history, then live readings, and an incident every few minutes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from threading import Event

from detectors.domain.site import Site, Station
from ingest.mqtt.port import Broker
from simulators import camera as cameras
from simulators.camera import Camera
from simulators.devices import Device, stop_together
from simulators.floor import Floor
from simulators.records import BEAT
from simulators.replay import shift_for
from simulators.schedule import Programme, Schedule, closed_zones, played
from simulators.sent import Book
from simulators.spoken import Run
from simulators.stations import TANK_BEAT, Beat, Sensor, sensor_of
from simulators.truth import Truth

ROWS = 96  # of history in a message: a day at 15 min
STEP = 0.02  # seconds between two looks at the clock
PATIENCE = 2.0  # seconds at the end for acknowledgements under way

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Speaker:
    """A station on its way: its device, its beat, its sensor."""

    station: Station
    topic: str
    device: Device
    beat: Beat
    sensor: Sensor | None = None  # none: a camera
    camera: Camera | None = None


@dataclass(slots=True, kw_only=True)
class Demo:
    """A site brought to life against a broker, with the truth in a book."""

    site: Site
    broker: Broker
    book: Book
    truth: Truth
    seed: int
    say: Say = print
    speakers: list[Speaker] = field(default_factory=list)
    floor: Floor | None = None  # a scenario may speak for some of the stations
    programme: Programme = field(default_factory=lambda: Programme(iter(())))

    def run(self, stop: Event) -> None:
        """Play until told to stop, and leave in good order."""
        self.truth.cut(self._last_said())
        last = {tally.device: tally.last_at or 0 for tally in self.book.tallies()}
        self.speakers = [self._speaker(station, last.get(station.name, 0)) for station in played(self.site)]
        try:
            if self._meet(stop) and self._tell_history(stop):
                self._live(stop)
        finally:
            self._leave()

    def _speaker(self, station: Station, last: int) -> Speaker:
        kind = "frame" if station.kind == "camera" else "telemetry"
        period = {"camera": cameras.PERIOD, "tank": TANK_BEAT}.get(station.kind, BEAT)
        return Speaker(
            station=station,
            topic=f"rw/v1/{self.site.name}/{station.name}/{kind}",
            device=Device.of(station.name, self.site.name, self.broker, self.book),
            beat=Beat.of(station.name, period, last),
        )

    def _meet(self, stop: Event) -> bool:
        """Wait until the broker answers."""
        self.say(f"waiting for the broker at {self.broker.host}:{self.broker.port}")
        while not all(speaker.device.client.is_connected() for speaker in self.speakers):
            if stop.wait(STEP):
                return False
        return True

    def _tell_history(self, stop: Event) -> bool:
        """At the first start, say the 30 days before it, station by station; later, what was still to be said."""
        first_start = int(self.book.note("first start", str(time.time_ns())) or 0)
        shift = shift_for(first_start, self.site.timezone)
        last = {one.series: one.last for one in self.book.sums()}
        for speaker in self.speakers:
            if speaker.station.kind != "camera":
                speaker.sensor = sensor_of(speaker.station, self.site, self.seed, shift, last)
                self._write_history(speaker, first_start)
        began, waiting = time.monotonic(), self.book.unacked()
        self.say(f"history: {waiting} messages to say")
        while self.book.unacked():
            if not sum(speaker.device.pump() for speaker in self.speakers) and stop.wait(0.005):
                return False
        self.say(f"history: said in {time.monotonic() - began:.1f} s")
        return not stop.is_set()

    def _write_history(self, speaker: Speaker, until: int) -> None:
        name = f"history of {speaker.station.name}"
        if speaker.sensor and self.book.note(name) is None:
            runs = (Run(at=at, values=values) for at, values in speaker.sensor.history(until))
            self.book.say(speaker.station.name, speaker.topic, list(_in_parts(runs, ROWS)), note=name)

    def _live(self, stop: Event) -> None:
        start = time.time_ns()
        self.truth.open(start)
        self.programme = Programme(iter(Schedule(site=self.site, seed=self.seed, start=start)))
        for speaker in self.speakers:
            if speaker.station.kind == "camera":
                zones = closed_zones(self.site, speaker.station.name) if speaker.station.name in self.site.cameras else []
                speaker.camera = Camera(name=speaker.station.name, start=start, closed=zones[0] if zones else ())
        self.say(f"live: {len(self.speakers)} stations")
        while not stop.wait(STEP):
            self.step(time.time_ns())

    def step(self, now: int) -> None:
        """Let everybody whose time has come speak, and hear what the broker says."""
        self._play(now)
        for speaker in self.speakers:
            at = speaker.beat.due(now)
            if at is not None and not (self.floor and self.floor.has(speaker.station.name)):
                self._speak(speaker, at)
            speaker.device.pump()

    def _play(self, now: int) -> None:
        """Begin the incidents whose time has come, written down before they show."""
        begun = self.programme.begin(now)
        if begun:
            self.truth.begin(begun)
        for one in begun:
            self.say(f"incident: {one.kind} at {one.station} {' '.join(one.quantities)}")

    def _speak(self, speaker: Speaker, at: int) -> None:
        mine = self.programme.of(speaker.station.name)
        if speaker.camera:
            speaker.device.show(speaker.topic, at, speaker.camera.frame(at, mine))
        elif speaker.sensor:
            values = speaker.sensor.read(at, mine)
            rounds = speaker.sensor.rounds(at)
            if rounds != speaker.sensor.rounds(at - speaker.beat.period):
                self.book.note(f"{speaker.station.name} began its record anew for the {rounds}. time", str(at))
                self.say(f"{speaker.station.name} begins its record anew")
            if values:
                self.book.say(speaker.station.name, speaker.topic, [[Run(at=at, values=values)]])

    def _leave(self) -> None:
        """Wait a little for the last acknowledgements, say when it all ended, go."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(speaker.device.under_way for speaker in self.speakers):
            if not sum(speaker.device.pump() for speaker in self.speakers):
                time.sleep(STEP)
        self.truth.cut(max(self._last_said(), 1))
        stop_together([speaker.device for speaker in self.speakers])

    def _last_said(self) -> int:
        return max((tally.last_at or 0 for tally in self.book.tallies()), default=0)


def _in_parts(runs: Iterator[Run], most: int) -> Iterator[list[Run]]:
    while part := list(islice(runs, most)):
        yield part
