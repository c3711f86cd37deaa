"""Many cameras through MQTT broker, bridge, Kafka and worker on one machine: how old the newest judged frame of each is.

`python -m benchmarks.sights --minutes 10` is the long run; without arguments it takes a minute. A frame counts as judged when its
measures stand in `telemetry`. What became of frames is the ledger's word; a frame is under way from the bridge to its end.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from aiokafka import AIOKafkaConsumer

from benchmarks.cameras import BEAT, OLDEST
from benchmarks.eyes import SECOND, ZONES, frames
from detectors.domain import batch
from ingest.cameras import Frames
from ingest.mqtt import Broker
from storage.ledger import Ledger
from streams.local import artemis, kafka, mosquitto

SITE, WARM = "sights", 40.0  # seconds in which kernels load and groups are joined
PARTS = {"streams.cli bridge": "bridge", "streams.cli worker": "worker", "streams.eyes.child": "eyes", "kafka": "kafka"}
COUNT_EVERY = 5.0  # seconds between two looks at the ledger


@dataclass(slots=True)
class Heard:
    """What stands in `telemetry`, and how old the newest of each camera was whenever one looked."""

    newest: dict[str, int]
    ages: list[float] = field(default_factory=list)
    under_way: list[int] = field(default_factory=list)

    async def listen(self, log: str) -> None:
        """Take the measures as they come."""
        async with AIOKafkaConsumer(f"{SITE}.telemetry", bootstrap_servers=log) as measures:
            async for record in measures:
                if ("kind", b"batch") not in record.headers:
                    continue
                found = batch.read(record.value)
                for name, at in {
                    (found.names[i].split("/")[0], at) for i, at in zip(found.series, found.at.tolist(), strict=True)
                }:
                    self.newest[name] = max(at, self.newest.get(name, 0))

    async def note(self, seconds: float, ledger: Ledger) -> None:
        """Look how old the newest are, and now and then how many frames are under way."""
        end, count = time.monotonic() + seconds, 0.0
        while time.monotonic() < end:
            await asyncio.sleep(BEAT)
            now = time.time_ns()
            self.ages += [(now - at) / SECOND for at in self.newest.values()]
            if time.monotonic() >= count:
                count = time.monotonic() + COUNT_EVERY
                self.under_way.append(under_way(ledger))


def main(arguments: list[str] | None = None) -> None:
    """Age beside 3 s, with what became of the frames, how many were under way in each half, and the cores used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=30)
    parser.add_argument("--fps", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--eyes", type=int, default=0, help="child processes; 0: as the cores allow")
    parser.add_argument("--objects", action="store_true", help="with NanoDet on what moves")
    args = parser.parse_args(arguments)
    seconds = 60 * args.minutes if args.minutes else args.seconds
    names, load = [f"c{n:03d}" for n in range(args.cameras)], psutil.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        broker = mosquitto if mosquitto.installed() else artemis
        mqtt, log = stack.enter_context(broker.start(folder / "mqtt")), stack.enter_context(kafka.start(folder / "kafka"))
        site(folder / "site", names, "objects" if args.objects else "movers")
        for command in (["bridge"], ["worker"]):
            stack.enter_context(running(command, folder, mqtt, log, args.eyes))
        heard, counts, used = asyncio.run(watch(names, args.fps, seconds, folder, mqtt, log))
    p50, p99 = np.percentile(heard.ages, (50, 99))
    half = len(heard.under_way) // 2
    row = {"name": f"sights-{args.cameras}", "ours": round(float(p99), 2), "other": OLDEST, "ratio": round(p99 / OLDEST, 2)}
    more = {"p50": round(float(p50), 2), "seconds": seconds, **counts, "load_before": round(load, 1)}
    cores = {"cores": {part: round(spent / seconds, 2) for part, spent in used.items() if spent > 0.005 * seconds}}
    halves = {"under_way_halves": [max(heard.under_way[:half]), max(heard.under_way[half:])]}
    print(
        json.dumps(
            {**row, "goal": 0.99, "unit": "s, age of the newest judged frame, p99, whole pipeline", **more, **halves, **cores}
        )
    )


async def watch(
    names: list[str], fps: float, seconds: float, folder: Path, mqtt: str, log: str
) -> tuple[Heard, Counter[str], Counter[str]]:
    """All cameras for so long; how old their frames were, what became of them, and the cores used."""
    jpegs, (host, port) = frames(), mqtt.split(":")
    ledger = Ledger(f"sqlite:///{folder}/ledger.db")
    with Frames(Broker(host=host, port=int(port)), SITE, "sights") as sender:
        films = [film(sender, name, jpegs, fps, place / len(names)) for place, name in enumerate(names)]
        heard = Heard(dict.fromkeys(names, time.time_ns()))
        tasks = [asyncio.create_task(one) for one in (*films, heard.listen(log))]
        await asyncio.sleep(WARM)
        before, spent = ends(ledger), processor()
        await heard.note(seconds, ledger)
        used = processor()
        used.subtract(spent)
        counts = ends(ledger)
        counts.subtract(before)
        counts["dropped before the broker"] = sum(sender.dropped.values())
        for task in tasks:
            if task.done():
                task.result()  # raises what ended it
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return heard, counts, used


async def film(sender: Frames, camera: str, jpegs: list[bytes], fps: float, phase: float) -> None:
    """One camera: a frame at its rate, dropped where the broker has not taken the last one, as `riverwatch cameras` does."""
    began, number = time.monotonic() + phase / fps, 0
    while True:
        await asyncio.sleep(max(0.0, began + number / fps - time.monotonic()))
        sender.deliver(camera, time.time_ns(), jpegs[(number + round(phase * len(jpegs))) % len(jpegs)])
        number += 1


def ends(ledger: Ledger) -> Counter[str]:
    """What became of all cameras' frames so far."""
    told: Counter[str] = Counter()
    for one in ledger.balance().cameras.values():
        told.update(received=one.received, looked=one.looked, skipped=one.skipped, refused=one.refused)
    return told


def under_way(ledger: Ledger) -> int:
    """Frames that the bridge has sent on and that have no end yet."""
    notes = ledger.balance().notes.get("bridge", {})
    told = ends(ledger)
    return sum(one.get("frame", 0) for one in notes.values()) - told["looked"] - told["skipped"] - told["refused"]


def processor() -> Counter[str]:
    """Seconds of processor time that each part has used."""
    told: Counter[str] = Counter()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            line = " ".join(one.cmdline())
            part = next((part for sign, part in PARTS.items() if sign in line), "broker")
            told[part] += sum(one.cpu_times()[:2])
    return told


def site(folder: Path, names: list[str], detector: str) -> None:
    """A site with so many cameras of four zones."""
    folder.mkdir()
    facts = f'name = "{SITE}"\ntitle_zh = "河"\ntitle_en = "river"\ntimezone = "Asia/Shanghai"\npartitions = 12\n'
    (folder / "site.toml").write_text(facts, encoding="utf-8")
    zones = "".join(
        f'[[camera.zone]]\nname = "{zone.name}"\nkind = "{zone.kind}"\ncorners = {json.dumps(zone.corners)}\n' for zone in ZONES
    )
    cameras = "".join(
        f'[[camera]]\nname = "{name}"\ndetector = "{detector}"\nperson_height = [0.09, 0.3]\n{zones}' for name in names
    )
    (folder / "cameras.toml").write_text(cameras, encoding="utf-8")
    head = "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\n"
    rows = "".join(f"{name},机,{name},camera,119.03,34.0,motion,,,60\n" for name in names)
    (folder / "stations.csv").write_text(head + rows, encoding="utf-8")


@contextmanager
def running(command: list[str], folder: Path, mqtt: str, log: str, eyes: int) -> Iterator[None]:
    """One process of riverwatch."""
    told = {"SITE": folder / "site", "DATA": folder, "MQTT": f"mqtt://{mqtt}", "KAFKA": log, "EYES": eyes}
    environ = {**os.environ, **{f"RIVERWATCH_{name}": str(value) for name, value in told.items()}}
    process = subprocess.Popen([sys.executable, "-m", "streams.cli", *command], env=environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
