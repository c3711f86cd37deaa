"""The layout of columns on the wire: each column's bytes as they stand in memory, so that nothing is taken apart to be read.

A head of 16 bytes: eight that name the kind and its version, the number of rows and the size of the names (uint32). Then the
columns one behind the other, the widest first, so that each lies where its numbers may; then the names of the series as
MessagePack. All numbers are little-endian.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused

_HEAD = struct.Struct("<8sII")
_NAMES = msgspec.msgpack.Decoder(tuple[str, ...])
Column = NDArray[Any]


class Layout:
    """A kind of record: what it is called on the wire, and the columns it has."""

    def __init__(self, kind: bytes, columns: Mapping[str, str]) -> None:
        """Of eight bytes, the last of them the version, and NumPy's kind of each column; `series` indexes the names."""
        self._kind = kind
        numbers = [(name, np.dtype(of)) for name, of in columns.items()]
        self._columns = sorted(numbers, key=lambda column: -column[1].itemsize)
        self._row = sum(number.itemsize for _, number in numbers)

    def write(self, names: Sequence[str], columns: Callable[[str], Column]) -> bytes:
        """Columns of one length, each by its name, as bytes."""
        told = msgspec.msgpack.encode(names)
        parts = [columns(name).astype(number, copy=False) for name, number in self._columns]
        return b"".join([_HEAD.pack(self._kind, len(parts[0]), len(told)), *(part.tobytes() for part in parts), told])

    def read(self, data: bytes) -> tuple[tuple[str, ...], dict[str, Column]]:
        """The names and the columns of `write`; the columns may be written to: rules are compiled for such.

        Raises:
            Refused: if the bytes are something else.
        """
        if len(data) < _HEAD.size:
            raise Refused("not a batch", data)
        kind, rows, told = _HEAD.unpack_from(data)
        if kind != self._kind:
            raise Refused("not a batch" if kind[:-1] != self._kind[:-1] else "a batch of another version", kind)
        if len(data) != _HEAD.size + rows * self._row + told:
            raise Refused("a batch cut short", data[:64])
        columns, place, own = {}, _HEAD.size, bytearray(data)
        for name, number in self._columns:
            columns[name] = np.frombuffer(own, number, rows, place)
            place += rows * number.itemsize
        return _names(data[place:], columns["series"]), columns


def _names(told: bytes, series: Column) -> tuple[str, ...]:
    """The names, as many as the rows speak of."""
    try:
        names = _NAMES.decode(told)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise Refused("a batch whose series have no names", told[:64]) from fault
    if len(series) and not series.view(np.uint32).max() < len(names):  # a negative one is a large one
        raise Refused("a batch of series without a name", len(names))
    return names
