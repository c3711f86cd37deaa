"""Gathering: messages of one round become Kafka records, and are acknowledged together when Kafka has all of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from detectors.domain import batch
from detectors.domain.batch import MOST_ROWS
from ingest.columns import Columns

BATCH = (("kind", b"batch"),)
_MOST_BYTES = 16 << 20  # frames and refusals of a round; more ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What goes to one place in Kafka."""

    topic: str
    partition: int
    value: bytes
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(slots=True)
class Round:
    """Everything that came since the last round."""

    full: bool = False  # lingering for more would gain nothing
    acks: list[Callable[[], None]] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # (device, outcome)
    _open: dict[int, Columns] = field(default_factory=dict)  # by partition
    _closed: list[tuple[int, Columns]] = field(default_factory=list)
    _records: list[Record] = field(default_factory=list)
    _bytes: int = 0

    def columns(self, partition: int) -> Columns:
        """Where the readings of a message may be appended; `settle` must be called when they are MOST_ROWS."""
        found = self._open.get(partition)
        if found is None:
            found = self._open[partition] = Columns()
        return found

    def settle(self, partition: int, row: int, run: int) -> None:
        """A batch is full: the message appended from this border on begins a new one if it did not fit."""
        columns = self._open[partition]
        self.full = True
        if row and len(columns) > MOST_ROWS:
            self._open[partition] = columns.cut(row, run)
            self._closed.append((partition, columns))

    def add(self, record: Record) -> None:
        """Take a record that is already what it shall be: a frame, a refusal."""
        self._records.append(record)
        self._bytes += len(record.value)
        self.full |= self._bytes > _MOST_BYTES

    def records(self, topic: str) -> list[Record]:
        """The readings as batches for a topic, each partition's in order; then everything else."""
        sheaves = [*self._closed, *self._open.items()]
        batches = [
            Record(topic=topic, partition=partition, value=batch.write(each), headers=BATCH)
            for partition, columns in sheaves
            if len(columns)
            for each in columns.batches(MOST_ROWS)
        ]
        return batches + self._records
