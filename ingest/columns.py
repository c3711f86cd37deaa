"""Columns under way: what devices said, gathered as lists until they are a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch


@dataclass(slots=True, eq=True)
class Columns:
    """Readings as they came: runs of rows that share instant, sequence number and arrival, and the rows themselves."""

    series: list[str] = field(default_factory=list)  # one entry a row
    value: list[float] = field(default_factory=list)  # one entry a row
    marks: list[tuple[int, int]] = field(default_factory=list)  # (row, mark), only rows that have one
    at: list[int] = field(default_factory=list)  # one entry a run
    seq: list[int] = field(default_factory=list)  # one entry a run
    got: list[int] = field(default_factory=list)  # one entry a run
    rows: list[int] = field(default_factory=list)  # rows of each run

    def __len__(self) -> int:
        return len(self.series)

    def say(self, series: Sequence[str], value: Iterable[float], *, at: int, seq: int, got: int) -> None:
        """Add one run: `series` and `value` in the same order and of the same length."""
        self.series += series
        self.value += value
        self.at.append(at)
        self.seq.append(seq)
        self.got.append(got)
        self.rows.append(len(series))

    def cut(self, row: int, run: int) -> "Columns":
        """Take away everything from a border between two runs on, and return it."""
        tail = Columns(self.series[row:], self.value[row:], [], self.at[run:], self.seq[run:], self.got[run:], self.rows[run:])
        tail.marks = [(at - row, mark) for at, mark in self.marks if at >= row]
        self.marks = [(at, mark) for at, mark in self.marks if at < row]
        del self.series[row:], self.value[row:], self.at[run:], self.seq[run:], self.got[run:], self.rows[run:]
        return tail

    def batches(self, most: int) -> list[Batch]:
        """All rows by instant, as batches of at most `most` rows; rows of one instant stay as they came.

        Devices speak in order, but not every broker keeps it: Artemis 2.44 delivers a few of a thousand messages some
        places late (measured). What came together is therefore put right here, before it would count as history.
        """
        whole = self._whole()
        if np.any(whole.at[1:] < whole.at[:-1]):
            whole = _part(whole, np.argsort(whole.at, kind="stable"))
        if len(self) <= most:
            return [whole]
        return [_part(whole, np.arange(start, min(start + most, len(self)))) for start in range(0, len(self), most)]

    def _whole(self) -> Batch:
        rows = np.array(self.rows, np.int64)
        at, seq, got = (np.repeat(np.array(run, np.int64), rows) for run in (self.at, self.seq, self.got))
        mark = np.zeros(len(self), np.uint8)
        for row, letter in self.marks:
            mark[row] = letter
        names = tuple(dict.fromkeys(self.series))
        place = dict(zip(names, range(len(names)), strict=True))
        series = np.fromiter(map(place.__getitem__, self.series), np.int32, len(self))
        return Batch(names=names, series=series, at=at, value=np.array(self.value, np.float64), mark=mark, seq=seq, got=got)


def _part(whole: Batch, row: NDArray[np.int64]) -> Batch:
    """Some rows of a batch in the order given, and the names that they need."""
    names, series = whole.names, whole.series[row]
    if len(row) < len(whole):
        used, index = np.unique(series, return_inverse=True)
        names, series = tuple(names[i] for i in used), index.astype(np.int32)
    return Batch(
        names=names,
        series=series,
        at=whole.at[row],
        value=whole.value[row],
        mark=whole.mark[row],
        seq=whole.seq[row],
        got=whole.got[row],
    )
