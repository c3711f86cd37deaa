"""The record of repairs: what stood where history came in late or corrected, and which stretches wait to be judged anew."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import HOUR
from detectors.domain.judged import Judged, Outcome
from storage.series.port import Columns
from storage.sqlite import File

NEAR = 6 * HOUR  # stretches of a series that lie no further apart become one
_ALL = 10_000_000  # readings of one series between the first and the last that came late
_TABLES = """
CREATE TABLE IF NOT EXISTS revision (
    series TEXT NOT NULL, at INTEGER NOT NULL, made INTEGER NOT NULL, why TEXT NOT NULL, was REAL NOT NULL, value REAL NOT NULL,
    was_flag INTEGER NOT NULL, flag INTEGER NOT NULL, was_tests INTEGER NOT NULL, tests INTEGER NOT NULL,
    PRIMARY KEY (series, at, made, why)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS repaired (
    series TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, noted INTEGER NOT NULL, PRIMARY KEY (series, first)
) WITHOUT ROWID;
"""

CORRECTED, REJUDGED = "corrected", "rejudged"


class Revision(NamedTuple):
    """What stood at an instant of a series, and what stands there since; instants are ns since 1970 UTC."""

    series: str
    at: int
    made: int  # when: the `got` of a correction, the clock of a judgement
    why: str  # CORRECTED: the device said another value; REJUDGED: the same value got another flag
    was: float
    value: float
    was_flag: int
    flag: int
    was_tests: int
    tests: int


class Stretch(NamedTuple):
    """Readings of one series that came late, from the first to the last; ns since 1970 UTC."""

    series: str
    first: int
    last: int
    noted: int  # when the last of them came in, by our clock


class Reader(Protocol):
    """A store, as far as it is read here."""

    def read(self, series: str, start: int, end: int, most: int) -> Columns:
        """The readings of [start, end)."""
        ...


class Repairs:
    """Revisions and repaired stretches in one SQLite file."""

    def __init__(self, url: str | Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._file, self._clock = File(url, _TABLES), clock

    def note(self, judged: Judged, store: Reader) -> int:
        """Note what the history of a batch is about to change in the store, before it is written; say how many readings.

        Noted twice it is noted once. Readings that the store has already, value and all, change nothing.
        """
        if not (judged.outcome == Outcome.HISTORY).any():
            return 0
        revisions, stretches, changed, now = [], [], 0, self._clock()
        for series, at, found in _changes(judged, store):
            stretches.append(Stretch(series, int(at.min()), int(at.max()), now))
            revisions += found
            changed += len(at)
        self.revise(revisions)
        with self._file.transaction() as db:
            for stretch in stretches:
                _join(db, stretch)
        return changed

    def revise(self, revisions: Sequence[Revision]) -> None:
        """Keep what stood before."""
        with self._file.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", revisions)

    def waiting(self, before: int | None = None) -> list[Stretch]:
        """The repaired stretches, or those to which nothing was added since `before`, ns since 1970 UTC by our clock."""
        query = "SELECT series, first, last, noted FROM repaired WHERE noted <= ? ORDER BY series, first"
        return [Stretch(*row) for row in self._file.rows(query, (2**63 - 1 if before is None else before,))]

    def done(self, stretches: Sequence[Stretch]) -> None:
        """Forget stretches that have been judged anew; one that grew meanwhile stays."""
        with self._file.transaction() as db:
            db.executemany("DELETE FROM repaired WHERE series = ? AND first = ? AND last = ? AND noted = ?", stretches)

    def revisions(self, series: str, start: int = -(2**63), end: int = 2**63 - 1) -> list[Revision]:
        """What was changed in [start, end) of a series, in the order of instant and then of change."""
        query = "SELECT * FROM revision WHERE series = ? AND at >= ? AND at < ? ORDER BY at, made"
        return [Revision(*row) for row in self._file.rows(query, (series, start, end))]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _join(db: Connection, new: Stretch) -> None:
    """Put a stretch, as one with those near it."""
    where = "series = ? AND first <= ? AND last >= ?"
    near = (new.series, new.last + NEAR, new.first - NEAR)
    found = db.execute(f"SELECT min(first), max(last) FROM repaired WHERE {where}", near).fetchone()  # noqa: S608  our own text
    first, last = (new.first, new.last) if found[0] is None else (min(new.first, found[0]), max(new.last, found[1]))
    db.execute(f"DELETE FROM repaired WHERE {where}", near)  # noqa: S608  our own text
    db.execute("INSERT INTO repaired VALUES (?, ?, ?, ?)", (new.series, first, last, new.noted))


def _changes(judged: Judged, store: Reader) -> Iterator[tuple[str, NDArray[np.int64], list[Revision]]]:
    """For each series with history that is new or corrected: the instants of it, and what it writes over."""
    batch, history = judged.readings, judged.outcome == Outcome.HISTORY
    for number in np.unique(batch.series[history]).tolist():
        rows = np.flatnonzero(history & (batch.series == number) & np.isfinite(batch.value))
        if not len(rows):
            continue
        name, at, value = batch.names[number], batch.at[rows], batch.value[rows]
        stored = store.read(name, int(at.min()), int(at.max()) + 1, _ALL)
        place = np.minimum(np.searchsorted(stored.at, at), max(len(stored) - 1, 0))
        stands = stored.at[place] == at if len(stored) else np.zeros(len(at), np.bool_)
        changes = ~stands if not len(stored) else ~stands | (stored.value[place] != value)
        if changes.any():
            over = np.flatnonzero(changes & stands)
            yield name, at[changes], list(_corrections(name, judged, rows[over], stored, place[over]))


def _corrections(
    name: str, judged: Judged, rows: NDArray[np.intp], stored: Columns, place: NDArray[np.intp]
) -> Iterator[Revision]:
    """What the rows of one series write over."""
    batch = judged.readings
    columns = (
        batch.at[rows], batch.got[rows], stored.value[place], batch.value[rows],
        stored.flag[place], judged.flag[rows], stored.tests[place], judged.tests[rows],
    )  # fmt: skip
    for at, made, *rest in zip(*(one.tolist() for one in columns), strict=True):
        yield Revision(name, at, made, CORRECTED, *rest)
