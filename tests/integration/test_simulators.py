"""The simulators against real brokers: what they say they sent is what arrived, whatever is killed."""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree

import pytest
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5

from simulators.sent import Book
from streams.local import mosquitto
from streams.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
HISTORY = 3 * 30 + 8  # messages: a day each of three stations, and the outfall's 720 hours


class Listener:
    """Somebody who listens to a site and remembers everything."""

    def __init__(self, address: str, site: str) -> None:
        self.readings: dict[tuple[str, int], float] = {}
        self.seqs: dict[str, set[int]] = {}
        self.twice = 0
        self.frames = 0
        self.simulated = True
        subscribed = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=f"listener-{site}", protocol=MQTTv5)
        self.client.on_connect = lambda client, *_: client.subscribe(f"rw/v1/{site}/#", qos=1)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.on_message = self._hear
        host, port = address.split(":")
        self.client.connect(host, int(port))
        self.client.loop_start()
        assert subscribed.wait(10)

    def _hear(self, _client: object, _data: object, message: object) -> None:
        self.simulated &= ("sim", "1") in message.properties.UserProperty
        station, kind = message.topic.split("/")[3:]
        if kind == "frame":
            self.frames += message.payload[:2] == b"\xff\xd8"
            return
        said = json.loads(message.payload)
        for one in said if isinstance(said, list) else [said]:
            self.twice += one["seq"] in self.seqs.setdefault(station, set())
            self.seqs[station].add(one["seq"])
            for quantity, value in one["values"].items():
                assert self.readings.setdefault((f"{station}/{quantity}", one["ts"]), value) == value

    def sums(self) -> dict[str, tuple[int, float]]:
        time.sleep(0.3)  # what was acknowledged may still be on its way to us
        series: dict[str, list[float]] = {}
        for (name, _), value in self.readings.items():
            series.setdefault(name, []).append(value)
        return {name: (len(values), math.fsum(values)) for name, values in series.items()}

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture(params=["mosquitto_address", "artemis_address"])
def broker(request: pytest.FixtureRequest) -> str:
    """Each of the real brokers in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The demo's site under a name of its own, so that brokers may be shared."""
    folder = copytree(ROOT / "sites" / "qinghe", tmp_path / "site")
    text = (folder / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(text.replace('name = "qinghe"', f'name = "s{time.time_ns()}"'), encoding="utf-8")
    return folder


def name_of(site: Path) -> str:
    return (site / "site.toml").read_text(encoding="utf-8").split('name = "', 1)[1].split('"', 1)[0]


@pytest.fixture
def listener(broker: str, site: Path) -> Iterator[Listener]:
    """Somebody who listens from the beginning."""
    someone = Listener(broker, name_of(site))
    yield someone
    someone.close()


def riversim(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "simulators.cli", *arguments]


@contextmanager
def playing(broker: str, site: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo as a process; whatever is left of it at the end is killed."""
    command = riversim("demo", "--mqtt", f"mqtt://{broker}", "--site", str(site), "--data", str(data))
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(10)
        process.stdout.close()


def until(true: Callable[[], bool], what: str, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.02)


def said(process: subprocess.Popen[str], beginning: str) -> str:
    """The line with which the demo says that it has come so far."""
    for line in process.stdout:
        if line.startswith(beginning):
            return line
    pytest.fail(f"the demo ended without saying {beginning!r}")


def book(data: Path) -> Book:
    return Book(data / "simulators" / "sent.sqlite")


def as_said(truth: Book) -> dict[str, tuple[int, float]]:
    return {one.series: (one.count, one.sum) for one in truth.sums()}


def test_what_was_sent_is_what_arrived(broker: str, site: Path, listener: Listener, tmp_path: Path) -> None:
    with playing(broker, site, tmp_path) as demo:
        assert f"history: {HISTORY} messages" in said(demo, "history: ")
        said(demo, "live")
        until(lambda: len(listener.seqs.get("tank1", ())) >= 3 and listener.frames >= 4, "tank and camera")
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(10) == 0

    truth = book(tmp_path)
    assert as_said(truth) == listener.sums()
    assert truth.unacked() == 0
    assert all(one.said == one.acked + one.skipped for one in truth.tallies())
    assert listener.twice == 0
    assert listener.simulated
    assert listener.seqs["franklin"] >= set(range(1, 30 * 96 + 1))


def test_kill_9_loses_no_number_and_counts_none_twice(broker: str, site: Path, listener: Listener, tmp_path: Path) -> None:
    for moment in (0.02, 0.1, 0.05):
        with playing(broker, site, tmp_path) as demo:
            said(demo, "history: ")
            time.sleep(moment)
            demo.kill()
    with playing(broker, site, tmp_path) as demo:
        said(demo, "live")
        until(lambda: len(listener.seqs.get("tank1", ())) >= 2, "the tank speaks")
        demo.kill()
    with playing(broker, site, tmp_path) as demo:
        said(demo, "live")
        before = len(listener.seqs["tank1"])
        until(lambda: len(listener.seqs["tank1"]) >= before + 2, "the tank goes on")
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(10) == 0

    truth = book(tmp_path)
    assert truth.unacked() == 0
    assert as_said(truth) == listener.sums()
    for tally in truth.tallies():
        if tally.device != "gatecam":
            assert listener.seqs[tally.device] == set(range(1, tally.seq + 1))
            assert tally.said == tally.acked
    assert listener.sums()["waterlab/do"][0] >= 30 * 96


def test_nothing_counts_while_nobody_listens(mosquitto_address: str, site: Path, tmp_path: Path) -> None:
    """Mosquitto says when it drops what nobody has subscribed to (0x10), and it is said again; Artemis keeps that to itself."""
    with playing(mosquitto_address, site, tmp_path) as demo:
        said(demo, "history: ")
        time.sleep(1.5)
        assert as_said(book(tmp_path)) == {}
        listener = Listener(mosquitto_address, name_of(site))
        said(demo, "live")
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(10) == 0
    listener.close()

    assert as_said(book(tmp_path)) == listener.sums()


@pytest.mark.needs("mosquitto")
def test_a_broker_that_comes_back_hears_what_was_said_meanwhile(site: Path, tmp_path: Path) -> None:
    port = free_port()
    with playing(f"127.0.0.1:{port}", site, tmp_path / "data") as demo:
        said(demo, "waiting for the broker")
        with mosquitto.start(tmp_path / "broker", port) as address:
            first = Listener(address, name_of(site))
            said(demo, "live")
            until(lambda: first.seqs.get("tank1"), "the tank is heard")  # so that the broker does not stop in mid-message
        time.sleep(2.5)
        first.close()
        assert book(tmp_path / "data").unacked() > 0
        with mosquitto.start(tmp_path / "broker2", port) as address:
            second = Listener(address, name_of(site))
            until(lambda: book(tmp_path / "data").unacked() == 0, "all is said")
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(10) == 0
            second.close()

    tank = first.seqs.get("tank1", set()) | second.seqs["tank1"]
    assert tank == set(range(1, max(tank) + 1))


def test_a_file_is_told_again(broker: str, site: Path, listener: Listener, tmp_path: Path) -> None:
    lines = [f"waterlab/do,{1_780_000_000 + i * 10},{8 + i % 13 / 10}" for i in range(1000)]
    lines += [f"franklin/ph,{1_780_000_000 + i * 10},7.5" for i in range(300)]
    (tmp_path / "r.csv").write_text("\n".join(["series,at,value", *lines]), encoding="utf-8")
    command = riversim("replay", str(tmp_path / "r.csv"), "--mqtt", f"mqtt://{broker}", "--site", name_of(site), "--json")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    told = {one["series"]: (one["count"], one["sum"]) for one in json.loads(done.stdout)["series"]}
    assert {name: count for name, (count, _) in told.items()} == {"waterlab/do": 1000, "franklin/ph": 300}
    assert told == listener.sums()


def test_a_load_is_bounded_and_measured(broker: str, site: Path, listener: Listener) -> None:
    command = riversim(
        "load",
        "--mqtt",
        f"mqtt://{broker}",
        "--site",
        name_of(site),
        "--rate",
        "200",
        "--devices",
        "2",
        "--seconds",
        "2",
        "--json",
    )
    done = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout)

    assert 0 < done["published"] <= 401
    assert done["acked"] == done["published"]
    until(lambda: sum(map(len, listener.seqs.values())) == done["published"], "every message arrives")


def test_a_wrong_address_is_one_sentence() -> None:
    command = riversim("load", "--mqtt", "http://nowhere", "--rate", "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert done.stderr == "riversim: --mqtt: 'http://nowhere' is not a URL such as mqtt://localhost:1883\n"
