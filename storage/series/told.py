"""Readings of one series out of SQLite as columns, without a Python object for each where values allow.

SQLite gathers each column into one text, and NumPy reads the text. Values go as whole millionths: k / 1e6 is one correctly
rounded division there and here, so that where SQLite finds it equal to the value, it is that very value here. A page with a
value that is no such number takes the slow way, row by row.
"""

from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged

_SAID = "flag | (tests << 8) | (outcome << 24) | (mark << 32)"
_WHERE = "FROM readings WHERE series = (SELECT id FROM series WHERE name = ?) AND at >= ? AND at < ? ORDER BY at LIMIT ?"
_ROWS = f"SELECT at, value, got, seq, {_SAID} {_WHERE}"
_COLUMNS = "at, value, CAST(round(value * 1e6) AS INTEGER) AS k, got - at AS lag, seq"
_LISTS = ", ".join(f"json_group_array({name})" for name in ("at", "k", "lag", "seq", "said"))
_ODD = "coalesce(sum(abs(value) > 9e9 OR k / 1e6 != value OR typeof(lag) != 'integer'), 0)"
_TEXTS = f"SELECT {_LISTS}, {_ODD} FROM (SELECT {_COLUMNS}, {_SAID} AS said {_WHERE})"  # noqa: S608  our own text
_ROW = np.dtype([("at", "i8"), ("value", "f8"), ("got", "i8"), ("seq", "i8"), ("said", "i8")])
_Ints = NDArray[np.int64]


def told(db: Connection, series: str, start: int, end: int, most: int) -> Judged:
    """The readings of [start, end), the earliest `most`, ascending."""
    *texts, odd = db.execute(_TEXTS, (series, start, end, most)).fetchone()
    if odd:
        rows = np.fromiter(db.execute(_ROWS, (series, start, end, most)), _ROW)
        return _judged(series, rows["at"], rows["value"], rows["got"], rows["seq"], rows["said"])
    at, k, lag, seq, said = (_read(text) for text in texts)
    return _judged(series, at, k / 1e6, at + lag, seq, said)


def _read(text: str) -> _Ints:
    """The numbers of a JSON array."""
    if len(text) <= 2:
        return np.zeros(0, np.int64)
    return np.fromstring(text[1:-1], np.int64, sep=",")


def _judged(series: str, at: _Ints, value: NDArray[np.float64], got: _Ints, seq: _Ints, said: _Ints) -> Judged:
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
