"""Judging a recording: what the court says of every row, amended where a later row changes it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.court import Court, Memory, Verdict
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag, Outcome
from streams.recording.lines import Lines, Recording
from streams.recording.values import read

AT_ONCE = 65_536  # readings in one batch


@dataclass(slots=True, eq=False)
class Judgement:
    """Flag and tests of every row; what only few rows have stands by row."""

    flag: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(1 << 16, np.uint8))
    tests: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(1 << 16, np.uint16))
    rows: int = 0
    findings: dict[int, list[str]] = field(default_factory=dict)  # "raised:<rule>" and the like
    refused: dict[int, str] = field(default_factory=dict)  # the reason

    def take(self, verdict: Verdict) -> None:
        """Keep what was said; `seq` of a reading is its row, and what was derived has none."""
        judged = verdict.judged
        row, received = judged.readings.seq, judged.outcome != Outcome.DERIVED
        self.flag[row[received]], self.tests[row[received]] = judged.flag[received], judged.tests[received]
        for event, i in zip(verdict.events, verdict.by, strict=True):
            self.findings.setdefault(int(row[i]), []).append(f"{event.turn}:{event.rule}")

    def grow(self, rows: int) -> None:
        """Make room for more rows."""
        self.rows += rows
        if self.rows > len(self.flag):
            more = max(self.rows, 2 * len(self.flag)) - len(self.flag)
            self.flag = np.append(self.flag, np.zeros(more, np.uint8))
            self.tests = np.append(self.tests, np.zeros(more, np.uint16))

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


def judge(recording: Recording, court: Court, *, progress: Callable[[int], None] = lambda _: None) -> Judgement:
    """Judge a recording from beginning to end, every reading received at its own instant."""
    judgement, memory = Judgement(), court.blank()
    for lines in recording:
        judgement.grow(len(lines))
        _judge_lines(lines, court, memory, judgement)
        progress(judgement.rows)
    return judgement


def _judge_lines(lines: Lines, court: Court, memory: Memory, judgement: Judgement) -> None:
    batch, reasons = read(lines)
    for line, reason in reasons.items():
        judgement.refuse(lines.first + line, reason)
    for start in range(0, len(batch), AT_ONCE):
        judgement.take(court.judge(memory, _part(batch, slice(start, start + AT_ONCE))))


def _part(batch: Batch, rows: slice) -> Batch:
    return Batch(
        names=batch.names,
        series=batch.series[rows],
        at=batch.at[rows],
        value=batch.value[rows],
        mark=batch.mark[rows],
        seq=batch.seq[rows],
        got=batch.got[rows],
    )
