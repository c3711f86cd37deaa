"""Where readings to be judged come from: a recording, or a stretch of the store; either is read as often as wanted."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from detectors.domain.series import station_of
from storage.series import open_store
from streams.recording import writing
from streams.recording.judging import Judgement, Page, Progress, pages, pages_of
from streams.recording.lines import Recording
from streams.recording.melted import together
from streams.recording.spool import Spool
from streams.recording.stretch import Stretch


class Source(Protocol):
    """Rows that can be read more than once."""

    def pages(self) -> Iterator[Page]:
        """All rows, page by page."""
        ...

    def write(self, judgement: Judgement, out: BinaryIO, *, progress: Progress) -> None:
        """Every row with what was said of it."""
        ...


class Recorded:
    """The rows of a CSV file."""

    def __init__(self, path: Path) -> None:
        self._recording = Recording(path)

    def pages(self) -> Iterator[Page]:
        """All rows, page by page; series that stand one after another come side by side."""
        return together(pages(self._recording))

    def write(self, judgement: Judgement, out: BinaryIO, *, progress: Progress) -> None:
        """Every row as it came, with what was said of it."""
        writing.write(self._recording, judgement, out, progress=progress)


class Stored:
    """The readings of a stretch of the store; after the first time they come out of a file of their own."""

    def __init__(self, stretch: Stretch) -> None:
        self._spool, self._filled = Spool(stretch), False

    def __enter__(self) -> Self:
        self._spool.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._spool.__exit__(kind, fault, trace)

    def pages(self) -> Iterator[Page]:
        """All readings, page by page, in the order of instant and then of name."""
        stored = self._spool if self._filled else self._spool.fill()
        self._filled = True
        return pages_of(page.readings for page in stored)

    def write(self, judgement: Judgement, out: BinaryIO, *, progress: Progress) -> None:
        """Every reading as a row, with what was said of it."""
        writing.write_readings((page.readings for page in self._spool), judgement, out, progress=progress)


def chosen(url: str, token: str, stations: set[str], series: set[str]) -> tuple[str, ...]:
    """The series of a store that are asked for, by station or by name; all of them if nothing is asked for."""
    store = open_store(url, token)
    try:
        known = store.series()
    finally:
        store.close()
    return tuple(name for name in known if not (stations or series) or station_of(name) in stations or name in series)
