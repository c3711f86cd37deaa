"""Judging through Kafka, in and out: our worker beside a Faust agent with a table and quixstreams with state, a record a reading.

Each subject is a process of its own. Readings and CPU seconds are counted between two points of the run, when it is warm.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from detectors.domain import batch
from detectors.domain.batch import Batch
from streams.local import kafka

SECOND = 1_000_000_000
SERIES = 200
READINGS = {"ours": 12_000_000, "faust": 30_000, "quix": 600_000}


def main() -> list[dict[str, object]]:
    """Two ratios, each of readings a CPU-second, and the rate on the clock."""
    with tempfile.TemporaryDirectory() as folder, kafka.start(Path(folder) / "kafka") as address:
        ours = _measured("ours", address, Path(folder), _fill_batches)
        plain = _measured("faust", address, Path(folder), _fill_records)
        quix = _measured("quix", address, Path(folder), _fill_records)
    return [
        _row("judging-vs-faust-table", ours[0], plain[0], 300, "readings/CPU-second"),
        _row("judging-vs-quixstreams", ours[0], quix[0], 15, "readings/CPU-second"),
        _row("judging-a-second-vs-faust-table", ours[1], plain[1], 300, "readings/s"),
    ]


def _row(name: str, ours: float, other: float, goal: float, unit: str) -> dict[str, object]:
    return {
        "name": name, "ours": round(ours), "other": round(other), "ratio": round(ours / other, 1), "goal": goal, "unit": unit,
    }  # fmt: skip


def _measured(subject: str, address: str, folder: Path, fill: Callable[[str, str, int], None]) -> tuple[float, float]:
    """Readings a CPU-second and a second, between a quarter and nine tenths of the run."""
    total = READINGS[subject]
    site = f"bench{subject}"
    admin = AdminClient({"bootstrap.servers": address})
    largest = {"max.message.bytes": str(8 << 20), "retention.bytes": "-1"}  # all of it stays until it is read
    names = [f"{site}.{name}" for name in ("telemetry", "frames", "judged", "events", "refused")]
    for made in admin.create_topics([NewTopic(name, 1, 1, config=largest) for name in names]).values():
        made.result()
    fill(address, f"{site}.telemetry", total)
    process = subprocess.Popen(
        _command(subject), env=_environ(subject, address, folder, site), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        return _between(psutil.Process(process.pid), address, f"{site}.judged", _records(subject, total))
    finally:
        process.terminate()
        process.wait(30)


def _records(subject: str, total: int) -> tuple[int, int]:
    """How many records the subject writes, and how many readings stand in one."""
    return (-(-total // batch.MOST_ROWS), batch.MOST_ROWS) if subject == "ours" else (total, 1)


def _between(subject: psutil.Process, address: str, topic: str, amount: tuple[int, int]) -> tuple[float, float]:
    records, rows = amount
    watch = Consumer({"bootstrap.servers": address, "group.id": "watch"})
    place = TopicPartition(topic, 0)
    marks: list[tuple[int, float, float]] = []
    until = time.monotonic() + 300
    while (done := watch.get_watermark_offsets(place, timeout=10)[1]) < records * 0.9:
        if time.monotonic() > until or not subject.is_running() or subject.status() == psutil.STATUS_ZOMBIE:
            raise RuntimeError(f"{topic}: {done} of {records} records, and no more")
        if done > records * 0.25:
            marks.append((done, _cpu(subject), time.monotonic()))
        time.sleep(0.05)
    marks.append((done, _cpu(subject), time.monotonic()))
    watch.close()
    (first, cpu, clock), (last, cpu_end, clock_end) = marks[0], marks[-1]
    readings = (last - first) * rows
    return readings / (cpu_end - cpu), readings / (clock_end - clock)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _command(subject: str) -> list[str]:
    if subject == "ours":
        return [sys.executable, "-m", "streams.cli", "worker", "--only", "readings"]
    return [sys.executable, str(Path(__file__).with_name("rivals") / f"{subject}.py")]


def _environ(subject: str, address: str, folder: Path, site: str) -> dict[str, str]:
    data = folder / subject
    data.mkdir()
    _site(data / "site", site)
    return {
        **os.environ,
        "RIVERWATCH_SITE": str(data / "site"), "RIVERWATCH_DATA": str(data), "RIVERWATCH_KAFKA": address,
        "BENCH_TOPIC": site, "PYTHONPATH": str(Path(__file__).parent.parent), "LOGLEVEL": "WARNING",
    }  # fmt: skip


def _site(folder: Path, name: str) -> None:
    """A site with one partition and every test of the spine on each of its series."""
    folder.mkdir()
    stations = [f"s{i}" for i in range(SERIES)]
    sheets = {
        "site.toml": f'name = "{name}"\ntitle_zh = "基准"\ntitle_en = "benchmark"\npartitions = 1\n',
        "stations.csv": "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\n"
        + "".join(f"{station},站,station,water,120,31,do,,,0\n" for station in stations),
        "quality.csv": "series,fail_low,fail_high,suspect_low,suspect_high,spike_suspect,spike_fail,"
        "rate,flat_tolerance,flat_suspect,flat_fail,flat_readings,source\n"
        + "".join(f"{station}/do,0,60,2,20,50,80,9,0.000001,600,900,10,benchmark\n" for station in stations),
        "limits.toml": f'[[limit]]\nname = "do-low"\nstations = {json.dumps(stations)}\nquantity = "do"\nbelow = 1.0\n'
        'clear = 1.5\ndelay = 60\nlevel = "warning"\nmatter = "pollution"\ncode = "06026"\nstandard = "GB/T 47678.5-2026"\n'
        'source = "benchmark"\n',
    }
    for sheet, text in sheets.items():
        (folder / sheet).write_text(text, encoding="utf-8")


def _values(count: int) -> np.ndarray:
    return np.round(8 + np.random.default_rng(1).normal(0, 0.3, count), 3)


def _fill_batches(address: str, topic: str, total: int) -> None:
    producer = Producer({"bootstrap.servers": address, "message.max.bytes": 8 << 20, "queue.buffering.max.messages": 100_000})
    names = tuple(f"s{i}/do" for i in range(SERIES))
    rows = batch.MOST_ROWS
    for start in range(0, total, rows):
        order = np.arange(start, start + rows)
        at = order // SERIES * SECOND + 1_700_000_000 * SECOND
        columns = Batch(
            names=names, series=(order % SERIES).astype(np.int32), at=at, value=_values(rows),
            mark=np.zeros(rows, np.uint8), seq=order, got=at,
        )  # fmt: skip
        producer.produce(topic, batch.write(columns), partition=0, headers={"kind": b"batch"})
        producer.poll(0)
    producer.flush()


def _fill_records(address: str, topic: str, total: int) -> None:
    producer = Producer({"bootstrap.servers": address, "queue.buffering.max.messages": 2_000_000, "linger.ms": 50})
    for i, value in enumerate(_values(total)):
        series = f"s{i % SERIES}/do"
        said = {"series": series, "at": i // SERIES * SECOND, "value": float(value)}
        producer.produce(topic, json.dumps(said), key=series, partition=0)
    producer.flush()


if __name__ == "__main__":
    for row in main():
        print(json.dumps(row))
