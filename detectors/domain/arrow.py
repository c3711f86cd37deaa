"""Records of the first version, which were Arrow streams: still read, no longer written."""

from typing import Any

import pyarrow as pa
from numpy.typing import NDArray

from detectors.domain.errors import Refused

BEGINS = b"\xff\xff\xff\xff"  # every Arrow stream does, no record of `layout`
INSTANT = pa.timestamp("ns", tz="UTC")
_COLUMNS = {
    "series": pa.dictionary(pa.int32(), pa.utf8()),
    "at": INSTANT,
    "value": pa.float64(),
    "mark": pa.uint8(),
    "seq": pa.int64(),
    "got": INSTANT,
}
BATCH = pa.schema(_COLUMNS, metadata={b"riverwatch.batch": b"1"})
JUDGED = pa.schema(
    {**_COLUMNS, "flag": pa.uint8(), "tests": pa.uint16(), "outcome": pa.uint8()}, metadata={b"riverwatch.judged": b"1"}
)


def read(data: bytes, schema: pa.Schema) -> tuple[tuple[str, ...], dict[str, NDArray[Any]]]:
    """The names of the series, and the columns of the one record batch in an Arrow stream of this schema.

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
    series, *rest = record.columns
    numbers = {name: _numbers(column) for name, column in zip(schema.names[1:], rest, strict=True)}
    return tuple(series.dictionary.to_pylist()), {"series": series.indices.to_numpy().copy(), **numbers}


def _numbers(column: pa.Array) -> NDArray[Any]:
    numbers: NDArray[Any] = (column.view(pa.int64()) if column.type == INSTANT else column).to_numpy().copy()
    return numbers
