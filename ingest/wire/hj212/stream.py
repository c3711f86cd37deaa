"""Stream: frames found in bytes that come in pieces, from one data logger."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ingest.wire.hj212.framing import BEGIN, MOST, Cut, cut
from ingest.wire.hj212.link import ORDINARY, Link

_MAY_END = re.compile(rb"[\n#]")
_HOLD = 6  # bytes that may be the beginning of "##dddd"


_MN = re.compile(rb"MN\s*=\s*([^;&,\s]+)", re.IGNORECASE)


class Found(NamedTuple):
    """A segment or a refusal, the bytes that it was, and the link that they were read by."""

    cut: Cut
    raw: bytes
    link: Link


class Splitter:
    """Keeps what has come of a frame; however the bytes are cut, the same frames are found.

    `link_of` says for an MN how its owner speaks.
    """

    def __init__(self, link_of: Callable[[str], Link] = lambda _mn: ORDINARY) -> None:
        self.warnings: Counter[str] = Counter()  # of the stream and not of a frame: a CR LF that did not come
        self._link_of = link_of
        self._held = bytearray()
        self._fragments = False
        self._skipped = 0  # bytes of noise before what is held
        self._wanted = 0  # held bytes without which there is nothing new to see
        self._owed = False  # whether a frame was taken whose CR LF has not come

    @property
    def is_inside(self) -> bool:
        """Whether the beginning of a frame has come and its end has not."""
        return BEGIN.search(self._held) is not None

    def feed(self, data: bytes) -> Iterator[Found]:
        """The frames that some more bytes bring to an end; to be used up before the next call."""
        held = self._held
        self._fragments = self._fragments or self.is_inside
        held += data
        if len(held) >= self._wanted or _MAY_END.search(data):
            yield from self._take(ended=False)

    def end(self) -> Iterator[Found]:
        """What is left when the connection closes, or nothing has come for too long inside a frame."""
        self.warnings["crlf_missing"] += self._owed and self._held != b"\r\n"
        self._owed = False
        yield from self._take(ended=True)

    def _take(self, *, ended: bool) -> Iterator[Found]:
        while self._held:
            self._settle_line_end()
            self._skip_noise(ended=ended)
            whole = bytes(self._held)
            said = _MN.search(whole)
            link = self._link_of(said[1].decode("ascii", "replace")) if said else ORDINARY
            if not whole or (found := cut(whole, link, ended=ended)) is None:
                break
            raw = whole[: found.end]
            del self._held[: found.end]
            self._owed = not found.reason and not raw.endswith(b"\n") and "crlf_missing" not in found.warnings
            if self._skipped:
                found.warnings["resync_bytes"] = self._skipped
            if self._fragments:
                found.warnings["fragmented"] = 1
            self._skipped, self._fragments = 0, False
            yield Found(found, raw, link)
        self._wanted = self._needed()

    def _settle_line_end(self) -> None:
        """Take the CR LF of the frame before, or note that it is missing."""
        if not self._owed or self._held == b"\r":
            return
        self._owed = False
        if self._held.startswith(b"\r\n"):
            del self._held[:2]
        else:
            self.warnings["crlf_missing"] += 1

    def _skip_noise(self, *, ended: bool) -> None:
        """Drop what cannot belong to a frame, and count it."""
        begin = BEGIN.search(self._held)
        noise = begin.start() if begin else len(self._held) if ended else max(0, len(self._held) - _HOLD)
        if not noise:
            return
        if self._held[:noise].strip(b"\r\n"):
            self._skipped += noise
        del self._held[:noise]

    def _needed(self) -> int:
        begin = BEGIN.match(self._held)
        if begin is None:
            return 0
        whole = begin.end() + int(begin[1] or begin[2]) + 4
        return whole if len(self._held) < whole else MOST
