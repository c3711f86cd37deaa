"""Framing: where a frame begins and ends in bytes, and whether its length and its checksum hold."""

import re
from typing import NamedTuple

from ingest.wire.hj212.crc import crc212, is_modbus
from ingest.wire.hj212.frame import long_enough_to_warn, plaintext
from ingest.wire.hj212.link import LONGEST, ORDINARY, Link

BEGIN = re.compile(rb"##(?:(\d{4})|(\d{3})(?=\D))")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}")
_DONE = re.compile(rb"&&(?:;[^&\r\n]*)?[0-9A-Fa-f]{4}")  # how the end of a whole frame looks
_CR, _HASH = b"\r#"
MOST = 2 + 4 + LONGEST + 4 + 2  # bytes of the longest frame


class Sums(NamedTuple):
    """Length and checksum as a frame gives them, and as they are; put into words only when somebody reads them."""

    declared: int
    actual: int
    given: int
    expected: int

    def __str__(self) -> str:
        lengths = "" if self.declared == self.actual else f"declared {self.declared}, actual {self.actual}; "
        return f"{lengths}given {self.given:04X}, expected {self.expected:04X}"


class Cut(NamedTuple):
    """What was cut from the front of some bytes: a segment, or why there is none."""

    end: int  # bytes used up
    segment: bytes  # plaintext; of a refusal b""
    reason: str  # of standards 1.7; "" if it is to be believed
    detail: object  # says more when it is printed
    warnings: dict[str, int]


def cut(data: bytes, link: Link = ORDINARY, *, ended: bool = False) -> Cut | None:
    """The first frame of some bytes, or None if more bytes must come first; `ended` says that none will."""
    begin = BEGIN.search(data)
    if begin is None:
        return Cut(len(data), b"", "header_missing", f"{len(data)} bytes", {}) if ended else None
    start, body = begin.span()
    declared = int(begin[1] or begin[2])
    end = body + declared
    given = data[end : end + 4]
    if _HEX.fullmatch(given) and not data[end + 4 : end + 5].isalnum():
        segment = plaintext(data[body:end], link)
        if crc212(segment) == int(given, 16):
            if declared > link.longest:
                return Cut(end + 4, segment, "segment_too_long", str(declared), {})
            return _accepted(data, start, end + 4, segment, given, short=begin[1] is None)
    return _refused(data, body, declared, link, ended=ended)


def _accepted(data: bytes, start: int, end: int, segment: bytes, given: bytes, *, short: bool) -> Cut:
    warnings = {}
    if start and data[:start].strip(b"\r\n"):
        warnings["resync_bytes"] = start
    if short:
        warnings["length_3_digits"] = 1
    if not given.isupper() and not given.isdigit():
        warnings["crc_lowercase"] = 1
    if long_enough_to_warn(segment):
        warnings["segment_over_1024"] = 1
    if data.startswith(b"\r\n", end):
        end += 2
    elif len(data) - end > 1 or data[end : end + 1] not in (b"", b"\r"):
        warnings["crlf_missing"] = 1
        end += data.startswith(b"\n", end)
    return Cut(end, segment, "", "", warnings)


def _refused(data: bytes, body: int, declared: int, link: Link, *, ended: bool) -> Cut | None:
    """Why the frame that begins before `body` cannot be believed, or None while it may yet become whole."""
    there = len(data) - body >= declared + 5
    stop = _stop(data, body)
    tail = data[body:stop] if stop >= 0 else data[body:]
    if not ended and not there and not (stop >= 0 and _is_whole(tail, link)):
        return None
    if not ended and stop < 0 and len(data) - body <= LONGEST + 4:
        return None  # perhaps its length is too small: wait for its end
    if stop >= 0 and len(tail) < declared + 4 <= len(data) - body and data[stop] != _HASH and not _looks_whole(tail):
        tail = data[body : body + declared + 4]  # a line break inside: its length may be right all the same
    reason, detail = _why(tail, declared, link)
    used = body + len(tail)
    return Cut(used + (2 if data.startswith(b"\r\n", used) else 0), b"", reason, detail, {})


def _stop(data: bytes, body: int) -> int:
    """Where the line ends or the next frame begins, or -1."""
    line = data.find(b"\n", body)
    if line > body and data[line - 1] == _CR:
        line -= 1
    if data.find(b"##", body, line if line >= 0 else len(data)) >= 0 and (following := BEGIN.search(data, body)):
        return min(following.start(), line) if line >= 0 else following.start()
    return line


def _looks_whole(tail: bytes) -> bool:
    return _DONE.fullmatch(tail, max(tail.rfind(b"&&"), 0)) is not None


def _is_whole(tail: bytes, link: Link) -> bool:
    """Whether a tail is a segment with its right checksum, whatever length was declared."""
    return bool(_HEX.fullmatch(tail[-4:])) and crc212(plaintext(tail[:-4], link)) == int(tail[-4:], 16)


def _why(tail: bytes, declared: int, link: Link) -> tuple[str, object]:
    """The reason, by standards 1.7, for which a segment with its checksum is refused."""
    actual = len(tail) - 4
    if actual > LONGEST:
        return "segment_too_long", f"declared {declared}, actual {actual}"
    if not _HEX.fullmatch(tail, max(actual, 0)):
        if actual == declared or (actual > declared - 4 and _ends_at(tail, declared)):
            return "crc_malformed", repr(tail[declared : declared + 8])
        return ("truncated" if actual < declared else "length_crc_mismatch"), f"declared {declared}, actual {max(actual, 0)}"
    if actual != declared and len(tail) > declared and _ends_at(tail, declared):
        return "crc_malformed", repr(tail[declared : declared + 8])
    return _wrong(plaintext(tail[:-4], link), int(tail[-4:], 16), declared, whole=actual > declared or _looks_whole(tail))


def _wrong(segment: bytes, given: int, declared: int, *, whole: bool) -> tuple[str, Sums]:
    """What is wrong of length and checksum."""
    right, actual = crc212(segment), len(segment)
    sums = Sums(declared, actual, given, right)
    if right == given:
        return "length_mismatch", sums
    if actual == declared:
        return ("crc_modbus" if is_modbus(segment, given) else "crc_mismatch"), sums
    return ("length_crc_mismatch" if whole else "truncated"), sums


def _ends_at(tail: bytes, declared: int) -> bool:
    """Whether a segment looks ended where it should, so that what follows is meant as its checksum."""
    return tail[declared - 2 : declared] == b"&&" and not _DONE.search(tail, declared)
