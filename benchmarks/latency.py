"""From publishing a reading to its event in the casebook, at 2,000 messages a second: real broker, real Kafka, all processes.

The probe is a tank's gas: it leaps above its limit and back, ten times a second of its own time, so each leap is an episode.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from streams.local import artemis, kafka, mosquitto

PROBES, RATE, STATIONS, PARTITIONS = 100, 2000, 60, 12
SITE, MILLISECOND, SECOND = "latency", 1_000_000, 1_000_000_000


def main() -> Iterator[dict[str, object]]:
    """The median and the 99th percentile; the figure beside them is the limit that was promised."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = mosquitto if mosquitto.installed() else artemis
        mqtt, log = stack.enter_context(broker.start(folder / "mqtt")), stack.enter_context(kafka.start(folder / "kafka"))
        _site(folder / "site")
        for command in ("bridge", "worker"):
            stack.enter_context(_running(command, folder, mqtt, log))
        time.sleep(25)  # kernels are compiled or loaded, groups are joined
        crowd = stack.enter_context(_crowd(mqtt))
        time.sleep(5)
        took = np.array(_probe(mqtt, folder / "casebook.db"))
        rate = round(crowd())
    for share, promised in ((50, 150.0), (99, 500.0)):
        found = float(np.percentile(took, share))
        yield {
            "name": f"publish-to-event-p{share}", "ours": round(found, 1), "other": promised, "ratio": round(found / promised, 2),
            "goal": 0.99, "unit": f"ms at {rate} messages/s",
        }  # fmt: skip


@contextmanager
def _running(command: str, folder: Path, mqtt: str, log: str) -> Iterator[None]:
    environ = {
        **os.environ, "RIVERWATCH_SITE": str(folder / "site"), "RIVERWATCH_DATA": str(folder),
        "RIVERWATCH_MQTT": f"mqtt://{mqtt}", "RIVERWATCH_KAFKA": log,
    }  # fmt: skip
    line = [sys.executable, "-m", "streams.cli", command]
    process = subprocess.Popen(line, env=environ, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _site(folder: Path) -> None:
    folder.mkdir()
    head = f'name = "{SITE}"\ntitle_zh = "时延"\ntitle_en = "latency"\npartitions = {PARTITIONS}\n'
    (folder / "site.toml").write_text(head, encoding="utf-8")
    stations = ["tank,罐,tank,tank,120,31,gas,,,0", *(f"s{i},站,station,water,120,31,do temp ph,,,0" for i in range(STATIONS))]
    head = "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after"
    (folder / "stations.csv").write_text("\n".join([head, *stations, ""]), encoding="utf-8")
    (folder / "limits.toml").write_text(
        '[[limit]]\nname = "gas"\nstations = ["tank"]\nquantity = "gas"\nabove = 25.0\nclear = 20.0\nlevel = "alarm"\n'
        'matter = "hazard"\ncode = "09099"\nstandard = "GB/T 47678.5-2026"\nsource = "GB/T 50493-2019 5.5.2"\n',
        encoding="utf-8",
    )


def _client(mqtt: str, name: str) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
    host, port = mqtt.split(":")
    client.connect(host, int(port))
    client.loop_start()
    return client


@contextmanager
def _crowd(mqtt: str) -> Iterator[Callable[[], float]]:
    """Everybody else: steady messages of three readings; the value says how many a second went out in the end."""
    client, over, said, began = _client(mqtt, "crowd"), threading.Event(), [0], time.monotonic()

    def talk() -> None:
        while not over.is_set():
            due = int((time.monotonic() - began) * RATE)
            for i in range(said[0], due):
                values = {"do": 8.0 + i % 7 / 10, "temp": 11.5, "ph": 7.9}
                client.publish(
                    f"rw/v1/{SITE}/s{i % STATIONS}/telemetry", json.dumps({"ts": time.time_ns(), "values": values}), qos=1
                )
            said[0] = due
            time.sleep(0.01)

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        yield lambda: said[0] / (time.monotonic() - began)
    finally:
        over.set()
        talker.join()
        client.disconnect()
        client.loop_stop()


def _probe(mqtt: str, casebook: Path) -> list[float]:
    """Milliseconds from each publish to its episode's row."""
    from sqlite3 import connect  # noqa: PLC0415  only here

    client, took = _client(mqtt, "probe"), []
    with connect(f"file:{casebook}?mode=ro", uri=True, isolation_level=None) as book:
        for _ in range(PROBES):
            at = time.time_ns()
            client.publish(f"rw/v1/{SITE}/tank/telemetry", json.dumps({"ts": at, "values": {"gas": 40.0}}), qos=1)
            while not book.execute("SELECT 1 FROM episode WHERE since = ?", (at,)).fetchone():
                if time.time_ns() - at > 20 * SECOND:
                    raise RuntimeError("an event that never came")
                time.sleep(0.002)
            took.append((time.time_ns() - at) / MILLISECOND)
            client.publish(f"rw/v1/{SITE}/tank/telemetry", json.dumps({"ts": time.time_ns(), "values": {"gas": 2.0}}), qos=1)
            time.sleep(0.1)
    client.disconnect()
    client.loop_stop()
    return took


if __name__ == "__main__":
    for row in main():
        print(json.dumps(row))
