"""The bridge on a real broker and a real Kafka: everything arrives or is set aside, and nothing is acknowledged too early."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from detectors.domain import batch
from detectors.domain.errors import Misconfigured
from detectors.domain.partition import partition_of
from ingest.bridge import Crossing, run
from ingest.mqtt import READERS, Broker, Session
from ingest.refused import Refusal
from ingest.topics import create, subscriptions
from streams.local import kafka

JPEG = b"\xff\xd8\xff\xe0 a picture"


class Device:
    """A publisher of its own, on paho."""

    def __init__(self, address: str) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, f"device-{uuid4()}", protocol=5)
        host, port = address.split(":")
        self._client.connect(host, int(port))
        self._client.loop_start()

    def say(self, topic: str, payload: bytes, **user: str) -> None:
        """Publish, and wait until the broker has it."""
        properties = Properties(PacketTypes.PUBLISH)
        if user:
            properties.UserProperty = [*user.items()]
        self._client.publish(topic, payload, 1, properties=properties).wait_for_publish(30)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def site() -> str:
    """A name that no other test uses."""
    return f"q{uuid4().hex[:10]}"


@asynccontextmanager
async def bridging(
    mqtt: str, log: str, site: str, reader: str = "fast", *, instance: str = "", group: str = ""
) -> AsyncIterator[Counter]:
    """A bridge at work, subscribed; what it yields counts what the bridge tells."""
    told: Counter = Counter()
    stop = asyncio.Event()
    session = Session(client=f"bridge-{site}{instance}", topics=subscriptions(site, group))
    crossing = Crossing(site=site, stations={"franklin", "gatecam"})

    def tally(device: str, outcome: str, n: int) -> None:
        told[device, outcome] += n

    made = READERS[reader](Broker.of(f"mqtt://{mqtt}"), session)
    task = asyncio.create_task(run(crossing, reader=made, kafka=log, tally=tally, stop=stop))
    try:
        await asyncio.wait_for(made.subscribed.wait(), 60)
        yield told
    finally:
        stop.set()
        await task


async def records(log: str, topic: str, most: int) -> list:
    """The first records of a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=log, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            return [await consumer.getone() for _ in range(most)]
    finally:
        await consumer.stop()


