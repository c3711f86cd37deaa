"""Logger: a data logger that calls the gateway over TCP in HJ 212, and believes only its answer."""

import select
import socket
from dataclasses import dataclass, field
from time import monotonic

from ingest.wire.hj212.stream import Splitter
from simulators.sent import Book

PATIENCE = 5.0  # s until a frame that was not answered is sent again
PAUSE = 1.0  # s until a gateway that did not let us in is called again
_PIECE = 65_536


@dataclass(slots=True, eq=False)
class Logger:
    """One logger over its part of the book; a frame at a time, taken when its answer (9014, the same QN) has come."""

    name: str
    book: Book
    gateway: tuple[str, int]
    line: socket.socket | None = None
    under_way: dict[str, int] = field(default_factory=dict)  # QN -> id in the book
    again_at: float = 0.0  # monotonic s
    splitter: Splitter = field(default_factory=Splitter)

    def pump(self) -> int:
        """Hear the answers and send what waits; returns how many frames were taken."""
        if not self._connected():
            return 0
        taken = self._hear()
        if self.under_way and monotonic() >= self.again_at:
            self.under_way.clear()
        if not self.under_way and monotonic() >= self.again_at:
            for one, _topic, frame in self.book.waiting(self.name, 0, 1):
                self._send(one, frame)
        return taken

    def stop(self) -> None:
        """Hang up."""
        if self.line:
            self.line.close()
            self.line = None

    def _connected(self) -> bool:
        if self.line is None and monotonic() >= self.again_at:
            try:
                self.line = socket.create_connection(self.gateway, timeout=PATIENCE)
            except OSError:
                self.again_at = monotonic() + PAUSE
            self.under_way.clear()
            self.splitter = Splitter()
        return self.line is not None

    def _send(self, one: int, frame: bytes) -> None:
        qn = frame.partition(b"QN=")[2].partition(b";")[0].decode()
        try:
            assert self.line
            self.line.sendall(frame)
        except OSError:
            self._lost()
            return
        self.under_way[qn] = one
        self.again_at = monotonic() + PATIENCE

    def _hear(self) -> int:
        """Take what was answered out of the book."""
        assert self.line
        if not select.select([self.line], [], [], 0)[0]:
            return 0
        try:
            heard = self.line.recv(_PIECE)
        except OSError:
            heard = b""
        if not heard:
            self._lost()
            return 0
        answered = [found.raw for found in self.splitter.feed(heard)]
        taken = [
            one
            for qn, one in self.under_way.items()
            if any(f"QN={qn};".encode() in raw and b"CN=9014" in raw for raw in answered)
        ]
        if taken:
            self.book.acked(taken)
            self.under_way.clear()
            self.again_at = 0.0
        return len(taken)

    def _lost(self) -> None:
        self.stop()
        self.under_way.clear()
        self.again_at = monotonic() + PAUSE
