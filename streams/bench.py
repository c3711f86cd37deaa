"""The bench: where a worker's partitions are judged, and what follows from a verdict is sent on."""

import logging
import time
from collections.abc import Awaitable, Mapping
from typing import Any

import faust

from detectors.court import Verdict
from detectors.domain import batch, judged
from detectors.domain.errors import Refused
from detectors.domain.partition import partition_of
from ingest.refused import Refusal
from streams.memory import Session, Sessions, counts
from streams.outermost import headers
from streams.setaside import of_record, set_aside

log = logging.getLogger(__name__)
SNAPSHOT_WEIGHT = 32 << 20  # bytes judged


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
    if not session.may_go_back(time.monotonic()):
        return False  # on its way: what Faust had read ahead is still coming
    log.warning("%s: %d came where %d was due; going back", message.tp, message.offset, session.expected)
    due = max(session.expected, earliest)
    await app.consumer.seek(message.tp, due - 1 if due else 0)  # Faust hands out what comes after the offset it seeks
    return False
