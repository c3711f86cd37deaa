"""Telling: a tape said aloud by devices, each in its own speech, at the pace at which it arrives or as fast as it is taken."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event

import numpy as np

from detectors.domain.instant import SECOND
from detectors.domain.series import station_of
from ingest.mqtt.port import Broker
from simulators.devices import Device, stop_together
from simulators.logger import Logger
from simulators.sent import Book
from simulators.spoken import LOGGER, Run
from simulators.tape import Tape

AHEAD = 50  # messages in the book before the broker must catch up
STEP = 0.003  # s

Progress = Callable[[int], None]  # the instant that has been said


@dataclass(slots=True, kw_only=True)
class Telling:
    """The devices of a scenario."""

    site: str
    broker: Broker
    book: Book
    speaks: Mapping[str, str]  # by station
    gateway: tuple[str, int] | None = None  # without it, those that speak HJ 212 speak JSON
    devices: dict[str, Device | Logger] = field(default_factory=dict)

    def tell(self, tape: Tape, stop: Event, *, paced: bool, progress: Progress = lambda _at: None) -> None:
        """Say all of it in order of arrival; paced, what arrives at an instant is said when that instant has come."""
        for number, (station, got, run) in enumerate(_runs(tape)):
            while paced and time.time_ns() < got and not stop.is_set():
                self._pump()
                stop.wait(min(0.1, max(0.0, (got - time.time_ns()) / SECOND)))
            if stop.is_set():
                return
            self._say(station, run)
            progress(got)
            while self.book.unacked() > AHEAD * (not paced) + 10_000 * paced and not stop.is_set():
                self._pump() or stop.wait(STEP)
            if number % AHEAD == 0:
                self._pump()
        while self.book.unacked() and not stop.is_set():
            self._pump() or stop.wait(STEP)

    def leave(self) -> None:
        """Let every device leave."""
        stop_together(self.devices.values())

    def _say(self, station: str, run: Run) -> None:
        speech = self.speaks[station]
        speech = "json" if speech == LOGGER and self.gateway is None else speech
        if station not in self.devices:
            self.devices[station] = (
                Logger(station, self.book, self.gateway)
                if speech == LOGGER and self.gateway
                else Device.of(station, f"{self.site}-scenario", self.broker, self.book)
            )
        topic = LOGGER if speech == LOGGER else f"rw/v1/{self.site}/{station}/telemetry"
        self.book.say(station, topic, [[run]], speech=speech)

    def _pump(self) -> int:
        return sum(device.pump() for device in self.devices.values())


def _runs(tape: Tape) -> Iterator[tuple[str, int, Run]]:
    """What each station says at once: rows of one arrival and one instant, none of which says a quantity twice."""
    rows = tape.rows
    station = np.array([station_of(name) for name in tape.names])[rows["series"]]
    words = [name.partition("/")[2] for name in tape.names]
    columns = zip(*(rows[name].tolist() for name in ("series", "at", "got", "value", "mark")), station.tolist(), strict=True)
    held: dict[str, tuple[int, int, dict[str, float], dict[str, int]]] = {}
    for series, at, got, value, mark, name in columns:
        quantity = words[series]
        was = held.get(name)
        if was is None or was[:2] != (at, got) or quantity in was[2]:
            if was:
                yield name, was[1], Run(at=was[0], values=was[2], marks=was[3])
            held[name] = was = (at, got, {}, {})
        was[2][quantity] = value
        if mark:
            was[3][quantity] = mark
    for name, (at, got, values, marks) in held.items():
        yield name, got, Run(at=at, values=values, marks=marks)
