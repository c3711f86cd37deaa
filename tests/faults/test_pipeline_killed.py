"""kill -9 of any process in mid-stream: every reading is stored once, every event is there once, the ledger closes."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Turn
from storage.casebook import Casebook
from storage.ledger import Ledger
from storage.registry import load
from storage.series import open_store

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "sites" / "qinghe"
T = TypeVar("T")
SECOND = 10**9
STATIONS = ("franklin", "waterlab", "mainstreet")
READINGS = 500  # of each station, one a second of its own time
PACE = 0.06  # seconds between two messages of a station
KILLS = ("worker", "bridge", "kafka", "messenger", "worker", "artemis", "bridge", "worker")


@dataclass
class Stack:
    """A running `riverwatch up` without simulators."""

    data: Path

    def pid(self, name: str) -> int | None:
        """The process that runs under a name now."""
        for one in json.loads((self.data / "processes.json").read_text()):
            if one["name"] == name and one["state"] == "running":
                return int(one["pid"])
        return None

    def kill(self, name: str) -> None:
        """Nothing but kill -9."""
        pid = until(lambda: self.pid(name), 60, f"{name} to run")
        os.kill(pid, signal.SIGKILL)

    @property
    def mqtt(self) -> int:
        return int(json.loads((self.data / "ports.json").read_text())["mqtt"])


def until(said: Callable[[], T], seconds: float, what: str, every: float = 0.2) -> T:
    """Wait for something true."""
    end = time.monotonic() + seconds
    while not (found := said()):
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s in vain for {what}")
        time.sleep(every)
    return found


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = ["up", "--site", str(SITE), "--data", str(tmp_path), "--port", str(port), "--no-simulators"]
    with (tmp_path / "up.log").open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", *line], cwd=ROOT, stdout=words, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until(lambda: "riverwatch watches" in (tmp_path / "up.log").read_text(), 120, "the stack")
        yield Stack(tmp_path)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def values(station: str) -> list[float]:
    """Calm water with noise, and low for 60 s of every 160: three episodes."""
    chance = random.Random(station)
    return [round((3.0 if 60 <= i % 160 < 120 else 8.0) + chance.uniform(-0.2, 0.2), 3) for i in range(READINGS)]


def said_by(station: str, start: int) -> list[tuple[str, int, float]]:
    return [(f"{station}/do", start + i * SECOND, value) for i, value in enumerate(values(station))]


def publish(stack: Stack, rows: list[tuple[str, int, float]]) -> None:
    """Say readings as a logger does: one after the other, each until the broker has it, through every outage."""
    station = rows[0][0].split("/")[0]
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"test-{station}", protocol=MQTTv5)
    client.max_inflight_messages_set(1)
    client.reconnect_delay_set(1, 2)
    taken: set[int] = set()
    client.on_publish = lambda _client, _data, mid, *_: taken.add(mid)
    client.connect_async("127.0.0.1", stack.mqtt)
    client.loop_start()
    for series, at, value in rows:
        said = {"ts": at, "seq": at // SECOND, "values": {series.split("/")[1]: value}}
        mid = client.publish(f"rw/v1/qinghe/{station}/telemetry", json.dumps(said), qos=1).mid  # kept by paho while it is away
        until(lambda mid=mid: mid in taken, 120, f"the broker to take {said}", every=PACE)
    client.disconnect()
    client.loop_stop()


def expected(rows: dict[str, list[tuple[str, int, float]]]) -> set[tuple[str, Turn]]:
    """What the court says of these readings when nothing breaks."""
    court = Court(load(SITE))
    verdicts = [court.judge(court.blank(), Batch.of(of_station)) for of_station in rows.values()]
    return {(event.id, event.turn) for verdict in verdicts for event in verdict.events}


@pytest.mark.timeout(600)
def test_kill_9_of_every_process_loses_nothing_and_doubles_nothing(stack: Stack) -> None:
    start = time.time_ns() // SECOND * SECOND - READINGS * SECOND
    rows = {station: said_by(station, start) for station in STATIONS}
    sayers = [threading.Thread(target=publish, args=(stack, of_station)) for of_station in rows.values()]
    for sayer in sayers:
        sayer.start()
    for name in KILLS:
        time.sleep(4)
        stack.kill(name)
    for sayer in sayers:
        sayer.join()

    store, ledger = open_store(f"sqlite:///{stack.data}/series.db"), Ledger(f"sqlite:///{stack.data}/ledger.db")
    book = Casebook(f"sqlite:///{stack.data}/casebook.db", load(SITE))

    def drained() -> bool:
        balance = ledger.balance()
        stored = sum(store.count(f"{station}/do") for station in STATIONS)
        return balance.total.received >= stored == READINGS * 3 and balance.closes and not balance.total.in_flight

    until(drained, 120, f"the ledger to close: {ledger.balance()}")
    for station, of_station in rows.items():
        kept = store.read(f"{station}/do", 0, time.time_ns() + 10**15)
        assert list(zip(kept.at, kept.value, strict=True)) == [(at, value) for _, at, value in of_station]
    account = ledger.balance().total
    assert account.received == account.judged + account.history + account.repeated + account.refused
    assert account.judged == READINGS * 3
    assert account.refused == 0

    def turns() -> set[tuple[str, Turn]]:
        # a killed broker delivers again what it had delivered long ago; that is history, and recorded as late, not told
        episodes = [e for e in book.events(1000, 0) if not e.late]
        return {(e.id, Turn.RAISED) for e in episodes} | {(e.id, Turn.CLEARED) for e in episodes if e.cleared_at}

    due = {(name, turn) for name, turn in expected(rows) if turn is not Turn.LATE}
    until(lambda: due <= turns(), 60, "every event")
    silences = {e.id for e in book.events(1000, 0) if e.rule == "silence"}  # outages of the broker may be told as silence
    assert {one for one in turns() if one[0] not in silences} == due
    words = (stack.data / "logs" / "worker.log").read_text(errors="replace")
    assert "Error in recovery" not in words  # the snapshots were read back
    assert "where 0 was due" not in words  # and found: nobody judged from the beginning again
    mail = [message.id for message in book.mailbox("zhang", 1000)]
    assert len(mail) == len(set(mail))
