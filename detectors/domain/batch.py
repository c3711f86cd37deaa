"""A batch: readings of one partition as columns, and its form on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detectors.domain import arrow
from detectors.domain.layout import Layout

MOST_ROWS = 4096
ORDINARY = 0  # a mark is 0, or the letter of HJ 212-2017 Table 8 (N F M S D C T B) as ASCII
COLUMNS = {"series": "<i4", "at": "<i8", "value": "<f8", "mark": "u1", "seq": "<i8", "got": "<i8"}
_LAYOUT = Layout(b"rwbatch2", COLUMNS)


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


def write(batch: Batch) -> bytes:
    """The batch as bytes."""
    return _LAYOUT.write(batch.names, partial(getattr, batch))


def read(data: bytes) -> Batch:
    """The batch of `write`, or of the first version.

    Raises:
        Refused: if the bytes are no batch of these versions.
    """
    names, columns = arrow.read(data, arrow.BATCH) if data.startswith(arrow.BEGINS) else _LAYOUT.read(data)
    return Batch(names=names, **columns)
