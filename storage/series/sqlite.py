"""Readings in one SQLite file: one process writes, many read."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detectors.domain.event import GridEvent
from detectors.domain.judged import Judged, Outcome
from storage.series import queries
from storage.series.counts import Counts, gathered
from storage.series.fit import fit, reason_against
from storage.series.paging import PAGE, pages
from storage.series.port import MOST_READ, Buckets, Columns, Reading, Written
from storage.series.told import told
from storage.sqlite import File

if TYPE_CHECKING:
    from storage.series.stepping import Stepper

_TABLES = """
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS readings (
    series INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, flag INTEGER NOT NULL, tests INTEGER NOT NULL,
    outcome INTEGER NOT NULL, mark INTEGER NOT NULL, seq INTEGER NOT NULL, got INTEGER NOT NULL,
    PRIMARY KEY (series, at)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    episode TEXT NOT NULL, turn TEXT NOT NULL, at INTEGER NOT NULL, series TEXT NOT NULL, event BLOB NOT NULL,
    PRIMARY KEY (episode, turn)
) WITHOUT ROWID;
"""
_WIDTH, _TOGETHER = 9, 64  # columns; rows of one statement, which halves its cost
_OVER = f"""
ON CONFLICT DO UPDATE SET
    flag = excluded.flag, tests = excluded.tests,
    value = CASE excluded.outcome WHEN {Outcome.AMENDED:d} THEN value ELSE excluded.value END,
    outcome = CASE excluded.outcome WHEN {Outcome.AMENDED:d} THEN outcome ELSE excluded.outcome END,
    mark = CASE excluded.outcome WHEN {Outcome.AMENDED:d} THEN mark ELSE excluded.mark END,
    seq = CASE excluded.outcome WHEN {Outcome.AMENDED:d} THEN seq ELSE excluded.seq END,
    got = CASE excluded.outcome WHEN {Outcome.AMENDED:d} THEN got ELSE excluded.got END