async def rows(log: str, site: str, most: int) -> list[tuple[str, int, float]]:
    """The first readings in Kafka, by instant."""
    found, place = [], partition_of("franklin", 12)
    consumer = AIOKafkaConsumer(f"{site}.telemetry", bootstrap_servers=log, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        async with asyncio.timeout(90):
            while len({(series, at) for series, at, _ in found}) < most:
                record = await consumer.getone()
                assert (record.partition, record.key, record.headers) == (place, None, (("kind", b"batch"),))
                read = batch.read(record.value)
                found += zip((read.names[i] for i in read.series), read.at.tolist(), read.value.tolist(), strict=True)
    finally:
        await consumer.stop()
    return found


def reading(i: int, at: int) -> bytes:
    return msgspec.json.encode({"ts": at + i, "seq": i, "values": {"do": 7.5, "ph": i}})


async def until(true, seconds: float = 60) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  what is waited for are numbers, not events
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("reader", [*READERS])
async def test_readings_frames_and_what_is_refused_each_go_their_way(
    reader: str, artemis_address: str, kafka_address: str, site: str
) -> None:
    now, said = time.time_ns(), f"rw/v1/{site}"
    async with bridging(artemis_address, kafka_address, site, reader) as told:
        with closing(Device(artemis_address)) as device:
            await until_heard(device, f"{said}/franklin/telemetry", now, told)
            for i in range(1, 50):
                await asyncio.to_thread(device.say, f"{said}/franklin/telemetry", reading(i, now))
            await asyncio.to_thread(device.say, f"{said}/gatecam/frame", JPEG, ts=str(now), seq="7")
            for topic, payload in BAD:
                await asyncio.to_thread(device.say, f"{said}/{topic}", payload)
            await until(lambda: told["franklin", "received"] >= 100 and sum(told.values()) >= 101 + len(BAD))
    found = await rows(kafka_address, site, 100)
    assert {("franklin/ph", now + i, float(i)) for i in range(50)} <= set(found)
    (frame,) = await records(kafka_address, f"{site}.frames", 1)
    assert (frame.key, frame.value, frame.partition) == (b"gatecam", JPEG, partition_of("gatecam", 12))
    headers = dict(frame.headers)
    assert (headers["ts"], headers["seq"]) == (b"%d" % now, b"7")
    assert now <= int(headers["got"]) < now + 120 * 10**9
    refused = await records(kafka_address, f"{site}.refused", len(BAD))
    found_refusals = {Refusal.from_bytes(record.value) for record in refused}
    assert {(f"{said}/{topic}", payload) for topic, payload in BAD} == {(one.topic, one.payload) for one in found_refusals}
    assert all(
        one.reason and one.stage == "bridge" and record.key == one.device.encode()
        for record in refused
        for one in [Refusal.from_bytes(record.value)]
    )


BAD = [
    ("franklin/telemetry", b"not json"),
    ("franklin/telemetry", b'{"ts":1,"values":{"do":1}}'),
    ("stranger/telemetry", b'{"ts":1700000000,"values":{"do":1}}'),
    ("gatecam/frame", b"not a picture"),
]


async def until_heard(device: Device, topic: str, now: int, told: Counter) -> None:
    """Say the first reading until the bridge is there to hear it."""
    while not told["franklin", "received"]:
        await asyncio.to_thread(device.say, topic, reading(0, now))
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("broker", ["artemis", "mosquitto"])
@pytest.mark.parametrize("reader", [*READERS])
async def test_two_bridges_that_share_a_site_bring_every_reading_once(
    reader: str, broker: str, request: pytest.FixtureRequest, kafka_address: str, site: str
) -> None:
    mqtt, now, most = request.getfixturevalue(f"{broker}_address"), time.time_ns(), 300
    async with (
        bridging(mqtt, kafka_address, site, reader, instance="1", group="bridges") as one,
        bridging(mqtt, kafka_address, site, reader, instance="2", group="bridges") as other,
    ):
        with closing(Device(mqtt)) as device:
            for i in range(most):
                await asyncio.to_thread(device.say, f"rw/v1/{site}/franklin/telemetry", reading(i, now))
        await until(lambda: one["franklin", "received"] + other["franklin", "received"] >= 2 * most)
        await asyncio.sleep(0.5)  # for one too many
    assert one["franklin", "received"] + other["franklin", "received"] == 2 * most
    assert one["franklin", "received"]
    assert other["franklin", "received"]  # both had their share
    found = Counter((series, at) for series, at, _ in await rows(kafka_address, site, 2 * most))
    assert found == Counter({(f"franklin/{name}", now + i): 1 for name in ("do", "ph") for i in range(most)})


async def test_kafka_may_go_and_come_back_and_nothing_is_lost(artemis_address: str, site: str, tmp_path: Path) -> None:
    now, topic = time.time_ns(), f"rw/v1/{site}/franklin/telemetry"
    first = kafka.start(tmp_path)
    log = first.__enter__()
    port = int(log.split(":")[1])
    with closing(Device(artemis_address)) as device:
        async with bridging(artemis_address, log, site) as told:
            await until_heard(device, topic, now, told)
            await asyncio.to_thread(first.__exit__, None, None, None)
            for i in range(1, 30):
                await asyncio.to_thread(device.say, topic, reading(i, now))
            await asyncio.sleep(3)
            assert told["franklin", "received"] < 60  # nothing counts that Kafka does not have
            with kafka.start(tmp_path, port):
                await until(lambda: told["franklin", "received"] >= 60, 90)
                found = await rows(log, site, 60)
    assert {("franklin/ph", now + i, float(i)) for i in range(30)} <= set(found)


async def test_a_bridge_that_leaves_while_kafka_is_away_acknowledges_nothing(
    artemis_address: str, site: str, tmp_path: Path
) -> None:
    """What it held comes again to the one after it."""
    now, topic = time.time_ns(), f"rw/v1/{site}/franklin/telemetry"
    first = kafka.start(tmp_path)
    log = first.__enter__()
    port = int(log.split(":")[1])
    with closing(Device(artemis_address)) as device:
        async with bridging(artemis_address, log, site) as told:
            await until_heard(device, topic, now, told)
            await asyncio.to_thread(first.__exit__, None, None, None)
            for i in range(1, 10):
                await asyncio.to_thread(device.say, topic, reading(i, now))
        with kafka.start(tmp_path, port):
            async with bridging(artemis_address, log, site):
                found = await rows(log, site, 20)
    assert {("franklin/ph", now + i, float(i)) for i in range(10)} <= set(found)


async def test_a_site_gets_as_many_partitions_as_it_asks_for_and_a_second_time_changes_nothing(kafka_address: str) -> None:
    site = f"few{time.time_ns()}"

    await create(kafka_address, site, 3)
    await create(kafka_address, site, 3)

    with pytest.raises(Misconfigured, match="has 3 partitions, the site 4"):
        await create(kafka_address, site, 4)
