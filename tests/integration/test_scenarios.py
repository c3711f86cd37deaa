"""Scenarios end to end: before the court without a stack, and aloud through a broker and the gateway."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5

from dashboards.desk.player import Player
from detectors.domain.errors import Refused
from ingest.columns import Columns
from ingest.topics import parse
from ingest.wire import json as wire
from ingest.wire import senml
from simulators.sent import Book
from streams.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "sites" / "qinghe"
SHORT = """
site = "qinghe"
seed = 7
start = "2026-05-04T00:00:00+08:00"
hours = 16
every = 60
lab_every = 3600
wetness = 0.0
[[station]]
name = "franklin"
[[station]]
name = "waterlab"
[[station]]
name = "mainstreet"
[[incident]]
kind = "spill"
station = "franklin"
after = 2
lasts = 3
[[incident]]
kind = "stuck"
station = "mainstreet"
quantities = "cond"
after = 1
lasts = 3
[[incident]]
kind = "silent"
station = "waterlab"
after = 12
lasts = 1
"""
ALOUD = """
site = "qinghe"
seed = 7
start = "now"
hours = 0.5
[[station]]
name = "franklin"
speaks = "json"
[[station]]
name = "waterlab"
speaks = "senml"
[[station]]
name = "mainstreet"
speaks = "hj212"
quantities = "temp cond ph do turb"
[[incident]]
kind = "duplicates"
station = "franklin"
after = 0.1
lasts = 0.2
"""


def riversim(*arguments: object) -> dict:
    command = [sys.executable, "-m", "simulators.cli", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def scenario(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_loud_incidents_are_found_and_nothing_else_is_raised(tmp_path: Path) -> None:
    """The whole loop without a stack: play, judge, score, draw."""
    told = riversim(
        "run", scenario(tmp_path, SHORT), "--site", SITE, "--svg", tmp_path / "s.svg", "--status", tmp_path / "s.json"
    )

    assert {one["kind"]: (one["found"], one["recall"]) for one in told["kinds"]} == {
        "spill": (3, 1.0),
        "stuck": (1, 1.0),
        "silent": (1, 1.0),
    }
    assert told["false_alarms"] == []
    assert told["quality"]["kinds"][0]["recall"] > 0.7
    assert (tmp_path / "s.svg").read_text(encoding="utf-8").startswith("<svg")
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["state"] == "done"


def test_what_riverwatch_judges_is_scored_alike(tmp_path: Path) -> None:
    """A tester needs no stack at all: riversim writes, riverwatch judges, riversim scores."""
    recording, judged = tmp_path / "mine.csv", tmp_path / "judged.csv"
    riversim("run", scenario(tmp_path, SHORT), "--site", SITE, "--to", recording)
    judge = [sys.executable, "-m", "streams.cli", "judge", str(recording), "--site", str(SITE), "--out", str(judged)]
    subprocess.run(judge, cwd=ROOT, check=True, timeout=120)

    told = riversim("score", recording, "--site", SITE, "--judged", judged)
    here = riversim("score", recording, "--site", SITE)

    assert told["quality"]["kinds"] == here["quality"]["kinds"]
    found = {one["kind"]: one["found"] for one in told["kinds"]}
    assert (found["spill"], found["stuck"]) == (3, 1)


@contextlib.contextmanager
def gateway(address: str, data: Path) -> Iterator[int]:
    """`riverwatch gateway` as a process; a station's name is its MN."""
    port = free_port()
    told = {"RIVERWATCH_SITE": str(SITE), "RIVERWATCH_DATA": str(data), "RIVERWATCH_MQTT": f"mqtt://{address}"}
    command = [sys.executable, "-m", "streams.cli", "gateway", "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


class Listener:
    """Somebody who counts the readings of a site as the bridge would read them."""

    def __init__(self, address: str) -> None:
        self.heard: Counter[str] = Counter()
        ready = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="scenario-listener", protocol=MQTTv5)
        self.client.on_connect = lambda client, *_: client.subscribe("rw/v1/qinghe/+/telemetry", qos=1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self._hear
        host, port = address.split(":")
        self.client.connect(host, int(port))
        self.client.loop_start()
        assert ready.wait(10)

    def _hear(self, _client: object, _data: object, message: object) -> None:
        columns = Columns()
        read = senml.read if b'"n":' in message.payload else wire.read
        read(parse(message.topic), message.payload, got=time.time_ns(), into=columns)
        self.heard.update(name.partition("/")[0] for name in columns.series)


@pytest.mark.needs("mosquitto")
def test_devices_speak_json_senml_and_hj212_and_all_of_it_arrives(mosquitto_address: str, tmp_path: Path) -> None:
    """Half an hour in three seconds; what counts as said is what a broker or the gateway acknowledged."""
    listener = Listener(mosquitto_address)
    with gateway(mosquitto_address, tmp_path / "gateway") as port:
        told = riversim(
            "run", scenario(tmp_path, ALOUD), "--site", SITE, "--mqtt", f"mqtt://{mosquitto_address}", "--data", tmp_path,
            "--gateway", f"127.0.0.1:{port}", "--compress", 600,
        )  # fmt: skip
    (folder,) = (tmp_path / "scenarios").iterdir()
    book = Book(folder / "simulators" / "sent.sqlite")
    counted = Counter({one.series: one.count for one in book.sums()})
    listener.client.loop_stop()

    assert book.unacked() == 0
    for station in ("franklin", "waterlab", "mainstreet"):
        said = sum(n for series, n in counted.items() if series.startswith(station))
        assert said == listener.heard[station] > 0
    assert told["quality"]["readings"] == sum(counted.values())
    assert not (tmp_path / "simulators" / "floor").exists()


def test_a_run_ends_with_whoever_started_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.cli", "run", str(scenario(tmp_path, SHORT)), "--site", str(SITE), "--leash"]
    process = subprocess.Popen(
        [*command, "--seconds", "600", "--status", str(tmp_path / "s.json")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while not (tmp_path / "s.json").exists() and time.monotonic() < end:
        time.sleep(0.05)
    process.stdin.close()

    assert process.wait(30) == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["state"] == "stopped"


async def test_the_desk_plays_a_scenario_and_reads_how_it_went(tmp_path: Path) -> None:
    """The desk knows no simulator: it starts the command it is given and reads the file that the run keeps."""
    player = Player(command=(sys.executable, "-m", "simulators.cli"), site=SITE, data=tmp_path, mqtt="")
    assert {"spill", "night-discharge", "algae", "lowflow", "probes", "outages", "week"} <= {
        one.name for one in await player.scenarios()
    }

    await player.start("spill", 7, "rules-0")
    assert player.is_playing
    with pytest.raises(Refused):
        await player.start("spill", 7, "rules-0")
    await asyncio.wait_for(player.process.wait(), 120)
    status = player.status()

    assert player.failed() == ""
    assert (status.state, status.seed) == ("done", 7)
    assert [one.recall for one in status.score.kinds] == [1.0]
    assert status.svg["zh"].startswith("<svg")


async def test_a_scenario_that_is_stopped_says_so(tmp_path: Path) -> None:
    player = Player(command=(sys.executable, "-m", "simulators.cli"), site=SITE, data=tmp_path, mqtt="")
    await player.start("spill", 7, "rules-300")
    async with asyncio.timeout(60):
        while player.status() is None:  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.05)
    await player.stop()

    assert not player.is_playing
    assert player.status().state == "stopped"