WHERE excluded.outcome != {Outcome.REPEATED:d} AND NOT (excluded.outcome = {Outcome.HISTORY:d} AND excluded.value = value)
"""


class SqliteStore:
    """A `Store` in one file, for a machine without InfluxDB."""

    def __init__(self, url: str | Path) -> None:
        self._file = File(url, _TABLES)
        self._ids: dict[str, int] = {}

    def write(self, judged: Judged) -> Written:
        """Keep the readings in one transaction."""
        good, refused = fit(judged)
        with self._file.turn():
            rows = _rows(judged, good, self._numbers(judged.readings.names))
            with self._file.transaction() as db:
                whole = len(rows) // (_WIDTH * _TOGETHER) * _WIDTH * _TOGETHER
                db.executemany(_put(_TOGETHER), _cut(rows[:whole], _WIDTH * _TOGETHER))
                db.executemany(_put(1), _cut(rows[whole:], _WIDTH))
        return Written(points=int(good.sum()), refused=refused)

    def write_event(self, event: GridEvent) -> None:
        """Keep one turn of an episode."""
        row = (event.id, event.turn, event.at, event.series, event.to_bytes())
        with self._file.turn() as db:
            db.execute("INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?)", row)

    def newest(self, series: Sequence[str] | None = None) -> dict[str, Reading]:
        """The newest reading of each series, or of those named."""
        if series is None:
            rows = self._file.rows(queries.NEWEST.format(which=""))
        else:
            one = queries.NEWEST.format(which="WHERE name = ?")
            rows = [row for name in dict.fromkeys(series) for row in self._file.rows(one, (name,))]
        return {n: Reading(at=at, value=v, flag=f, tests=t, outcome=o) for n, at, v, f, t, o in rows}

    def read(self, series: str, start: int, end: int, most: int = MOST_READ) -> Columns:
        """The readings of [start, end), the earliest `most`."""
        query = (
            "SELECT at, value, flag, tests, seq FROM readings WHERE series = (SELECT id FROM series WHERE name = ?) "
            "AND at >= ? AND at < ? ORDER BY at LIMIT ?"
        )
        at, value, flag, tests, seq = _columns(self._file.rows(query, (series, start, end, most)), 5)
        return Columns(
            at=np.array(at, np.int64),
            value=np.array(value, np.float64),
            flag=np.array(flag, np.uint8),
            tests=np.array(tests, np.uint16),
            seq=np.array(seq, np.int64),
        )

    def stretch(self, series: Sequence[str], start: int, end: int, rows: int = PAGE) -> Iterator[Judged]:
        """The readings of several series in [start, end), page by page."""
        yield from pages(lambda *which: [self._told(name, *which) for name in series], len(series), start, end, rows)

    def _told(self, series: str, *which: int) -> Judged:
        with self._file.turn() as db:
            return told(self._stepper or db, series, *which)

    @cached_property
    def _stepper(self) -> "Stepper | None":
        """What reads long stretches; whoever reads none need not load a compiler."""
        from storage.series.stepping import Stepper  # noqa: PLC0415

        return Stepper.of(self._file.path)

    def downsampled(self, series: str, start: int, end: int, every: int) -> Buckets:
        """The readings of [start, end) in spans of `every` ns."""
        bounds = {"series": series, "start": start, "end": end, "every": every}
        at, mean, low, high, count, flag = _columns(self._file.rows(queries.BUCKETS, bounds), 6)
        return Buckets(
            at=np.array(at, np.int64),
            mean=np.array(mean, np.float64),
            low=np.array(low, np.float64),
            high=np.array(high, np.float64),
            count=np.array(count, np.int64),
            flag=np.array(flag, np.uint8),
        )

    def series(self) -> list[str]:
        """The names of all series that have a reading, sorted."""
        query = "SELECT name FROM series s WHERE EXISTS (SELECT 1 FROM readings WHERE series = s.id) ORDER BY name"
        return [name for (name,) in self._file.rows(query)]

    def count(self, series: str | None = None) -> int:
        """How many readings are stored, of one series or of all."""
        where = "" if series is None else " WHERE series = (SELECT id FROM series WHERE name = ?)"
        return int(self._file.rows(f"SELECT count(*) FROM readings{where}", () if series is None else (series,))[0][0])  # noqa: S608  no input in the text

    def counts(self, series: Sequence[str], start: int, end: int) -> dict[str, Counts]:
        """How the readings of [start, end) are flagged."""
        found = {name: self._file.rows(queries.COUNTS, (name, start, end)) for name in dict.fromkeys(series)}
        return {name: gathered((flag, tests, many) for flag, tests, many in rows) for name, rows in found.items() if rows}

    def close(self) -> None:
        """Close the file."""
        with self._file.turn():
            if "_stepper" in vars(self) and self._stepper:
                self._stepper.close()
            self._file.close()

    def _numbers(self, names: Sequence[str]) -> NDArray[np.int64]:
        """The id of each name; new ones are kept at once, so that a cut-off write leaves no wrong id behind."""
        new = [name for name in names if name not in self._ids and not reason_against(name)]
        if new:
            with self._file.transaction() as db:
                db.executemany("INSERT OR IGNORE INTO series (name) VALUES (?)", [(name,) for name in new])
            for name in new:
                self._ids[name] = self._file.rows("SELECT id FROM series WHERE name = ?", (name,))[0][0]
        return np.array([self._ids.get(name, -1) for name in names], np.int64)


def _rows(judged: Judged, good: NDArray[np.bool_], numbers: NDArray[np.int64]) -> list[int | float]:
    """The good rows behind each other in the order of the table's key, so that neighbours share a page."""
    rows = judged.readings
    series = numbers[rows.series]
    order = np.lexsort((rows.at, series))
    order = order[good[order]]
    columns = (series, rows.at, rows.value, judged.flag, judged.tests, judged.outcome, rows.mark, rows.seq, rows.got)
    return list(chain.from_iterable(zip(*(column[order].tolist() for column in columns), strict=True)))


def _put(rows: int) -> str:
    one = f"({', '.join('?' * _WIDTH)})"
    return f"INSERT INTO readings VALUES {', '.join([one] * rows)} {_OVER}"  # noqa: S608  question marks and our own text


def _cut(values: list[int | float], size: int) -> Iterator[list[int | float]]:
    return (values[first : first + size] for first in range(0, len(values), size))


def _columns(rows: list[tuple[Any, ...]], width: int) -> Iterable[Sequence[int | float]]:
    return zip(*rows, strict=True) if rows else [()] * width
