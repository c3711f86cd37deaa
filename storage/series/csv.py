"""A stretch as InfluxDB writes it in CSV, as columns."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.judged import Flag, Judged, Outcome
from storage import schema
from storage.lines import escape
from storage.series.influxql import COLUMNS

_TYPES = {name: pa.float64() if name == schema.VALUE else pa.int64() for name in COLUMNS}
_MISSING = {schema.FLAG: Flag.NOT_EVALUATED, schema.SEQ: -1}  # else 0


def columns(text: bytes, series: Sequence[str]) -> list[Judged]:
    """The rows of each series that has any, in the order of the answer."""
    if not text:
        return []
    options = pa.csv.ConvertOptions(
        column_types={"tags": pa.dictionary(pa.int32(), pa.utf8()), "time": pa.int64(), **_TYPES},
        include_columns=["tags", "time", *COLUMNS],
    )
    reading = pa.csv.ReadOptions(use_threads=False, block_size=len(text) + 1)
    table = pa.csv.read_csv(pa.BufferReader(text), reading, convert_options=options)
    table = table.filter(pc.is_valid(table[schema.VALUE])).combine_chunks()
    tags = table["tags"].combine_chunks()
    names = {_tags(name): name for name in series}
    code, column = tags.indices.to_numpy(), {name: _filled(table[name], name) for name in ("time", *COLUMNS)}
    edges = [0, *(np.flatnonzero(np.diff(code)) + 1).tolist(), len(code)] if len(code) else [0]
    spans = [slice(first, last) for first, last in pairwise(edges)]
    return [_one(names[tags.dictionary[int(code[rows.start])].as_py()], column, rows) for rows in spans]


def _tags(series: str) -> str:
    """What the column of tags says of a series."""
    station, quantity = schema.split(series)
    return f"{schema.QUANTITY}={escape(quantity)},{schema.STATION}={escape(station)}"


def _filled(column: pa.ChunkedArray, name: str) -> NDArray[np.generic]:
    filled: NDArray[np.generic] = column.fill_null(int(_MISSING.get(name, Outcome.JUDGED))).to_numpy()
    return filled


def _one(name: str, column: dict[str, NDArray[np.generic]], rows: slice) -> Judged:
    at = column["time"][rows].astype(np.int64)
    return Judged(
        readings=Batch(
            names=(name,),
            series=np.zeros(len(at), np.int32),
            at=at,
            value=column[schema.VALUE][rows].astype(np.float64),
            mark=column[schema.MARK][rows].astype(np.uint8),
            seq=column[schema.SEQ][rows].astype(np.int64),
            got=at + column[schema.LAG][rows].astype(np.int64),
        ),
        flag=column[schema.FLAG][rows].astype(np.uint8),
        tests=column[schema.TESTS][rows].astype(np.uint16),
        outcome=column[schema.OUTCOME][rows].astype(np.uint8),
    )
