"""Judging a recording: what the court says of every row, amended where a later row changes it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.court import Court, Verdict
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.judged import Flag, Outcome
from storage.series.paging import picked
from streams.recording.ahead import ahead
from streams.recording.lines import Recording
from streams.recording.values import Reasons, read

Progress = Callable[[int], None]  # told of the rows done so far
AT_ONCE = 65_536  # readings in one batch


@dataclass(slots=True, eq=False)
class Judgement:
    """Flag and tests of every row; what only few rows have stands by row."""

    flag: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(1 << 16, np.uint8))
    tests: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(1 << 16, np.uint16))
    rows: int = 0
    findings: dict[int, list[str]] = field(default_factory=dict)  # "raised:<rule>" and the like
    refused: dict[int, str] = field(default_factory=dict)  # the reason
    events: list[GridEvent] = field(default_factory=list)  # in the order in which they were said
    score: NDArray[np.float32] | None = None  # how unlikely each reading is, if that is asked; NaN where nothing is known

    def take(self, verdict: Verdict) -> None:
        """Keep what was said; `seq` of a reading is its row, and what was derived has none."""
        judged = verdict.judged
        row, received = judged.readings.seq, judged.outcome != Outcome.DERIVED
        self.flag[row[received]], self.tests[row[received]] = judged.flag[received], judged.tests[received]
        if self.score is not None:
            self.score[row[: len(verdict.score)]] = verdict.score
        for event, i in zip(verdict.events, verdict.by, strict=True):
            self.findings.setdefault(int(row[i]), []).append(f"{event.turn}:{event.rule}")
        self.events += verdict.events

    def grow(self, rows: int) -> None:
        """Make room for more rows."""
        self.rows += rows
        if self.rows > len(self.flag):
            more = max(self.rows, 2 * len(self.flag)) - len(self.flag)
            self.flag = np.append(self.flag, np.zeros(more, np.uint8))
            self.tests = np.append(self.tests, np.zeros(more, np.uint16))
        if self.score is not None and self.rows > len(self.score):
            self.score = np.append(self.score, np.full(len(self.flag) - len(self.score), np.nan, np.float32))

    def refuse(self, row: int, reason: str) -> None:
        """Keep why a row has no reading."""
        self.refused[row], self.flag[row] = reason, Flag.MISSING

    def summary(self) -> dict[str, object]:
        """Counts of rows by flag, test and finding."""
        flags = np.bincount(self.flag[: self.rows], minlength=10)
        return {
            "rows": self.rows,
            "refused": len(self.refused),
            "flags": {str(int(flag)): int(flags[flag]) for flag in Flag},
            "findings": dict(sorted(Counter(found for all_of in self.findings.values() for found in all_of).items())),
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """Some rows that follow each other: the readings of those that have one, and why the others have none."""

    first: int  # the row of the first of them, from 0
    rows: int
    batch: Batch  # `seq` of a reading is its row
    reasons: Reasons  # by line, counted from `first`


class Trial:
    """A court that hears rows page by page, and what it makes of them."""

    def __init__(self, court: Court, *, scores: bool = False) -> None:
        self.judgement = Judgement(score=np.zeros(0, np.float32) if scores else None)
        self._court, self._memory = court, court.blank()

    def hear(self, page: Page) -> None:
        """Judge the rows of one page."""
        self.judgement.grow(page.rows)
        for line, reason in page.reasons.items():
            self.judgement.refuse(page.first + line, reason)
        for start in range(0, len(page.batch), AT_ONCE):
            self.judgement.take(self._court.judge(self._memory, picked(page.batch, slice(start, start + AT_ONCE))))


def judge(recording: Recording, court: Court, *, progress: Progress = lambda _: None) -> Judgement:
    """Judge a recording from beginning to end, every reading received at its own instant."""
    trial = Trial(court)
    hear(pages(recording), [trial], progress=progress)
    return trial.judgement


class Listener(Protocol):
    """Whoever hears rows page by page."""

    def hear(self, page: Page) -> None:
        """Hear one page."""
        ...


def hear(pages: Iterable[Page], listeners: Sequence[Listener], *, progress: Progress = lambda _: None) -> None:
    """Let all hear every page, while the next one is read."""
    for page in ahead(pages):
        for listener in listeners:
            listener.hear(page)
        progress(page.first + page.rows)


def pages(recording: Recording) -> Iterator[Page]:
    """The rows of a recording, page by page."""
    for lines in recording:
        batch, reasons = read(lines)
        yield Page(first=lines.first, rows=len(lines), batch=batch, reasons=reasons)


def pages_of(batches: Iterable[Batch]) -> Iterator[Page]:
    """Readings that each are a row, as of a `Spool`."""
    for batch in batches:
        yield Page(first=int(batch.seq[0]), rows=len(batch), batch=batch, reasons={})
