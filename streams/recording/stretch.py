"""A stretch of the store, read by several processes at once where it is long."""

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection

from detectors.domain import judged
from detectors.domain.errors import RiverwatchError, Unreachable
from detectors.domain.judged import Judged
from storage.series import open_store
from storage.series.paging import merged

READERS = 2  # processes
ALONE = 4  # pages that are read without them: most stretches are short


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which readings: of which series of which store, in [start, end)."""

    url: str
    token: str
    series: tuple[str, ...]
    start: int  # ns since 1970 UTC
    end: int

    def __iter__(self) -> Iterator[Judged]:
        """Pages in the order of instant and then of name."""
        store = open_store(self.url, self.token)
        start = self.start
        try:
            pages = store.stretch(self.series, start, self.end)
            for page in islice(pages, ALONE):
                start = int(page.readings.at[-1]) + 1
                yield page
            more = next(pages, None) is not None
        finally:
            store.close()
        if more:
            yield from merged([self._elsewhere(self.series[share::READERS], start) for share in range(READERS)])

    def _elsewhere(self, series: Sequence[str], start: int) -> Iterator[Judged]:
        """The pages of some series, read by a process of its own."""
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        asked = (theirs, self.url, self.token, tuple(series), start, self.end)
        reader = spawn.Process(target=read, args=asked, daemon=True, name="stretch")
        reader.start()
        theirs.close()
        return _received(ours, reader)


def _received(pipe: Connection, reader: multiprocessing.process.BaseProcess) -> Iterator[Judged]:
    try:
        while data := pipe.recv_bytes():
            yield judged.read(data)
        if (fault := pipe.recv()) is not None:
            raise fault
    except EOFError as gone:
        raise Unreachable("the reader of a stretch", "it ended early") from gone
    finally:
        pipe.close()
        reader.terminate()
        reader.join()


def read(pipe: Connection, url: str, token: str, series: Sequence[str], start: int, end: int) -> None:
    """Send the pages of some series as bytes, then nothing, then what went wrong or None."""
    fault = None
    try:
        store = open_store(url, token)
        for page in store.stretch(series, start, end):
            pipe.send_bytes(judged.write(page))
    except BrokenPipeError:
        return  # nobody wants the rest
    except RiverwatchError as wrong:
        fault = wrong
    pipe.send_bytes(b"")
    pipe.send(fault)
