"""Readings of one series out of SQLite as columns."""

from sqlite3 import Connection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged

if TYPE_CHECKING:
    from storage.series.stepping import Stepper

_QUERY = (
    "SELECT value, at, got, seq, flag | (tests << 8) | (outcome << 24) | (mark << 32) FROM readings "
    "WHERE series = (SELECT id FROM series WHERE name = ?) AND at >= ? AND at < ? ORDER BY at LIMIT ?"
)
_ROW = np.dtype([("value", "f8"), ("at", "i8"), ("got", "i8"), ("seq", "i8"), ("said", "i8")])
_WHOLE = _ROW.names[1:]  # type: ignore[index]  # it has names


def told(by: "Stepper | Connection", series: str, start: int, end: int, most: int) -> Judged:
    """The readings of [start, end), the earliest `most`, ascending; a `Connection` takes ten times as long over it."""
    given = (series, int(start), int(end), int(most))
    if isinstance(by, Connection):
        rows = np.fromiter(by.execute(_QUERY, given), _ROW)
        return _judged(series, rows["value"].copy(), *(rows[name].copy() for name in _WHOLE))
    value, whole = by.columns(_QUERY, given, len(_WHOLE), int(most))
    return _judged(series, value, *whole)


def _judged(
    series: str,
    value: NDArray[np.float64],
    at: NDArray[np.int64],
    got: NDArray[np.int64],
    seq: NDArray[np.int64],
    said: NDArray[np.int64],
) -> Judged:
    return Judged(
        readings=Batch(
            names=(series,),
            series=np.zeros(len(at), np.int32),
            at=at,
            value=value,
            mark=(said >> 32).astype(np.uint8),
            seq=seq,
            got=got,
        ),
        flag=said.astype(np.uint8),
        tests=(said >> 8).astype(np.uint16),
        outcome=(said >> 24).astype(np.uint8),
    )
