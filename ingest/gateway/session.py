"""Session: one connection of a data logger, which may speak in pieces, hang in the middle, or never listen."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import cast

from ingest.gateway.desk import Desk
from ingest.wire.hj212.stream import Found, Splitter

_FORGET = struct.pack("ii", 1, 0)
_MOST_REFUSED = 1000  # frames refused in a row before we part
_MOST_ANSWERS = 64 << 10  # bytes of answers that a client may leave unread before we stop reading, too


class Session(asyncio.Protocol):
    """Bytes to frames, answers to bytes; it owns no timer, the server looks at all sessions once a second."""

    def __init__(self, desk: Desk, *, opened: Callable[["Session"], None], closed: Callable[["Session"], None]) -> None:
        self._desk, self._opened, self._closed = desk, opened, closed
        self._splitter = Splitter(desk.link_of)
        self._refused = 0
        self.peer = self._station = ""
        self.heard = self.inside_since = self._unread_since = 0.0  # loop time; 0 = not so
        self._is_deaf = self._is_held = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A logger has called."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=_MOST_ANSWERS)
        if (line := transport.get_extra_info("socket")) is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_ANSWERS)  # or the kernel would keep megabytes for the deaf
        address = transport.get_extra_info("peername")
        self.peer = f"{address[0]}:{address[1]}" if address else ""
        self.heard = asyncio.get_running_loop().time()
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Some bytes have come."""
        self.heard = asyncio.get_running_loop().time()
        ended = self._take_all(self._splitter.feed(data))
        if not self._splitter.is_inside:
            self.inside_since = 0.0
        elif ended or not self.inside_since:
            self.inside_since = self.heard

    def connection_lost(self, _: Exception | None) -> None:
        """The logger is gone; what it left unfinished is truncated."""
        self._take_all(self._splitter.end())
        self._closed(self)

    def pause_writing(self) -> None:
        """The client does not read its answers: we do not read its frames."""
        self._is_deaf = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._is_deaf = False
        if not self._is_held:
            self.transport.resume_reading()

    def unread_for(self, now: float) -> float:
        """For how many seconds there have been answers that the client did not take."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = 0.0
            return 0.0
        self._unread_since = self._unread_since or now
        return now - self._unread_since

    def hold(self) -> None:
        """Read no more until the broker has caught up."""
        if not self._is_held:
            self._is_held = True
            self.transport.pause_reading()

    def release(self) -> None:
        """Read again."""
        if self._is_held:
            self._is_held = False
            if not self._is_deaf and not self.transport.is_closing():
                self.transport.resume_reading()

    def part(self) -> None:
        """Close at once, and let the kernel forget what the client would not take."""
        if (line := self.transport.get_extra_info("socket")) is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _FORGET)
        self.transport.abort()

    def give_up_waiting(self) -> None:
        """A frame has been unfinished for too long: take what there is as truncated, and go on."""
        self.inside_since = 0.0
        self._take_all(self._splitter.end())

    def _take_all(self, found: Iterable[Found]) -> int:
        """Deal with frames; how many they were."""
        got, n_frames = time.time_ns(), 0
        for each in found:
            n_frames += 1
            station = self._desk.take(each, self.peer, got, self._answer, self._station)
            self._refused = 0 if station else self._refused + 1
            self._station = station or self._station
            for name, n in self._splitter.warnings.items():
                self._desk.counts[each.link.station, name] += n
            self._splitter.warnings.clear()
        if self._refused > _MOST_REFUSED:
            self.part()
        return n_frames

    def _answer(self, line: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(line)
