"""Columns under way: what devices said, gathered as lists until they are a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch


class _Names(TypedDict):
    names: tuple[str, ...]
    series: NDArray[np.int32]


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
        rows, runs_at = np.array(self.rows, np.int64), np.array(self.at, np.int64)
        mark = np.zeros(len(self), np.uint8)
        for row, letter in self.marks:
            mark[row] = letter
        columns = [np.repeat(runs_at, rows), np.array(self.value, np.float64), mark]
        columns += [np.repeat(np.array(run, np.int64), rows) for run in (self.seq, self.got)]
        names, series = _named(self.series)
        if np.any(runs_at[1:] < runs_at[:-1]):
            order = np.argsort(columns[0], kind="stable")
            columns, series = [column[order] for column in columns], series[order]
        at, value, mark, seq, got = columns
        if len(self) <= most:
            return [Batch(names=names, series=series, at=at, value=value, mark=mark, seq=seq, got=got)]
        return [
            Batch(**_only(names, series[cut]), at=at[cut], value=value[cut], mark=mark[cut], seq=seq[cut], got=got[cut])
            for cut in (slice(start, start + most) for start in range(0, len(self), most))
        ]


def _only(names: tuple[str, ...], series: NDArray[np.int32]) -> _Names:
    """The names that a part of the rows still needs."""
    used, index = np.unique(series, return_inverse=True)
    return {"names": tuple(names[i] for i in used), "series": index.astype(np.int32)}


def _named(series: list[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The distinct names in the order of their first appearance, and for each row which one it is."""
    names = tuple(dict.fromkeys(series))
    place = dict(zip(names, range(len(names)), strict=True))
    return names, np.fromiter(map(place.__getitem__, series), np.int32, len(series))
