"""A batch: readings of one partition as columns, and its Arrow form on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detectors.domain.errors import Refused

MOST_ROWS = 4096
ORDINARY = 0  # a mark is 0, or the letter of HJ 212-2017 Table 8 (N F M S D C T B) as ASCII
VERSION = b"1"

_INSTANT = pa.timestamp("ns", tz="UTC")
SCHEMA = pa.schema(
    [
        ("series", pa.dictionary(pa.int32(), pa.utf8())),
        ("at", _INSTANT),
        ("value", pa.float64()),
        ("mark", pa.uint8()),
        ("seq", pa.int64()),
        ("got", _INSTANT),
    ],
    metadata={b"riverwatch.batch": VERSION},
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Readings in the order they came; every column has one entry a reading."""

    names: tuple[str, ...]  # the distinct series, "station/quantity"
    series: NDArray[np.int32]  # index into `names`
    at: NDArray[np.int64]  # the device's instant, ns since 1970 UTC
    value: NDArray[np.float64]  # in the registry's unit of the quantity
    mark: NDArray[np.uint8]
    seq: NDArray[np.int64]  # the device's sequence number, or -1
    got: NDArray[np.int64]  # when the bridge received it, ns since 1970 UTC

    def __len__(self) -> int:
        return len(self.at)

    @classmethod
    def of(cls, rows: Sequence[tuple[str, int, float]], *, got: int | None = None) -> "Batch":
        """Gather a few (series, at, value) rows; `got` is the row's own instant unless given. For small batches only."""
        names = tuple(dict.fromkeys(name for name, _, _ in rows))
        place = {name: i for i, name in enumerate(names)}
        at = np.array([at for _, at, _ in rows], np.int64)
        return cls(
            names=names,
            series=np.array([place[name] for name, _, _ in rows], np.int32),
            at=at,
            value=np.array([value for _, _, value in rows], np.float64),
            mark=np.zeros(len(rows), np.uint8),
            seq=np.full(len(rows), -1, np.int64),
            got=at.copy() if got is None else np.full(len(rows), got, np.int64),
        )


def concat(batches: Sequence[Batch]) -> Batch:
    """Several batches as one, rows in order; at least one must be given."""
    names = tuple(dict.fromkeys(name for batch in batches for name in batch.names))
    place = {name: i for i, name in enumerate(names)}
    moved = [np.array([place[name] for name in batch.names], np.int32)[batch.series] for batch in batches]
    return Batch(
        names=names,
        series=np.concatenate(moved),
        at=np.concatenate([batch.at for batch in batches]),
        value=np.concatenate([batch.value for batch in batches]),
        mark=np.concatenate([batch.mark for batch in batches]),
        seq=np.concatenate([batch.seq for batch in batches]),
        got=np.concatenate([batch.got for batch in batches]),
    )


def columns(batch: Batch) -> list[pa.Array]:
    """The batch's columns as Arrow arrays, in the order of `SCHEMA`, without copying numbers."""
    return [
        pa.DictionaryArray.from_arrays(pa.array(batch.series), pa.array(batch.names, pa.utf8())),
        pa.array(batch.at).view(_INSTANT),
        pa.array(batch.value),
        pa.array(batch.mark),
        pa.array(batch.seq),
        pa.array(batch.got).view(_INSTANT),
    ]


def write(batch: Batch) -> bytes:
    """The batch as one Arrow IPC stream."""
    return to_ipc(pa.RecordBatch.from_arrays(columns(batch), schema=SCHEMA))


def read(data: bytes) -> Batch:
    """The batch of `write`.

    Raises:
        Refused: if the bytes are not a batch of this version.
    """
    return from_columns(from_ipc(data, SCHEMA))


def to_ipc(record: pa.RecordBatch) -> bytes:
    """One record batch as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, record.schema) as stream:
        stream.write_batch(record)
    return bytes(sink.getvalue())


def from_ipc(data: bytes, schema: pa.Schema) -> pa.RecordBatch:
    """The one record batch in an Arrow IPC stream, checked against the schema and its version.

    Raises:
        Refused: if the bytes are something else.
    """
    try:
        with pa.ipc.open_stream(data) as stream:
            if stream.schema != schema or stream.schema.metadata != schema.metadata:
                raise Refused("a batch of another version", dict(stream.schema.metadata or {}))
            record = stream.read_next_batch()
        record.validate(full=True)
    except (pa.ArrowException, OSError, StopIteration) as fault:
        raise Refused("not a batch", data[:64]) from fault
    if any(column.null_count for column in record.columns):
        raise Refused("a batch with holes", record.num_rows)
    return record


def from_columns(record: pa.RecordBatch) -> Batch:
    """The first six columns of a record batch as a `Batch`; numbers are views, not copies."""
    series = record.column(0)
    return Batch(
        names=tuple(series.dictionary.to_pylist()),
        series=series.indices.to_numpy(),
        at=record.column(1).view(pa.int64()).to_numpy(),
        value=record.column(2).to_numpy(),
        mark=record.column(3).to_numpy(),
        seq=record.column(4).to_numpy(),
        got=record.column(5).view(pa.int64()).to_numpy(),
    )
