"""The ledger: what each stage counted for each device, kept through restarts, and whether the counts agree."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from storage.balance import Balance, Report, balance
from storage.sqlite import File

Counts = Mapping[tuple[str, str], int]  # (device, outcome) -> how many
Entry = tuple[str, int, int, Counts]  # stage, partition, offset, counts

_TABLES = """
CREATE TABLE IF NOT EXISTS counts (
    stage TEXT NOT NULL, partition INTEGER NOT NULL, device TEXT NOT NULL, outcome TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (stage, partition, device, outcome)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (
    stage TEXT NOT NULL, partition INTEGER NOT NULL, seen INTEGER NOT NULL, told INTEGER NOT NULL,
    PRIMARY KEY (stage, partition)
) WITHOUT ROWID;
"""
_MARK = "INSERT INTO marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen, told = excluded.told"
_PUT = "INSERT INTO counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n"
_ADD = "INSERT INTO counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_NOTES = -1  # the partition of plain counters


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often a stage saw a device's readings go one way, over all partitions."""

    stage: str
    device: str
    outcome: str
    n: int


class Ledger:
    """The counters in one SQLite file that all processes share."""

    def __init__(self, url: str | Path) -> None:
        self._file = File(url, _TABLES)

    def set(self, stage: str, partition: int, offset: int, counts: Counts) -> bool:
        """Put absolute counts that are true up to and with an offset; an offset not newer than the last changes nothing."""
        return self._enter(_PUT, [(stage, partition, offset, counts)]) == 1

    def add(self, stage: str, partition: int, offset: int, counts: Counts) -> bool:
        """Add what the record at an offset brought, once; offsets of a partition come in order."""
        return self.add_many([(stage, partition, offset, counts)]) == 1

    def add_many(self, entries: Iterable[Entry]) -> int:
        """Many `add` in one transaction; how many of them were new."""
        return self._enter(_ADD, entries)

    def note(self, stage: str, device: str, outcome: str, n: int = 1) -> None:
        """Count on without an offset, for warnings and the like; a crash may lose or repeat one."""
        with self._file.turn() as db:
            db.execute(_ADD, (stage, _NOTES, device, outcome, n))

    def rows(self) -> list[LedgerRow]:
        """All counters, over all partitions."""
        query = (
            "SELECT stage, device, outcome, sum(n) FROM counts GROUP BY stage, device, outcome ORDER BY stage, device, outcome"
        )
        found = self._file.rows(query)
        return [LedgerRow(stage=stage, device=device, outcome=outcome, n=n) for stage, device, outcome, n in found]

    def balance(self, now: int | None = None) -> Balance:
        """Whether the stages' counts agree, for each device and in all; `now` in ns since 1970 UTC, the clock's if not given."""
        with self._file.turn() as db:
            db.execute("BEGIN")  # both tables as of one moment
            try:
                counts = db.execute("SELECT stage, partition, device, outcome, n FROM counts").fetchall()
                marks = db.execute("SELECT stage, partition, told FROM marks").fetchall()
            finally:
                db.execute("COMMIT")
        told = {(stage, partition): at for stage, partition, at in marks}
        reports = [Report(stage, part, device, way, n, told.get((stage, part), 0)) for stage, part, device, way, n in counts]
        return balance(reports, time.time_ns() if now is None else now)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _enter(self, statement: str, entries: Iterable[Entry]) -> int:
        """Enter the counts of each entry whose offset is newer than its partition's last; how many were."""
        new, now = 0, time.time_ns()
        with self._file.transaction() as db:
            for stage, partition, offset, counts in entries:
                seen = db.execute("SELECT seen FROM marks WHERE stage = ? AND partition = ?", (stage, partition)).fetchone()
                if seen and offset <= seen[0]:
                    continue
                db.execute(_MARK, (stage, partition, offset, now))
                db.executemany(statement, [(stage, partition, device, outcome, n) for (device, outcome), n in counts.items()])
                new += 1
        return new
