"""The bench: where a worker's partitions are judged, and what follows from a verdict is sent on."""

import logging
import time
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any

import faust

from detectors.court import Verdict
from detectors.domain import batch, judged
from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.partition import partition_of
from ingest.refused import Refusal
from streams import sources
from streams.memory import Session, Sessions, counts
from streams.runs import is_tick, runs
from streams.setaside import of_record, set_aside

log = logging.getLogger(__name__)
SNAPSHOT_WEIGHT = 32 << 20  # bytes judged


class Bench:
    """Where a worker's partitions are judged: each record in its turn, each once, in company where several wait."""

    def __init__(self, app: faust.App, sessions: Sessions, out: "Outlets") -> None:
        self._app, self._sessions, self._out = app, sessions, out

    async def take(self, events: Iterable[Any]) -> None:
        """Judge what is due; hold what was judged before; go back if Faust left some out."""
        for run in runs(events):
            if self._is_ours(run[0].message):
                await self._take(run)

    def _is_ours(self, message: Any) -> bool:
        """Whether a record came in this generation of the group, as Faust itself asks: others may have its partition now."""
        return bool(self._app.flow_control.is_active()) and message.generation_id == self._app.consumer_generation_id

    async def _take(self, run: Sequence[Any]) -> None:
        first = run[0].message
        session = self._sessions.of(first.partition, first.generation_id)
        async with session.turn:
            known = max(0, session.expected - first.offset)
            for event in run[:known]:
                session.keep(event)
            due = run[known:]
            if due and await _follows(self._app, session, due[0]):
                await _judge(session, due, self._out)
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

    async def send(self, verdict: Verdict, partition: int, records: Sequence[tuple[int, int]]) -> list[Awaitable[object]]:
        """Send a verdict on records (offset, rows); the awaitables end when Kafka has it."""
        sent: list[Awaitable[object]] = []
        if len(verdict.judged):
            value, said = judged.write(verdict.judged), {"source": sources.write(records)}
            sent.append(await self._judged.send(partition=partition, value=value, headers=said))
        for found in verdict.events:
            key = found.cell or found.station
            place = partition_of(key, self._partitions)
            sent.append(await self._events.send(key=key.encode(), value=found.to_bytes(), partition=place))
        return sent

    async def refuse(self, refusal: Refusal) -> Awaitable[object]:
        """Set something aside with its reason."""
        return await set_aside(self._refused, refusal, self._partitions)


async def _judge(session: Session, run: Sequence[Any], out: Outlets) -> None:
    """Judge a run, whatever it is, and hold it until a snapshot covers it."""
    first = run[0]
    if is_tick(first):
        offset = first.message.offset
        verdict = session.tick(offset, int(first.value))
        return session.keep(first, await out.send(verdict, session.partition, [(offset, 0)]))
    readable: list[tuple[Any, Batch]] = []
    for event in run:
        try:
            readable.append((event, batch.read(event.value)))
        except Refused as wrong:
            await _judge_together(session, readable, out)
            readable = []
            session.skip(event.message.offset)
            session.keep(event, [await out.refuse(of_record(wrong, event.message, "readings"))])
    await _judge_together(session, readable, out)
    return None


async def _judge_together(session: Session, readable: Sequence[tuple[Any, Batch]], out: Outlets) -> None:
    """Judge records that follow on each other as one batch; the snapshot that covers the last covers all of them."""
    if not readable:
        return
    events, parts = zip(*readable, strict=True)
    whole = parts[0] if len(parts) == 1 else batch.concat(parts)
    verdict = session.judge(events[-1].message.offset, whole, sum(len(event.value) for event in events))
    records = [(event.message.offset, len(part)) for event, part in readable]
    sent = await out.send(verdict, session.partition, records)
    for event in events:
        session.keep(event, sent)
        sent = []


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
