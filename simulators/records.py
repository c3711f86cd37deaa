"""Records: what real stations measured, as columns over time since the record's first midnight."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.instant import DAY, SECOND

BEAT = 10 * SECOND  # a live station in the water speaks so often
DAYS = 62  # every record in `recordings/` spans as many whole days, so that beginning anew keeps the time of day
SPAN = DAYS * DAY


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """What was recorded of one quantity; holes are left out."""

    since: NDArray[np.int64]  # ns since the record's first midnight, local time, ascending
    values: NDArray[np.float64]  # in the registry's unit

    def between(self, moment: int) -> float:
        """The value at a moment, interpolated between the points recorded around it."""
        after = int(np.searchsorted(self.since, moment, side="right"))
        if after in (0, len(self.since)):
            return float(self.values[min(after, len(self.since) - 1)])
        before = int(self.since[after - 1])
        share = (moment - before) / (int(self.since[after]) - before)
        return float(self.values[after - 1] + share * (self.values[after] - self.values[after - 1]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """One station's record: a column a quantity."""

    station: str
    columns: dict[str, Column]

    def between(self, moment: int) -> dict[str, float]:
        """Every quantity at a moment (ns since the first midnight; past the end the record begins anew)."""
        return {quantity: column.between(moment % SPAN) for quantity, column in self.columns.items()}

    def rows(self, start: int, end: int) -> Iterator[tuple[int, dict[str, float]]]:
        """What was recorded after `start` up to and with `end` (ns since the first midnight), in order of time."""
        rows: dict[int, dict[str, float]] = {}
        for quantity, column in self.columns.items():
            first, last = np.searchsorted(column.since, [start, end], side="right")
            for moment, value in zip(column.since[first:last].tolist(), column.values[first:last].tolist(), strict=True):
                rows.setdefault(moment, {})[quantity] = value
        return iter(sorted(rows.items(), key=lambda row: row[0]))


def shipped() -> tuple[str, ...]:
    """The stations whose records are shipped."""
    return tuple(sorted(entry.name.removesuffix(".csv.gz") for entry in _folder().iterdir() if entry.name.endswith(".csv.gz")))


@cache
def load(station: str) -> Record:
    """The shipped record of a station.

    Raises:
        Refused: if none is shipped.
    """
    entry = _folder() / f"{station}.csv.gz"
    if not entry.is_file():
        raise Refused("no record of such a station is shipped", station)
    lines = gzip.decompress(entry.read_bytes()).decode().splitlines()
    rows = list(csv.DictReader(lines))
    midnight = datetime.fromisoformat(rows[0]["at"]).replace(hour=0, minute=0)
    moments = [round((datetime.fromisoformat(row["at"]) - midnight).total_seconds()) * SECOND for row in rows]
    quantities = [name for name in rows[0] if name != "at"]
    return Record(station=station, columns={q: _column(moments, [row[q] for row in rows]) for q in quantities})


def _column(moments: list[int], texts: list[str]) -> Column:
    known = [(moment, float(text)) for moment, text in zip(moments, texts, strict=True) if text]
    return Column(
        since=np.array([moment for moment, _ in known], np.int64),
        values=np.array([value for _, value in known], np.float64),
    )


def _folder() -> Traversable:
    return files(__package__) / "recordings"
