"""The readings agent: joins the court of rules to its topics and to the table that remembers for it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import faust

from detectors.court import Court, Verdict
from detectors.domain import batch, judged
from detectors.domain.errors import Refused
from detectors.domain.partition import partition_of
from detectors.domain.site import Site
from ingest.refused import Refusal
from storage.ledger import Ledger
from streams.memory import Session, Sessions, counts
from streams.outermost import headers, outermost
from streams.setaside import of_record, set_aside

log = logging.getLogger(__name__)
SNAPSHOT_EVERY = 5.0  # seconds
COUNT_EVERY = 1.0  # seconds
SNAPSHOT_WEIGHT = 32 << 20  # bytes judged
TICK_EVERY = 5.0  # seconds
LEAVING = 5.0  # seconds
GRACE = 30.0  # seconds after a start without ticks: what waited in Kafka is heard before anybody is called silent


class TableShelf:
    """A Faust table as a shelf: written to its changelog by hand, so that the write can be waited for."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def get(self, key: str) -> bytes | None:
        """The value last put, by this worker or, through the changelog, by the one before it."""
        value: bytes | None = self._table.data.get(key)
        return value

    def put(self, partition: int, key: str, value: bytes) -> Awaitable[object]:
        """Put a value; the awaitable ends when the changelog has it."""
        self._table.data[key] = value
        sent: Awaitable[object] = self._table.send_changelog(partition, key, value)
        return sent


def wire(
    app: faust.App,
    site: Site,
    *,
    source: faust.TopicT,
    judged: faust.TopicT,
    events: faust.TopicT,
    refused: faust.TopicT,
    ledger: Ledger,
) -> None:
    """Read `source`, judge, send on, remember."""
    memories = f"{site.name}.memories"
    everywhere = site.partitions
    changelog = app.topic(
        memories,
        key_type=str,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",  # or Faust reads snapshots back as JSON, and cannot
        compacting=True,
        partitions=everywhere,
    )
    table = app.Table("memories", key_type=str, value_type=bytes, partitions=everywhere, changelog_topic=changelog)
    began = time.monotonic()
    bench = Bench(app, Sessions(Court(site), TableShelf(table)), Outlets(judged, events, refused, everywhere))

    @app.agent(source, name="readings")
    @outermost
    async def readings(stream: Any) -> None:
        """Judge each batch against the memory of its partition."""
        async for event in stream.noack().events():
            await bench.take(event)

    @app.timer(SNAPSHOT_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def snapshots(_app: object = None) -> None:
        """Snapshot every session."""
        await bench.snapshot()

    @app.on_before_shutdown.connect
    @outermost
    async def leaving(*_: object, **__: object) -> None:
        """Leave with nothing to judge again, if Kafka is there to be told."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await bench.snapshot()
        await asyncio.to_thread(_count, ledger, bench.counts())

    @app.timer(COUNT_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def counting(_app: object = None) -> None:
        """Say in the ledger what each session has counted, as of its offset."""
        await asyncio.to_thread(_count, ledger, bench.counts())

    @app.timer(TICK_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def ticks(_app: object = None) -> None:
        """Say what time it is in every partition of ours, so that silence is judged in the order of the log."""
        if time.monotonic() - began < GRACE:
            return
        now = str(time.time_ns()).encode()
        for place in app.assignor.assigned_actives():
            if place.topic == source.get_topic_name():
                await source.send(partition=place.partition, value=now, headers={"kind": b"tick"})


class Bench:
    """Where a worker's partitions are judged: each record in its turn, each once."""

    def __init__(self, app: faust.App, sessions: Sessions, out: "Outlets") -> None:
        self._app, self._sessions, self._out = app, sessions, out

    async def take(self, event: Any) -> None:
        """Judge a record that is due; hold one that was judged before; go back if Faust left some out."""
        session = self._sessions.of(event.message.partition, event.message.generation_id)
        async with session.turn:
            if event.message.offset < session.expected:
                session.keep(event)
            elif await _follows(self._app, session, event):
                await _judge(session, event, self._out)
        if session.weight > SNAPSHOT_WEIGHT:
            await session.snapshot()

    async def snapshot(self) -> None:
        """Snapshot every session of ours."""
        self._sessions.drop_others(self._app.consumer_generation_id)
        for session in self._sessions:
            await session.snapshot()

    def counts(self) -> list[tuple[int, int, Mapping[tuple[str, str], int]]]:
        """What each session has counted, as (partition, offset, counts)."""
        return [(session.partition, session.offset, counts(session)) for session in self._sessions]


class Outlets:
    """Where what was found is sent, keys and partitions given explicitly."""

    def __init__(self, judged: faust.TopicT, events: faust.TopicT, refused: faust.TopicT, partitions: int) -> None:
        self._judged, self._events, self._refused, self._partitions = judged, events, refused, partitions

    async def send(self, verdict: Verdict, partition: int, offset: int) -> list[Awaitable[object]]:
        """Send a verdict on; the awaitables end when Kafka has it."""
        sent: list[Awaitable[object]] = []
        if len(verdict.judged):
            value, source = judged.write(verdict.judged), {"source": str(offset).encode()}
            sent.append(await self._judged.send(partition=partition, value=value, headers=source))
        for found in verdict.events:
            key = found.cell or found.station
            place = partition_of(key, self._partitions)
            sent.append(await self._events.send(key=key.encode(), value=found.to_bytes(), partition=place))
        return sent

    async def refuse(self, refusal: Refusal) -> Awaitable[object]:
        """Set something aside with its reason."""
        return await set_aside(self._refused, refusal, self._partitions)


async def _judge(session: Session, event: Any, out: Outlets) -> None:
    """Judge one record, whatever it is, and hold it until a snapshot covers it."""
    message = event.message
    try:
        if headers(event).get("kind") == b"tick":
            verdict = session.tick(message.offset, int(event.value))
        else:
            verdict = session.judge(message.offset, batch.read(event.value), len(event.value))
    except Refused as wrong:
        session.skip(message.offset)
        session.keep(event, [await out.refuse(of_record(wrong, message, "readings"))])
        return
    session.keep(event, await out.send(verdict, message.partition, message.offset))


async def _follows(app: faust.App, session: Session, event: Any) -> bool:
    """Whether this record is the next one; if Faust skipped some (a rebalance acknowledges what it drops), go back for them."""
    message = event.message
    if message.offset == session.expected:
        return True
    earliest = (await app.consumer.earliest_offsets(message.tp))[message.tp]
    if earliest >= message.offset:
        log.warning("%s: records %d to %d are older than Kafka keeps them", message.tp, session.expected, message.offset - 1)
        return True
    log.warning("%s: %d came where %d was due; going back", message.tp, message.offset, session.expected)
    due = max(session.expected, earliest)
    await app.consumer.seek(message.tp, due - 1 if due else 0)  # Faust hands out what comes after the offset it seeks
    return False


def _count(ledger: Ledger, counted: Sequence[tuple[int, int, Mapping[tuple[str, str], int]]]) -> None:
    for partition, offset, rows in counted:
        ledger.set("readings", partition, offset, rows)
