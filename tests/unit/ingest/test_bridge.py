"""The bridge between its two sides: whatever is said, every reading goes to one place, and nothing is acknowledged early."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain import batch
from detectors.domain.batch import MOST_ROWS
from detectors.domain.partition import partition_of
from ingest.bridge import Bridge, Crossing
from ingest.courier import Rejected
from ingest.envelope import NOTHING_SAID, Delivery
from ingest.gather import Record
from ingest.mqtt.port import Broker, Session
from ingest.refused import Refusal

STATIONS, PARTITIONS, GOT = tuple(f"station{i}" for i in range(6)), 3, 1_750_000_000 * 10**9
START = GOT - 10**15


@dataclass
class Device:
    """Stands in for MQTT: hands over what it was given, and knows what was acknowledged."""

    messages: Sequence[tuple[str, bytes]]
    acked: list[int] = field(default_factory=list)
    subscribed: asyncio.Event = field(default_factory=asyncio.Event)
    resumed: int = 0
    pause: float = 0.0  # seconds between two messages

    def __call__(self, _broker: Broker, _session: Session) -> Self:
        return self

    def deliveries(self) -> list[Delivery]:
        return [
            Delivery(f"rw/v1/s/{topic}", payload, NOTHING_SAID, GOT, partial(self.acked.append, i))
            for i, (topic, payload) in enumerate(self.messages)
        ]

    async def batches(self) -> AsyncIterator[list[Delivery]]:
        for each in self.deliveries():
            yield [each]
            await asyncio.sleep(self.pause)
        await asyncio.Event().wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


@dataclass
class Ferry:
    """Stands in for Kafka: takes records when it is let, and will never take some."""

    hates: bytes = b"\0nothing"
    let: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[Record] = field(default_factory=list)
    took: list[Record] = field(default_factory=list)

    async def deliver(self, records: Sequence[Record]) -> list[Rejected]:
        self.asked += records
        await self.let.wait()
        hated = [one for one in records if self.hates in one.value and one.key == b"gatecam" and one.topic == "s.frames"]
        self.took += [one for one in records if one not in hated]
        return [Rejected(one, "too large") for one in hated]


def bridge(device: Device, ferry: Ferry, told: Counter) -> Bridge:
    def tally(who: str, outcome: str, n: int) -> None:
        told[who, outcome] += n

    crossing = Crossing(site="s", stations=(*STATIONS, "gatecam"), partitions=PARTITIONS, linger=0.005, quiet=0.001, settle=0.5)
    return Bridge(crossing, device, ferry, tally)  # type: ignore[arg-type]


def test_who_stands_beside_another_goes_where_that_one_goes() -> None:
    crossing = Crossing(site="s", stations=STATIONS, partitions=PARTITIONS, beside={STATIONS[1]: STATIONS[0]})
    places = [crossing.partition_of(name) for name in STATIONS[:3]]
    assert places == [partition_of(STATIONS[0], PARTITIONS)] * 2 + [partition_of(STATIONS[2], PARTITIONS)]


def telemetry(said: Sequence[tuple[int, int]]) -> list[tuple[str, bytes]]:
    """Messages of (station, rows), each row an instant later than all before it."""
    messages, at = [], START
    for station, rows in said:
        many = [{"ts": at + i, "seq": i, "values": {"do": (at + i - START) / 8}} for i in range(rows)]
        messages.append((f"{STATIONS[station]}/telemetry", msgspec.json.encode(many)))
        at += rows
    return messages


def read(records: Sequence[Record]) -> list[tuple[int, str, int, float]]:
    """The rows of the batches: partition, series, instant, value."""
    found = []
    for record in records:
        assert (record.topic, record.key, record.headers) == ("s.telemetry", None, (("kind", b"batch"),))
        one = batch.read(record.value)
        assert 0 < len(one) <= MOST_ROWS
        found += [(record.partition, one.names[s], at, v) for s, at, v in zip(one.series, one.at, one.value, strict=True)]
    return found


rows = st.one_of(st.integers(1, 30), st.integers(MOST_ROWS - 2, MOST_ROWS + 2), st.integers(1, 2 * MOST_ROWS + 1))
conversations = st.lists(st.tuples(st.integers(0, len(STATIONS) - 1), rows), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(conversations)
def test_every_reading_is_in_one_record_of_its_partition_in_the_order_of_its_station(said: list[tuple[int, int]]) -> None:
    device, told = Device(telemetry(said)), Counter[tuple[str, str]]()
    made = bridge(device, Ferry(), told)
    for delivery in device.deliveries():
        made.take(delivery)
    found = read(made._round.records("s.telemetry"))
    at = START
    expected: dict[str, list[tuple[int, float]]] = {}
    for station, n in said:
        expected.setdefault(STATIONS[station], []).extend((at + i, (at + i - START) / 8) for i in range(n))
        at += n
    got: dict[str, list[tuple[int, float]]] = {}
    for partition, series, instant, value in found:
        station = series.removesuffix("/do")
        assert partition == partition_of(station, PARTITIONS)
        got.setdefault(station, []).append((instant, value))
    assert got == expected
    assert device.acked == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["good", "bad", "stranger", "frame", "hated"]), st.integers(0, 5)), max_size=20))
async def test_nothing_is_acknowledged_before_kafka_has_it_and_all_is_counted_afterwards(said: list[tuple[str, int]]) -> None:
    device, ferry, told, stop = (
        Device([message(*one) for one in said]),
        Ferry(b"hated"),
        Counter[tuple[str, str]](),
        asyncio.Event(),
    )
    working = asyncio.create_task(bridge(device, ferry, told).run(stop))
    await asyncio.sleep(0.01)
    assert (device.acked, +told) == ([], {})
    ferry.let.set()
    async with asyncio.timeout(10):
        while len(device.acked) < len(said):  # noqa: ASYNC110  what is waited for is a length
            await asyncio.sleep(0.001)
    stop.set()
    await working
    assert device.acked == [*range(len(said))]
    kinds = Counter(kind for kind, _ in said)
    assert sum(n for (_, outcome), n in told.items() if outcome == "received") == kinds["good"]
    assert sum(n for (_, outcome), n in told.items() if outcome == "refused") == kinds["bad"] + kinds["stranger"] + kinds["hated"]
    assert told["gatecam", "frame"] == kinds["frame"]
    assert sum(len(batch.read(one.value)) for one in ferry.took if one.topic == "s.telemetry") == kinds["good"]
    assert sum(one.topic == "s.frames" for one in ferry.took) == kinds["frame"]
    refused = [Refusal.from_bytes(one.value) for one in ferry.took if one.topic == "s.refused"]
    assert len(refused) == kinds["bad"] + kinds["stranger"] + kinds["hated"]
    assert all(one.reason for one in refused)


async def test_what_a_resumed_session_repeats_among_the_new_is_put_in_order() -> None:
    old_and_new = telemetry([(0, 1)] * 6)
    device, ferry, stop = Device(old_and_new[3:] + old_and_new[:3], resumed=1, pause=0.01), Ferry(), asyncio.Event()
    ferry.let.set()
    working = asyncio.create_task(bridge(device, ferry, Counter()).run(stop))
    async with asyncio.timeout(10):
        while len(device.acked) < 6:  # noqa: ASYNC110  what is waited for is a length
            await asyncio.sleep(0.001)
    stop.set()
    await working
    assert [at for _, _, at, _ in read(ferry.took)] == [START + i for i in range(6)]


def message(kind: str, station: int) -> tuple[str, bytes]:
    """One message of each kind."""
    return {
        "good": (f"{STATIONS[station]}/telemetry", b'{"ts":%d,"values":{"do":1}}' % START),
        "bad": (f"{STATIONS[station]}/telemetry", b"no"),
        "stranger": ("stranger/telemetry", b'{"ts":%d,"values":{"do":1}}' % START),
        "frame": ("gatecam/frame", b"\xff\xd8 picture"),
        "hated": ("gatecam/frame", b"\xff\xd8 hated"),
    }[kind]
