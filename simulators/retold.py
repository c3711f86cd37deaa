"""Recordings told again: rows of a file, said by devices as if they were measured now or as fast as a broker takes them."""

import csv
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import isfinite
from pathlib import Path
from threading import Event

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from ingest.mqtt.port import Broker
from ingest.wire import instant
from ingest.wire.json import MARKS
from simulators.devices import Device, stop_together
from simulators.sent import Book
from simulators.spoken import Run

RUNS = 96  # in a message, when told as fast as possible
AHEAD = 50  # messages in the book before the broker must catch up

Said = tuple[str, Run]  # a station, and what it says of one instant


@dataclass(slots=True, kw_only=True)
class Teller:
    """Devices that say what they are given, made as stations turn up."""

    site: str
    broker: Broker
    book: Book
    devices: dict[str, Device] = field(default_factory=dict)

    def tell(self, said: Iterable[Said], speed: float, stop: Event) -> None:
        """Say everything in order; at `speed` times the pace of the instants, or as fast as the broker takes it if 0."""
        told = _paced(said, speed, stop) if speed > 0 else _gathered(said)
        for number, (station, runs) in enumerate(told):
            if station not in self.devices:
                self.devices[station] = Device.of(station, self.site, self.broker, self.book)
            self.book.say(station, f"rw/v1/{self.site}/{station}/telemetry", [runs])
            if speed > 0 or number % AHEAD == AHEAD - 1:
                self.pump(0 if speed > 0 else AHEAD, stop)
            if stop.is_set():
                break
        self.pump(0, stop)

    def pump(self, most: int, stop: Event) -> None:
        """Publish until the book holds at most so many messages, or until told to stop."""
        while self.book.unacked() > most:
            if not sum(device.pump() for device in self.devices.values()) and stop.wait(0.003):
                return

    def leave(self) -> None:
        """Let every device leave the broker."""
        stop_together(self.devices.values())


def rows(path: Path) -> Iterator[Said]:
    """What a CSV file `series,at,value[,mark]` says, instant by instant, in the file's order; empty values are left out.

    Raises:
        Refused: naming the line that cannot be understood.
    """
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if not {"series", "at", "value"} <= set(table.fieldnames or ()):
            raise Refused(f"{path.name}: not a table of series,at,value[,mark]", table.fieldnames)
        parsed = (row for line, text in enumerate(table, 2) if (row := _row(path, line, text)))
        for (station, at), group in groupby(parsed, key=lambda row: (row[0].partition("/")[0], row[1])):
            yield from ((station, run) for run in _runs(at, group))


Row = tuple[str, int, float, int]


def _row(path: Path, line: int, text: dict[str, str]) -> Row | None:
    try:
        station, _, quantity = text["series"].partition("/")
        value = float(text["value"] or "nan")
        mark = MARKS[text["mark"]] if text.get("mark") else 0
        row = (text["series"], instant.of_property(text["at"]), value, mark)
    except (ValueError, KeyError, TypeError, Refused) as fault:
        raise Refused(f"{path.name}:{line}: {fault}", text) from fault
    if not station or not quantity:
        raise Refused(f"{path.name}:{line}: a series is station/quantity", text["series"])
    return row if isfinite(value) else None


def _runs(at: int, group: Iterable[Row]) -> Iterator[Run]:
    """Rows of one station and instant as few runs, none of which says a quantity twice."""
    values: dict[str, float] = {}
    marks: dict[str, int] = {}
    for series, _, value, mark in group:
        quantity = series.partition("/")[2]
        if quantity in values:
            yield Run(at=at, values=values, marks=marks)
            values, marks = {}, {}
        values[quantity] = value
        if mark:
            marks[quantity] = mark
    yield Run(at=at, values=values, marks=marks)


def _gathered(said: Iterable[Said]) -> Iterator[tuple[str, list[Run]]]:
    """Messages of many runs; each station's runs stay in order."""
    held: dict[str, list[Run]] = {}
    for station, run in said:
        held.setdefault(station, []).append(run)
        if len(held[station]) == RUNS:
            yield station, held.pop(station)
    yield from held.items()


def _paced(said: Iterable[Said], speed: float, stop: Event) -> Iterator[tuple[str, list[Run]]]:
    """Messages of one run, each when its time has come."""
    began, first = time.monotonic(), None
    for station, run in said:
        first = run.at if first is None else first
        if stop.wait(max(0.0, (run.at - first) / SECOND / speed - (time.monotonic() - began))):
            return
        yield station, [run]
