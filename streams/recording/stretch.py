"""A stretch of the store, read by several threads at once: a store lets go of Python's lock while it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.domain.judged import Judged
from storage.series import open_store
from storage.series.paging import merged
from streams.recording.ahead import ahead

READERS = 2  # threads, each with a connection of its own


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
        yield from merged([ahead(self._of(self.series[share::READERS])) for share in range(READERS)])

    def _of(self, series: Sequence[str]) -> Iterator[Judged]:
        """The pages of some series."""
        store = open_store(self.url, self.token)
        try:
            yield from store.stretch(series, self.start, self.end)
        finally:
            store.close()
