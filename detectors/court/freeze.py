"""Freezing: a block of memory as bytes, and back, even if rules have changed in between."""

from collections.abc import Mapping

import msgspec
import numpy as np

from detectors.court.rulebook import Table
from detectors.domain.errors import Refused

Field = tuple[str, str, tuple[int, ...], int]  # name, format, shape, offset


class FrozenTable(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one rule's memory, with the layout they were written in."""

    fields: tuple[Field, ...]
    size: int
    rows: bytes


class FrozenBlock(msgspec.Struct, frozen=True, array_like=True):
    """Some rows of a register: names, and their rows of each table."""

    offset: int  # the newest record of the partition that is in it, or -1
    names: tuple[str, ...]
    tables: dict[str, FrozenTable]
    limits: tuple[tuple[int, str], ...] = ()  # for each row of the table "limit": which of `names` it is on, and its own name
    instant: int = 0  # the newest instant known when it was written


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FrozenBlock)


def frozen(table: Table) -> FrozenTable:
    """A table as bytes, with its layout; what lies between the fields is zero, so that equal memories have equal bytes."""
    clean = np.zeros(len(table), table.dtype)
    copy(table, clean)
    fields = [(name, kind.base.str, kind.shape, offset) for name, (kind, offset, *_) in (table.dtype.fields or {}).items()]
    return FrozenTable(tuple(fields), table.dtype.itemsize, clean.tobytes())


def thawed(table: FrozenTable) -> Table:
    """The table of `frozen`."""
    names, formats, shapes, offsets = zip(*table.fields, strict=True)
    dtype = np.dtype(
        {"names": names, "formats": list(zip(formats, shapes, strict=True)), "offsets": offsets, "itemsize": table.size}
    )
    return np.frombuffer(table.rows, dtype)


def copy(old: Table, new: Table) -> None:
    """Fill a table from one that an older court may have written: field by field, by name; the rest stays blank.

    A list that has become longer keeps its places, so what is new in it comes last; a window of another length has another name.
    """
    for name in set(new.dtype.names or ()) & set(old.dtype.names or ()):
        was, now = old[name], new[name]
        if was.shape[1:] == now.shape[1:]:
            now[...] = was
        elif was.ndim == now.ndim == 2 and was.shape[1] < now.shape[1]:
            now[:, : was.shape[1]] = was


def to_bytes(block: FrozenBlock) -> bytes:
    """A block as MessagePack."""
    return _encoder.encode(block)


def from_bytes(data: bytes) -> tuple[FrozenBlock, Mapping[str, Table]]:
    """The block of `to_bytes` and its tables.

    Raises:
        Refused: if the bytes are something else.
    """
    try:
        block = _decoder.decode(data)
        tables = {name: thawed(table) for name, table in block.tables.items()}
        _check(block, tables)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as fault:
        raise Refused("not a block of memory", data[:64]) from fault
    return block, tables


def _check(block: FrozenBlock, tables: Mapping[str, Table]) -> None:
    """See that every table has the rows it should.

    Raises:
        ValueError: if one has not.
    """
    for name, table in tables.items():
        if len(table) != len(block.limits if name == "limit" else block.names):
            raise ValueError(name)
    if not all(0 <= row < len(block.names) for row, _ in block.limits):
        raise ValueError("limits")
