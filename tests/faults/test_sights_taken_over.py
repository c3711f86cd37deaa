"""Two workers share the frames of a site; kill -9 of one, and the other sees with its cameras too."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from detectors.domain import batch
from detectors.domain.partition import partition_of
from ingest.topics import create
from ingest.wire import frame
from tests.unit.detectors.vision.frames import jpeg, scenery

ROOT = Path(__file__).resolve().parents[2]
CAMERAS = ("gate", "dam", "bank", "ford")  # one in each partition
PARTITIONS = 4
PICTURE = jpeg(scenery())
LONGEST = 90.0  # seconds until a test gives up; 15 are promised


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with four cameras and a name that no other test uses."""
    folder = tmp_path / "site"
    folder.mkdir()
    name = f"q{uuid4().hex[:10]}"
    facts = f'name = "{name}"\ntitle_zh = "河"\ntitle_en = "river"\ntimezone = "Asia/Shanghai"\npartitions = {PARTITIONS}\n'
    (folder / "site.toml").write_text(facts, encoding="utf-8")
    (folder / "cameras.toml").write_text("".join(f'[[camera]]\nname = "{one}"\n' for one in CAMERAS), encoding="utf-8")
    rows = "".join(f"{one},机,{one},camera,119.03,34.0,motion,,,60\n" for one in CAMERAS)
    head = "name,title_zh,title_en,kind,lon,lat,quantities,cell,reach,silent_after\n"
    (folder / "stations.csv").write_text(head + rows, encoding="utf-8")
    return folder


@pytest.fixture
def workers(site: Path, tmp_path: Path, kafka_address: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Two workers that look at frames, as on two machines: nothing but Kafka is common to them."""
    running = {}
    asyncio.run(create(kafka_address, name_of(site), PARTITIONS))
    for instance in ("one", "two"):
        told = {"SITE": str(site), "DATA": str(tmp_path / instance), "KAFKA": kafka_address, "INSTANCE": instance, "EYES": "1"}
        said = {f"RIVERWATCH_{name}": value for name, value in told.items()}
        with (tmp_path / f"{instance}.log").open("wb") as log:
            line = [sys.executable, "-m", "streams.cli", "worker", "--only", "sights"]
            running[instance] = subprocess.Popen(line, cwd=ROOT, env={**os.environ, **said}, stdout=log, stderr=log)
    yield running
    for worker in running.values():
        worker.kill()
        worker.wait()


def name_of(site: Path) -> str:
    """The name in a site's folder."""
    return (site / "site.toml").read_text(encoding="utf-8").split('"')[1]


@asynccontextmanager
async def filming(kafka: str, site: str) -> AsyncIterator[None]:
    """Every camera sends two frames a second, each to its partition as the bridge does."""
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:

        async def film() -> None:
            while True:
                now = time.time_ns()
                for camera in CAMERAS:
                    place, headers = partition_of(camera, PARTITIONS), list(frame.write(now, -1, now))
                    await producer.send(f"{site}.frames", PICTURE, key=camera.encode(), partition=place, headers=headers)
                await asyncio.sleep(0.5)

        task = asyncio.create_task(film())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def looked_at(measures: AIOKafkaConsumer, since: int) -> None:
    """Wait until every camera has a measure of a frame taken since then."""
    missing = set(CAMERAS)
    async with asyncio.timeout(LONGEST):
        while missing:
            found = batch.read((await measures.getone()).value)
            missing -= {found.names[i].split("/")[0] for i, at in zip(found.series, found.at, strict=True) if at > since}


def cameras_of(data: Path) -> set[str]:
    """Whose pictures a worker has kept."""
    return {one for one in CAMERAS if any((data / "evidence").rglob(f"*{one}*"))}


async def test_the_cameras_of_a_killed_worker_are_seen_by_the_other(
    site: Path, workers: dict[str, subprocess.Popen[bytes]], kafka_address: str, tmp_path: Path
) -> None:
    name = name_of(site)
    async with (
        AIOKafkaConsumer(f"{name}.telemetry", bootstrap_servers=kafka_address, auto_offset_reset="earliest") as measures,
        filming(kafka_address, name),
    ):
        await looked_at(measures, 0)
        async with asyncio.timeout(LONGEST):
            while not all(cameras_of(tmp_path / one) for one in workers):  # noqa: ASYNC110  the disk sets no event
                await asyncio.sleep(0.1)
        workers["one"].send_signal(signal.SIGKILL)
        await looked_at(measures, time.time_ns())
        assert workers["two"].poll() is None
        assert cameras_of(tmp_path / "two") == set(CAMERAS)


async def test_a_worker_that_is_told_to_stop_while_frames_come_ends_in_order(
    site: Path, workers: dict[str, subprocess.Popen[bytes]], kafka_address: str, tmp_path: Path
) -> None:
    name = name_of(site)
    async with (
        AIOKafkaConsumer(f"{name}.telemetry", bootstrap_servers=kafka_address, auto_offset_reset="earliest") as measures,
        filming(kafka_address, name),
    ):
        await looked_at(measures, 0)
        for worker in workers.values():
            worker.send_signal(signal.SIGTERM)
        ends = [await asyncio.to_thread(worker.wait, LONGEST) for worker in workers.values()]
    said = "".join((tmp_path / f"{one}.log").read_text(encoding="utf-8") for one in workers)
    assert "ends this process" not in said
    assert ends == [0, 0]
