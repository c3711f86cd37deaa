"""Text of a recording as instants, values and marks, column by column; what is none of these gets a reason."""

import re
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.series import quantity_of, station_of
from ingest.wire import instant
from streams.recording.lines import Lines

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_WHOLE = r"^[+-]?\d{1,18}$"
_LAST = 2**63 - 1  # ns: the year 2262
_ZONE = re.compile(r"(Z|z|[+-]\d\d(:?\d\d)?)$")
Reasons = dict[int, str]  # by line


def read(lines: Lines) -> tuple[Batch, Reasons]:
    """The readings of those lines that have one, `seq` being their row in the recording; and why the others have none."""
    reasons: Reasons = {}
    of = lines.columns
    mark = _marks(of["mark"], reasons)
    value = _numbers(of["value"], reasons)
    at = _instants(of["at"], reasons)
    names, series = _series(of["series"], reasons)
    reasons |= dict.fromkeys(lines.broken.tolist(), "line: wrong number of fields")
    good = np.ones(len(lines), np.bool_)
    good[list(reasons)] = False
    seq = lines.first + np.flatnonzero(good)
    at = at[good]
    return Batch(names=names, series=series[good], at=at, value=value[good], mark=mark[good], seq=seq, got=at), reasons


def _series(text: pa.Array, reasons: Reasons) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    coded = text.dictionary_encode()
    names, series = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    wrong = [i for i, name in enumerate(names) if not (station_of(name) and quantity_of(name))]
    for line in np.flatnonzero(np.isin(series, wrong)).tolist() if wrong else ():
        reasons[line] = "series: not station/quantity"
    return tuple(names), series


def _marks(text: pa.Array, reasons: Reasons) -> NDArray[np.uint8]:
    coded = text.dictionary_encode()
    known = [_mark(mark) for mark in coded.dictionary.to_pylist()]
    place = coded.indices.to_numpy()
    wrong = [i for i, mark in enumerate(known) if mark is None]
    for line in np.flatnonzero(np.isin(place, wrong)).tolist() if wrong else ():
        reasons[line] = "mark: not one letter"
    flags: NDArray[np.uint8] = np.array([mark or 0 for mark in known], np.uint8)[place]
    return flags


def _mark(text: str) -> int | None:
    """A letter of HJ 212, or its number; nothing and 0 are ordinary."""
    if text.isascii() and text.isdecimal():
        return int(text) if len(text) < 4 and int(text) < 256 else None
    if not text:
        return 0
    return ord(text) if len(text) == 1 and text.isascii() else None


def _numbers(text: pa.Array, reasons: Reasons) -> NDArray[np.float64]:
    value: NDArray[np.float64]
    try:
        value = text.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        value = pc.if_else(pc.match_substring_regex(text, _NUMBER), text, "nan").cast(pa.float64()).to_numpy()
    for line in np.flatnonzero(~np.isfinite(value)).tolist():
        reasons[line] = "value: not a finite number" if text[line].as_py() else "value: empty"
    return value


def _instants(text: pa.Array, reasons: Reasons) -> NDArray[np.int64]:
    for read_all in (_of_zoned, _of_naive, _of_whole):
        with suppress(pa.ArrowInvalid):
            read_all(text[:1])  # a cast that fails looks at every row all the same
            return read_all(text)
    return _one_by_one(text, reasons)


def _of_zoned(text: pa.Array) -> NDArray[np.int64]:
    at: NDArray[np.int64] = text.cast(pa.timestamp("ns", tz="UTC")).view(pa.int64()).to_numpy()
    return at


def _of_naive(text: pa.Array) -> NDArray[np.int64]:
    at: NDArray[np.int64] = text.cast(pa.timestamp("ns")).view(pa.int64()).to_numpy()
    return at


def _of_whole(text: pa.Array) -> NDArray[np.int64]:
    """Whole s, ms, us or ns, told apart by their size, as on the wire."""
    number: NDArray[np.int64] = text.cast(pa.int64()).to_numpy()
    size = np.abs(number)
    scale: NDArray[np.int64] = np.select([size < 10**11, size < 10**14, size < 10**17], [10**9, 10**6, 10**3], 1)
    large = (size > 9_223_372_036) & (scale == 10**9)
    if large.any():
        raise pa.ArrowInvalid("seconds beyond the year 2262")
    return number * scale


def _one_by_one(text: pa.Array, reasons: Reasons) -> NDArray[np.int64]:
    """Instants of more than one form: first the three forms each as a column, then what is left by itself."""
    at = np.zeros(len(text), np.int64)
    left = np.ones(len(text), np.bool_)
    for form, read_all in _FORMS:
        mine = left & pc.match_substring_regex(text, form).to_numpy(zero_copy_only=False)
        with suppress(pa.ArrowInvalid):
            at[mine] = read_all(text.filter(pa.array(mine)))
            left &= ~mine
    for line in np.flatnonzero(left).tolist():
        try:
            at[line] = _instant(text[line].as_py())
        except Refused as refused:
            reasons[line] = refused.reason.replace("ts:", "at:", 1)
    return at


_DAY = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_FORMS: tuple[tuple[str, Callable[[pa.Array], NDArray[np.int64]]], ...] = (
    (_DAY + r"(Z|[+-]\d\d(:?\d\d)?)$", _of_zoned),
    (_DAY + "$", _of_naive),
    (_WHOLE, _of_whole),
)


def _instant(text: str) -> int:
    """Ns since 1970 of one instant; UTC where it names no offset.

    Raises:
        Refused: if it is none, or not within what 64 bits of ns can say.
    """
    if not text:
        raise Refused("at: empty", text)
    try:
        at = instant.of_number(int(text) if text.lstrip("+-").isdecimal() else float(text))
    except (ValueError, OverflowError):
        time = "T00:00" if len(text) == len("2020-01-01") else ""
        at = instant.of_text(text if _ZONE.search(text[10:]) else f"{text}{time}+00:00")
    if abs(at) > _LAST:
        raise Refused("at: beyond the year 2262", text)
    return at
