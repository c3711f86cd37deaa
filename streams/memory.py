"""Remembering through a crash: a partition's memory and its offset, in a Faust table whose changelog is the durable copy.

A snapshot is the memory's changed blocks, each written to the slot that the last snapshot does not use, and then a head that
names the offset and the slots. The head comes last in the changelog, so a crash anywhere leaves the old snapshot or the new
one, never a mixture. Events are acknowledged only when the head is in Kafka.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from typing import Protocol

import msgspec

from detectors.court import Court, Memory, Verdict
from detectors.domain.batch import Batch

NOTHING_SEEN = -1
GOING_BACK = 5.0  # seconds


class Head(msgspec.Struct, frozen=True):
    """What a snapshot covers: every record up to `offset`, in the named slot of each block."""

    offset: int
    slots: dict[str, int]


class Shelf(Protocol):
    """What a session needs of a table: read keys of a partition, write one durably."""

    def get(self, key: str) -> bytes | None:
        """The value last put, or None."""
        ...

    def put(self, partition: int, key: str, value: bytes) -> Awaitable[object]:
        """Put a value; the awaitable ends when it is durable."""
        ...


class Held(Protocol):
    """An event whose acknowledgement waits for a snapshot."""

    def ack(self) -> bool:
        """Say that it need not be delivered again."""
        ...


class Session:
    """One partition's memory for as long as this worker owns the partition."""

    def __init__(self, court: Court, shelf: Shelf, partition: int) -> None:
        self.court, self.partition = court, partition
        self._shelf = shelf
        raw = shelf.get(f"{partition}")
        self._head = msgspec.msgpack.decode(raw, type=Head) if raw else Head(NOTHING_SEEN, {})
        self.memory: Memory = court.thaw(dict(_blocks(shelf, partition, self._head))) if raw else court.blank()
        self.offset = self._head.offset
        self._held: list[Held] = []
        self._sent: list[Awaitable[object]] = []
        self.weight = 0  # bytes judged since the last snapshot
        self._went_back = (NOTHING_SEEN, 0.0)  # for which offset, and when
        self.turn = asyncio.Lock()  # no snapshot between judging a record and sending on what it caused

    @property
    def expected(self) -> int:
        """The offset of the record that comes next."""
        return self.offset + 1

    def judge(self, offset: int, batch: Batch, weight: int) -> Verdict:
        """Judge a batch and move on to its offset."""
        self.offset, self.weight = offset, self.weight + weight
        return self.court.judge(self.memory, batch, offset)

    def tick(self, offset: int, instant: int) -> Verdict:
        """Judge silence at an instant and move on to the tick's offset."""
        self.offset = offset
        return self.court.tick(self.memory, instant, offset)

    def skip(self, offset: int) -> None:
        """Move past a record that had nothing to judge."""
        self.offset = offset

    def may_go_back(self, now: float) -> bool:
        """Whether to ask for the expected record again: once, and again after a while if it still does not come."""
        due, since = self._went_back
        if due == self.expected and now - since < GOING_BACK:
            return False
        self._went_back = (self.expected, now)
        return True

    def keep(self, event: Held, sent: Iterable[Awaitable[object]] = ()) -> None:
        """Hold an event until a snapshot covers it and all that it caused is in Kafka."""
        self._held.append(event)
        self._sent.extend(sent)

    async def snapshot(self) -> None:
        """Write what changed, then the head; then acknowledge everything it covers."""
        async with self.turn:
            held, sent, writes = self._held, self._sent, self._writes()
            self._held, self._sent, self.weight = [], [], 0
        await asyncio.gather(*sent, *writes)
        for event in held:
            event.ack()

    def _writes(self) -> list[Awaitable[object]]:
        """Begin to write what changed; the head is last in the changelog."""
        if self.offset == self._head.offset:
            return []
        slots = dict(self._head.slots)
        writes = []
        for name, data in self.memory.blocks(changed_only=True).items():
            slots[name] = 1 - slots.get(name, 1)
            writes.append(self._shelf.put(self.partition, f"{self.partition}/{name}/{slots[name]}", data))
        self._head = Head(self.offset, slots)
        writes.append(self._shelf.put(self.partition, f"{self.partition}", msgspec.msgpack.encode(self._head)))
        return writes


def _blocks(shelf: Shelf, partition: int, head: Head) -> Iterable[tuple[str, bytes]]:
    for name, slot in head.slots.items():
        data = shelf.get(f"{partition}/{name}/{slot}")
        if data is None:
            raise RuntimeError(f"partition {partition}: the snapshot's head names a block that is not there: {name}/{slot}")
        yield name, data


class Sessions:
    """The sessions of the partitions that this worker owns now; a rebalance starts them anew from their snapshots."""

    def __init__(self, court: Court, shelf: Shelf) -> None:
        self._court, self._shelf = court, shelf
        self._open: dict[int, tuple[int, Session]] = {}

    def of(self, partition: int, generation: int) -> Session:
        """The session of a partition in this generation of the consumer group."""
        known = self._open.get(partition)
        if known is None or known[0] != generation:
            known = generation, Session(self._court, self._shelf, partition)
            self._open[partition] = known
        return known[1]

    def drop_others(self, generation: int) -> None:
        """Forget the sessions of earlier generations: their partitions may belong to another worker."""
        self._open = {p: known for p, known in self._open.items() if known[0] == generation}

    def __iter__(self) -> Iterator[Session]:
        return iter([session for _, session in self._open.values()])


def counts(session: Session) -> Mapping[tuple[str, str], int]:
    """The ledger's rows of a partition, by (station, outcome), as of the session's offset."""
    names = ("received", "judged", "history", "repeated")
    return {
        (station, outcome): n for station, row in session.memory.counts().items() for outcome, n in zip(names, row, strict=True)
    }
