"""Readings as JSON: {"ts": …, "seq": …, "values": {"do": 7.9, …}}, or an array of such."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from detectors.domain.errors import Refused
from ingest.columns import Columns
from ingest.topics import Place
from ingest.wire import instant
from ingest.wire.bounds import EARLIEST, ORDINARY, Bounds

MARKS = {letter: ord(letter) for letter in "NFMSDCTB"}  # HJ 212-2017 Table 8
_MOST_SEQ = 2**63 - 1


class Said(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One object: all values of one instant."""

    ts: int | float | str
    values: dict[str, float]
    seq: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    station: str | UnsetType = UNSET
    marks: dict[str, str] | UnsetType = UNSET


class _Raw(msgspec.Struct):
    """An object that was refused, to find out why."""

    values: dict[str, Raw]


class _Number(msgspec.Struct):
    """One value in a place of its own, so that a complaint can name it."""

    value: float


_one, _many, _why = msgspec.json.Decoder(Said), msgspec.json.Decoder(list[Said]), msgspec.json.Decoder(_Raw | list[_Raw])
_encoder = msgspec.json.Encoder()


def read(place: Place, payload: bytes, *, got: int, into: Columns, bounds: Bounds = ORDINARY) -> int:
    """Append the readings of a payload to `into` and return how many they are.

    One bad object in an array refuses the whole message: what a device says at once is believed at once or not at all.

    Raises:
        Refused: with a reason that names the field; then `into` is as it was.
    """
    row, run = len(into.series), len(into.rows)
    try:
        if payload.lstrip()[:1] == b"{":
            keys = _take(place, _one.decode(payload), got, into, bounds)
        else:
            keys = sum([_take(place, said, got, into, bounds) for said in _many.decode(payload)])
        if payload.count(b'":') != keys:
            _check_keys(payload, keys)
        rows = len(into.series) - row
        if not 0 < rows <= bounds.most_rows:
            bounds.check_rows(rows)
    except Refused:
        into.cut(row, run)
        raise
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Refused(_reason(payload, fault), payload[:200]) from fault
    return rows


def _take(place: Place, said: Said, got: int, into: Columns, bounds: Bounds) -> int:
    """Append one object, and return how many keys it must have had."""
    at, values, seq = instant.of(said.ts), said.values, said.seq
    if not EARLIEST <= at <= got + bounds.future_tolerance:
        bounds.check_instant(at, got)
    if not values:
        raise Refused("values: empty", at)
    keys = 2 + len(values)
    if seq is UNSET:
        seq = -1
    elif seq > _MOST_SEQ:
        raise Refused("seq: more than 63 bits", f"{seq.bit_length()} bits")
    else:
        keys += 1
    if said.station is not UNSET:
        keys += 1
        if said.station != place.station:
            raise Refused(f"station: not the topic's {place.station!r}", said.station[:80])
    row = len(into.series)
    into.say([*map(place.series.__getitem__, values)], values.values(), at=at, seq=seq, got=got)
    if said.marks is not UNSET:
        keys += 1 + len(said.marks)
        into.marks += _marks(said.marks, [*values], row)
    return keys


def _marks(marks: dict[str, str], quantities: list[str], row: int) -> list[tuple[int, int]]:
    strangers = [quantity for quantity in marks if quantity not in quantities]
    if strangers:
        raise Refused("marks: for a quantity without a value", strangers[0][:80])
    for quantity, letter in marks.items():
        if letter not in MARKS:
            raise Refused(f"marks.{quantity}: not one of {' '.join(MARKS)}", letter[:80])
    return [(row + i, MARKS[marks[quantity]]) for i, quantity in enumerate(quantities) if quantity in marks]


def _check_keys(payload: bytes, keys: int) -> None:
    """Refuse a key that stands twice in an object, for one of its values would vanish.

    No valid name or time holds a quote and a colon, so those two characters, without the space between, count the keys.
    """
    if b"".join(payload.split()).count(b'":') != keys:
        raise Refused("a key that stands twice", payload[:200])


def _reason(payload: bytes, fault: Exception) -> str:
    """What is wrong with a payload that did not decode, naming the field."""
    if isinstance(fault, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(fault, RecursionError):
        return "nested too deeply"
    if "values[...]" not in str(fault):
        return f"not a message of readings: {fault}"
    try:
        found = _why.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return f"values: {fault}"
    for each in found if isinstance(found, list) else [found]:
        for quantity, value in each.values.items():
            try:
                msgspec.json.decode(b'{"value":%b}' % bytes(value), type=_Number)
            except msgspec.MsgspecError as wrong:
                return f"values.{quantity[:80]}: {str(wrong).removesuffix(' - at `$.value`')}"
    return f"values: {fault}"


def write(columns: Columns) -> bytes:
    """The readings of one station as JSON: an object, or an array if they are of several instants; `got` is not said.

    A run that says a quantity twice cannot be written as one object and must not be given.
    """
    objects, marks, row = [], dict(columns.marks), 0
    for at, seq, rows in zip(columns.at, columns.seq, columns.rows, strict=True):
        names = [series.split("/", 1)[1] for series in columns.series[row : row + rows]]
        said = Said(ts=at, values=dict(zip(names, columns.value[row : row + rows], strict=True)))
        said.seq = UNSET if seq == -1 else seq
        letters = {name: chr(marks[row + i]) for i, name in enumerate(names) if row + i in marks}
        said.marks = letters or UNSET
        objects.append(said)
        row += rows
    return _encoder.encode(objects[0] if len(objects) == 1 else objects)
