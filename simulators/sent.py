"""The book of what was said: every message is in it before it is published, and counted once the broker has taken it.

It is the store of a real logger (store and forward) and the truth that others are measured by. A message is written with
its number before it goes out, stays until the broker's acknowledgement, and is then counted and taken out in one
transaction. So after kill -9 the sums hold exactly the messages whose acknowledgement was seen; those acknowledged in the
last moments without our seeing it are still in the book, go out once more under the same number, and are counted then.
"""

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulators.spoken import SPEECH, Run, readings
from storage.sqlite import connect, transaction

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS by_device ON messages (device, id);
CREATE TABLE IF NOT EXISTS devices (name TEXT PRIMARY KEY, seq INTEGER NOT NULL DEFAULT 0,
    said INTEGER NOT NULL DEFAULT 0, acked INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, last_at INTEGER);
CREATE TABLE IF NOT EXISTS series (name TEXT PRIMARY KEY, count INTEGER NOT NULL, total REAL NOT NULL, carry REAL NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, last REAL NOT NULL);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_PART = "the book of what was said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The acknowledged readings of one series."""

    series: str
    count: int
    sum: float
    first_at: int
    last_at: int
    last: float  # the value at `last_at`


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The messages of one device; said - acked - skipped are under way, or were frames under way when it was killed."""

    device: str
    seq: int  # the last number given
    said: int
    acked: int
    skipped: int  # frames that were dropped because the broker was slow; readings never are
    last_at: int | None  # the newest instant said


class Book:
    """The book in one SQLite file; one process writes, others may read."""

    def __init__(self, path: Path) -> None:
        self._file = connect(path, _SCHEMA)

    def say(self, device: str, topic: str, messages: Sequence[Sequence[Run]], *, note: str = "", speech: str = "json") -> None:
        """Write messages of a device to be published, and a note that they are written, all or nothing."""
        spoken = SPEECH[speech]
        with transaction(self._file, _PART) as file:
            seq = self._seq(device)
            for runs in messages:
                payload = spoken(device, runs, seq)
                file.execute("INSERT INTO messages (device, topic, payload) VALUES (?, ?, ?)", (device, topic, payload))
                seq += len(runs)
            newest = max((run.at for runs in messages for run in runs), default=None)
            _advance(file, device, seq, len(messages), newest)
            if note:
                file.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (note, "1"))

    def frame(self, device: str, at: int) -> int:
        """Write that a frame is about to be published and return its number; the picture itself is not kept."""
        with transaction(self._file, _PART) as file:
            seq = self._seq(device) + 1
            _advance(file, device, seq, 1, at)
        return seq

    def frame_done(self, device: str, *, acked: int = 0, skipped: int = 0) -> None:
        """Count frames that the broker took, and frames that were dropped."""
        with transaction(self._file, _PART) as file:
            file.execute("UPDATE devices SET acked = acked + ?, skipped = skipped + ? WHERE name = ?", (acked, skipped, device))

    def waiting(self, device: str, after: int, most: int) -> list[tuple[int, str, bytes]]:
        """The oldest messages of a device behind `after` that are not acknowledged: (id, topic, payload)."""
        found = "SELECT id, topic, payload FROM messages WHERE device = ? AND id > ? ORDER BY id LIMIT ?"
        return self._file.execute(found, (device, after, most)).fetchall()

    def unacked(self) -> int:
        """How many messages of readings are not acknowledged yet."""
        return int(self._file.execute("SELECT count(*) FROM messages").fetchone()[0])

    def acked(self, ids: Sequence[int]) -> None:
        """Count messages that the broker took, once each, however often it said so."""
        with transaction(self._file, _PART) as file:
            for one in ids:
                row = file.execute("DELETE FROM messages WHERE id = ? RETURNING device, payload", (one,)).fetchone()
                if row:
                    _count(file, *row)

    def note(self, name: str, value: str | None = None) -> str | None:
        """A note kept in the book; with a value, written if it is not there yet. Returns what stands there."""
        if value is not None:
            self._file.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (name, value))
        row = self._file.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def sums(self) -> list[Sum]:
        """What the broker took, by series."""
        rows = self._file.execute("SELECT name, count, total + carry, first_at, last_at, last FROM series ORDER BY name")
        names = ("series", "count", "sum", "first_at", "last_at", "last")
        return [Sum(**dict(zip(names, row, strict=True))) for row in rows]

    def tallies(self) -> list[Tally]:
        """The messages of each device."""
        rows = self._file.execute("SELECT name, seq, said, acked, skipped, last_at FROM devices ORDER BY name")
        return [Tally(device=d, seq=s, said=n, acked=a, skipped=k, last_at=at) for d, s, n, a, k, at in rows]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _seq(self, device: str) -> int:
        row = self._file.execute("SELECT seq FROM devices WHERE name = ?", (device,)).fetchone()
        return int(row[0]) if row else 0


def _advance(file: sqlite3.Connection, device: str, seq: int, messages: int, at: int | None) -> None:
    file.execute(
        "INSERT INTO devices (name, seq, said, last_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE SET seq = ?2,"
        " said = said + ?3, last_at = max(ifnull(last_at, ?4), ?4)",
        (device, seq, messages, at),
    )


def _count(file: sqlite3.Connection, device: str, payload: bytes) -> None:
    by_quantity: dict[str, list[tuple[int, float]]] = {}
    for quantity, at, value in readings(payload):
        by_quantity.setdefault(quantity, []).append((at, value))
    for quantity, said in by_quantity.items():
        _add(file, f"{device}/{quantity}", said)
    file.execute("UPDATE devices SET acked = acked + 1 WHERE name = ?", (device,))


def _add(file: sqlite3.Connection, name: str, readings: list[tuple[int, float]]) -> None:
    """Add readings to a series' sums; the sum is kept with what rounding took from it, so that it is exact in the end."""
    row = file.execute("SELECT count, total, carry, first_at, last_at, last FROM series WHERE name = ?", (name,)).fetchone()
    count, total, carry, first, *last = row or (0, 0.0, 0.0, readings[0][0], *readings[0])
    terms = [total, carry, *(value for _, value in readings)]
    exact = math.fsum(terms)
    newest = max((tuple(last), *readings), key=lambda reading: reading[0])
    oldest = min(first, *(at for at, _ in readings))
    news = (name, count + len(readings), exact, math.fsum([*terms, -exact]), oldest, *newest)
    file.execute("INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?, ?)", news)
