"""The truth about incidents: what was played, where, from when to when; beside what was said."""

import csv
from collections.abc import Iterable
from pathlib import Path

from detectors.domain.errors import Refused
from simulators.incidents import Incident, Kind
from storage.sqlite import connect, transaction

_SCHEMA = """
CREATE TABLE IF NOT EXISTS incidents (id TEXT PRIMARY KEY, kind TEXT NOT NULL, station TEXT NOT NULL, quantities TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, strength REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (since INTEGER PRIMARY KEY, until INTEGER);
"""
_PART = "the book of incidents"
_COLUMNS = ("id", "kind", "station", "quantities", "since", "until", "strength")


class Truth:
    """The incidents of a run in one SQLite file, which may be that of the book of what was said."""

    def __init__(self, path: Path) -> None:
        self._file = connect(path, _SCHEMA)

    def open(self, at: int) -> None:
        """Live readings begin at an instant (ns since 1970 UTC)."""
        self._file.execute("INSERT OR IGNORE INTO sessions VALUES (?, NULL)", (at,))

    def begin(self, incidents: Iterable[Incident]) -> None:
        """Write incidents down before they have an effect; twice changes nothing."""
        rows = [(i.id, i.kind.value, i.station, " ".join(i.quantities), i.since, i.until, i.strength) for i in incidents]
        with transaction(self._file, _PART) as file:
            file.executemany("INSERT OR IGNORE INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def cut(self, at: int) -> None:
        """Everything was switched off at an instant: what would have gone on ended then, what was to come never was."""
        with transaction(self._file, _PART) as file:
            file.execute("DELETE FROM incidents WHERE since >= ?", (at,))
            file.execute("UPDATE incidents SET until = ? WHERE until > ?", (at, at))
            file.execute("UPDATE sessions SET until = max(since, ?) WHERE until IS NULL", (at,))

    def sessions(self, now: int) -> list[tuple[int, int]]:
        """From when to when live readings were said; a session that goes on ends `now`."""
        return self._file.execute("SELECT since, ifnull(until, ?) FROM sessions ORDER BY since", (now,)).fetchall()

    def incidents(self) -> list[Incident]:
        """Every incident, in order of time."""
        rows = self._file.execute(f"SELECT {', '.join(_COLUMNS)} FROM incidents ORDER BY since, id")  # noqa: S608  our own names
        return [
            Incident(id=i, kind=Kind(k), station=s, quantities=tuple(q.split()), since=a, until=b, strength=f)
            for i, k, s, q, a, b, f in rows
        ]

    def to_csv(self, path: Path) -> None:
        """Write the incidents as a table beside a run."""
        write_incidents(path, self.incidents())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_incidents(path: Path, incidents: Iterable[Incident]) -> None:
    """Write incidents as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow((*_COLUMNS, "faint", "zones"))
        table.writerows(
            (i.id, i.kind, i.station, " ".join(i.quantities), i.since, i.until, i.strength, int(i.faint), " ".join(i.zones))
            for i in incidents
        )


def read_incidents(path: Path) -> list[Incident]:
    """The incidents of `write_incidents`.

    Raises:
        Refused: if the file is none of that kind.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [_incident(row) for row in csv.DictReader(file)]
    except OSError as fault:
        raise Refused(f"the truth of a recording cannot be read, {fault.strerror}", str(path)) from fault
    except (KeyError, ValueError) as fault:
        raise Refused("not a table of incidents", str(path)) from fault


def _incident(row: dict[str, str]) -> Incident:
    return Incident(
        id=row["id"],
        kind=Kind(row["kind"]),
        station=row["station"],
        quantities=tuple(row["quantities"].split()),
        since=int(row["since"]),
        until=int(row["until"]),
        strength=float(row["strength"]),
        faint=row["faint"] == "1",
        zones=tuple((row.get("zones") or "").split()),
    )
