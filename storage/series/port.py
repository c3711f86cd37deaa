"""The port of every series store, and the values it speaks in.

A point's key is (series, at). Writing it again writes over it, so a write that was cut off is simply repeated:

- a JUDGED reading writes all its columns;
- one of HISTORY does so too, unless its value stands there already: a device that says again what was judged long ago
  takes no flag away;
- an AMENDED one replaces flag and tests of the earlier point and leaves the rest: a value corrected meanwhile stays;
- a REPEATED one says nothing new: what is stored stays.

Within one batch the last row of a key wins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.domain.event import GridEvent
from detectors.domain.judged import Judged
from storage.series.counts import Counts
from storage.series.paging import PAGE

MOST_READ = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedPoint:
    """A reading the store will never take, and why."""

    series: str
    at: int  # ns since 1970 UTC
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a batch: rows the store took, and those it never will."""

    points: int
    refused: tuple[RejectedPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One stored reading."""

    at: int  # ns since 1970 UTC
    value: float
    flag: int
    tests: int
    outcome: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Readings of one series in ascending order of instant."""

    at: NDArray[np.int64]
    value: NDArray[np.float64]
    flag: NDArray[np.uint8]
    tests: NDArray[np.uint16]
    seq: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buckets:
    """Readings of one series gathered by spans of equal length; spans without readings are left out."""

    at: NDArray[np.int64]  # where the span begins: a multiple of its length since 1970 UTC
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    count: NDArray[np.int64]
    flag: NDArray[np.uint8]  # the worst (highest) in the span

    def __len__(self) -> int:
        return len(self.at)


class Store(Protocol):
    """Where judged readings stay; every method raises Unreachable while the database does not answer."""

    def write(self, judged: Judged) -> Written:
        """Keep the readings; repeat the same call after Unreachable, it changes nothing twice."""
        ...

    def write_event(self, event: GridEvent) -> None:
        """Keep one turn of an episode, for boards."""
        ...

    def newest(self, series: Sequence[str] | None = None) -> dict[str, Reading]:
        """The newest reading of each series, or of those named."""
        ...

    def read(self, series: str, start: int, end: int, most: int = MOST_READ) -> Columns:
        """The readings of [start, end), ns since 1970 UTC; the earliest `most` of them."""
        ...

    def stretch(self, series: Sequence[str], start: int, end: int, rows: int = PAGE) -> Iterator[Judged]:
        """The readings of several series in [start, end), in the order of instant and then of name.

        They come in pages of about `rows`, so that a stretch of any length takes the same room. No instant is cut in two.
        """
        ...

    def downsampled(self, series: str, start: int, end: int, every: int) -> Buckets:
        """The readings of [start, end) in spans of `every` ns."""
        ...

    def series(self) -> list[str]:
        """The names of all series that have a reading, sorted."""
        ...

    def count(self, series: str | None = None) -> int:
        """How many readings are stored, of one series or of all."""
        ...

    def counts(self, series: Sequence[str], start: int, end: int) -> dict[str, Counts]:
        """How the readings of [start, end) are flagged; a series without any is left out."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
