"""However many records are judged together, the same is said, stored, counted, set aside and acknowledged."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain import batch, judged
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.judged import Outcome
from ingest.refused import Refusal
from streams import sources
from streams.bench import Bench, Outlets
from streams.landing import tally
from streams.memory import Sessions
from tests.laws.stations import site_of

SECOND, PARTITION, GENERATION = 10**9, 3, 7
STATIONS = [f"s{i}" for i in range(4)]
SITE = site_of(*STATIONS)


@dataclass
class Topic:
    """Keeps what is sent, as Kafka does."""

    sent: list[dict] = field(default_factory=list)

    async def send(self, **said) -> asyncio.Future:
        self.sent.append(said)
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


@dataclass
class Shelf:
    values: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def put(self, partition: int, key: str, value: bytes):
        self.values[key] = value
        return asyncio.sleep(0)


@dataclass
class Event:
    """A record as Faust hands it out."""

    message: SimpleNamespace
    value: bytes
    acknowledged: int = 0

    def ack(self) -> bool:
        self.acknowledged += 1
        return True


def events(log: list[tuple[bytes, dict[str, bytes]]], generation: int = GENERATION) -> list[Event]:
    return [
        Event(
            SimpleNamespace(
                topic="law.telemetry", partition=PARTITION, offset=i, generation_id=generation, headers=said, value=value,
                timestamp=i, tp=("law.telemetry", PARTITION),
            ),
            value,
        )
        for i, (value, said) in enumerate(log)
    ]  # fmt: skip


def said_of(log: list[tuple[bytes, dict[str, bytes]]], cuts: list[int]) -> tuple[object, ...]:
    """Everything that leaves the bench when records come in pieces of these lengths, each piece once more after it."""
    told, found, refused = Topic(), Topic(), Topic()
    app = SimpleNamespace(flow_control=SimpleNamespace(is_active=lambda: True), consumer_generation_id=GENERATION)
    bench = Bench(app, Sessions(Court(SITE), Shelf()), Outlets(told, found, refused, 12))
    coming, pieces = events(log), []
    while sum(map(len, pieces)) < len(coming):
        begin = sum(map(len, pieces))
        pieces.append(coming[begin : begin + cuts[len(pieces) % len(cuts)]])

    async def work() -> None:
        for piece in pieces:
            await bench.take(piece)
            await bench.take(events(log)[: piece[-1].message.offset + 1])  # as after a rebalance
        assert not any(event.acknowledged for event in coming)
        await bench.snapshot()

    asyncio.run(work())
    assert all(event.acknowledged == 1 for event in coming)
    stored, counted = {}, {}
    for record in told.sent:
        part = judged.read(record["value"])
        for name, at, flag in zip(part.readings.series, part.readings.at, part.flag, strict=True):
            stored[part.readings.names[name], int(at)] = int(flag)
        for offset, rows in sources.read(record["headers"]["source"]):
            assert offset not in counted
            counted[offset] = Counter({way: n for way, n in tally(part, rows).items() if way[1] != Outcome.AMENDED.name.lower()})
    turned = [(event.id, event.turn, event.at) for event in (GridEvent.from_bytes(record["value"]) for record in found.sent)]
    aside = [Refusal.from_bytes(record["value"]).topic for record in refused.sent]
    return turned, stored, counted, aside, bench.counts()


rows = st.lists(st.tuples(st.sampled_from(STATIONS), st.sampled_from([4.0, 4.9, 5.5, 7.0, 12.0])), min_size=1, max_size=5)
entries = st.lists(st.one_of(rows, rows, rows, st.sampled_from(["tick", "noise"])), min_size=2, max_size=14)


def record(entry: object, i: int) -> tuple[bytes, dict[str, bytes]]:
    if entry == "tick":
        return str((i * 10 + 9) * SECOND).encode(), {"kind": b"tick"}
    if entry == "noise":
        return b"\xff noise", {"kind": b"batch"}
    readings = [(f"{name}/do", (i * 10 + j) * SECOND, value) for j, (name, value) in enumerate(entry)]
    return batch.write(Batch.of(readings)), {"kind": b"batch"}


@settings(deadline=None, max_examples=40)
@given(entries, st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_company_changes_nothing(entries: list[object], cuts: list[int]) -> None:
    log = [record(entry, i) for i, entry in enumerate(entries)]

    assert said_of(log, cuts) == said_of(log, [1])


def test_what_came_in_another_generation_of_the_group_is_left_to_whoever_has_its_partition_now() -> None:
    told, shelf = Topic(), Shelf()
    app = SimpleNamespace(flow_control=SimpleNamespace(is_active=lambda: True), consumer_generation_id=GENERATION + 1)
    bench = Bench(app, Sessions(Court(SITE), shelf), Outlets(told, Topic(), Topic(), 12))

    asyncio.run(bench.take(events([record([("s1", 7.0)], 0)])))

    assert (told.sent, bench.counts()) == ([], [])
