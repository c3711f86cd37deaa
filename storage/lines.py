"""Judged readings to InfluxDB's line protocol, without a Python object per point."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.judged import Judged, Outcome
from storage import schema
from storage.digits import MANY, Bytes, Ints, decimals, put_decimal, put_integer

_INTEGERS = (schema.FLAG, schema.TESTS, schema.OUTCOME, schema.MARK, schema.SEQ, schema.LAG)
# how many of them each outcome writes: a repeated reading none, so that what is stored stays; an amended one its flag and
# tests and no value, so that a value corrected meanwhile stays
_WRITES = {Outcome.AMENDED: 2, Outcome.REPEATED: 0}
_FIELDS = np.array([_WRITES.get(outcome, len(_INTEGERS)) for outcome in Outcome])
_WIDEST = 26 + sum(len(name) + 23 for name in _INTEGERS) + 22  # bytes of a line behind its prefix
_ESCAPES = str.maketrans({",": "\\,", "=": "\\=", " ": "\\ "})
_SPACE, _NEWLINE, _MINUS, _I = (ord(letter) for letter in " \n-i")


class _Texts(NamedTuple):
    """Byte strings behind each other, and where each begins and ends."""

    letters: Bytes
    edges: Ints


class _Values(NamedTuple):
    """Values with their digits; where a value has MANY, its digits are the number of its text."""

    value: NDArray[np.float64]
    digits: Ints
    places: Ints
    texts: _Texts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Line protocol, and where its lines begin and end."""

    text: memoryview
    edges: Ints  # line i is text[edges[i]:edges[i + 1]], with its newline

    def __len__(self) -> int:
        return len(self.edges) - 1

    def span(self, first: int, last: int) -> memoryview:
        """The lines first, …, last - 1."""
        return self.text[self.edges[first] : self.edges[last]]


def lines(judged: Judged, rows: NDArray[np.intp] | None = None) -> Lines:
    """One line a reading, in order; of the named rows only, where given. Their values are finite and their names fit."""
    readings = judged.readings
    chosen = np.arange(len(judged)) if rows is None else rows
    prefixes = _texts([*map(prefix, readings.names), *map(flag_prefix, readings.names)])
    columns: tuple[NDArray[np.integer], ...] = (
        judged.flag,
        judged.tests,
        judged.outcome,
        readings.mark,
        readings.seq,
        readings.got - readings.at,
    )
    integers = np.empty((len(chosen), len(_INTEGERS)), np.int64)
    for place, column in enumerate(columns):
        integers[:, place] = column[chosen]
    longest = int(np.diff(prefixes.edges).max(initial=0))
    out = np.empty(len(chosen) * (longest + _WIDEST), np.uint8)
    edges = np.zeros(len(chosen) + 1, np.int64)
    fields = _FIELDS[judged.outcome[chosen]]
    amended = judged.outcome[chosen] == Outcome.AMENDED
    series, values = readings.series[chosen] + amended * np.int32(len(readings.names)), _values(readings.value[chosen])
    _write(out, edges, series, prefixes, values, integers, fields, amended, readings.at[chosen], _NAMES)
    return Lines(text=memoryview(out), edges=edges)  # type: ignore[arg-type]


@lru_cache(maxsize=200_000)
def prefix(series: str) -> bytes:
    """Measurement, tags in alphabetical order, and the first field's name, up to its value; nothing for a name that is unfit."""
    return _prefix(series, schema.VALUE)


@lru_cache(maxsize=200_000)
def flag_prefix(series: str) -> bytes:
    """The same of a line that has no value, up to its flag."""
    return _prefix(series, schema.FLAG)


def _prefix(series: str, field: str) -> bytes:
    try:
        station, quantity = schema.split(series)
    except Refused:
        return b""  # its rows are not among the chosen
    tags = f"{schema.QUANTITY}={escape(quantity)},{schema.STATION}={escape(station)}"
    return f"{schema.READINGS},{tags} {field}=".encode()


def escape(tag: str) -> str:
    """A tag's value as line protocol writes it."""
    return tag.translate(_ESCAPES)


def _texts(parts: Iterable[bytes]) -> _Texts:
    kept = list(parts)
    edges = np.zeros(len(kept) + 1, np.int64)
    np.cumsum([len(part) for part in kept], out=edges[1:])
    return _Texts(np.frombuffer(b"".join([*kept, b"\0"]), np.uint8), edges)


def _values(value: NDArray[np.float64]) -> _Values:
    digits, places = decimals(value)
    many = np.flatnonzero(places == MANY)
    digits[many] = np.arange(len(many))
    return _Values(value, digits, places, _texts(repr(number).encode() for number in value[many].tolist()))


_NAMES = _texts(f",{name}=".encode() for name in _INTEGERS)


@njit(cache=True)
def _put_text(out: Bytes, to: int, texts: _Texts, number: int) -> int:
    """One of the texts at `to`; where it ends."""
    for i in range(texts.edges[number], texts.edges[number + 1]):
        out[to] = texts.letters[i]
        to += 1
    return to


@njit(cache=True)
def _put_value(out: Bytes, to: int, values: _Values, i: int) -> int:
    """The i-th value at `to`, so that it reads back as the same double; where it ends."""
    if values.places[i] == MANY:
        return _put_text(out, to, values.texts, values.digits[i])
    if math.copysign(1.0, values.value[i]) < 0:
        out[to] = _MINUS
        to += 1
    return put_decimal(out, to, values.digits[i], values.places[i])


@njit(cache=True)
def _write(
    out: Bytes,
    edges: Ints,
    series: NDArray[np.int32],
    prefixes: _Texts,
    values: _Values,
    integers: Ints,
    fields: Ints,
    amended: NDArray[np.bool_],
    at: Ints,
    names: _Texts,
) -> None:
    """Every line into `out`, and where it ends into `edges`."""
    to = 0
    for i in range(len(series)):
        to = _put_text(out, to, prefixes, series[i])
        if not amended[i]:
            to = _put_value(out, to, values, i)
        for field in range(fields[i]):
            if field > 0 or not amended[i]:
                to = _put_text(out, to, names, field)
            to = put_integer(out, to, integers[i, field])
            out[to] = _I
            to += 1
        out[to] = _SPACE
        to = put_integer(out, to + 1, at[i])
        out[to] = _NEWLINE
        to += 1
        edges[i + 1] = to
