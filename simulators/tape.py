"""Tape: everything that stations say, as columns in the order in which it arrives, with the truth about each reading."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from simulators.incidents import Kind

ROW = np.dtype(
    [
        ("series", "i4"),
        ("at", "i8"),
        ("got", "i8"),
        ("value", "f8"),
        ("true", "f8"),
        ("mark", "u1"),
        ("bad", "u1"),
        ("incident", "i4"),
    ]
)
KINDS = tuple(kind.value for kind in Kind)
_HEAD = ("series", "at", "got", "true", "bad", "kind", "incident")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tape:
    """Readings and the truth about them; `rows` is of `ROW`, `series` and `incident` (-1: none) are places in the tuples."""

    names: tuple[str, ...]  # "station/quantity"
    incidents: tuple[str, ...]  # "kind id"
    rows: NDArray[np.void]

    def __len__(self) -> int:
        return len(self.rows)

    def arrived(self) -> Self:
        """The same in the order in which it arrives."""
        return replace(self, rows=self.rows[np.argsort(self.rows["got"], kind="stable")])

    def taken(self, row: NDArray[np.int64]) -> Batch:
        """Some rows as a batch; `seq` is the row."""
        rows = self.rows[row]
        column = {name: rows[name].copy() for name in ("series", "at", "value", "mark", "got")}
        return Batch(names=self.names, seq=row, **column)

    def moved(self, origin: int, start: int, compress: float) -> Self:
        """The same on another clock: what was at `origin` is at `start`, and time runs so many times faster."""
        rows = self.rows.copy()
        for name in ("at", "got"):
            rows[name] = start + ((rows[name] - origin) / compress).astype(np.int64)
        return replace(self, rows=rows)

    def write(self, path: Path) -> None:
        """Write what `riverwatch judge` reads: series,at,value,mark."""
        at, value, mark = _texts(self.rows["at"]), self.rows["value"].tolist(), self.rows["mark"].tolist()
        series = [self.names[i] for i in self.rows["series"].tolist()]
        _write(path, ("series", "at", "value", "mark"), zip(series, at, value, (chr(m) if m else "" for m in mark), strict=True))

    def write_truth(self, path: Path) -> None:
        """Write the truth, a row for each row of `write`."""
        rows = self.rows
        told = [self.incidents[i].partition(" ") if i >= 0 else ("", "", "") for i in rows["incident"].tolist()]
        series = [self.names[i] for i in rows["series"].tolist()]
        true = np.round(rows["true"], 4).tolist()
        columns = (series, _texts(rows["at"]), _texts(rows["got"]), true, rows["bad"].tolist())
        _write(path, _HEAD, zip(*columns, (k for k, _, _ in told), (i for _, _, i in told), strict=True))

    @classmethod
    def read(cls, recording: Path, truth: Path) -> Self:
        """The tape of `write` and `write_truth`.

        Raises:
            Refused: if they do not belong together, or one cannot be read.
        """
        said, told = _read(recording, ("series", "at", "value", "mark")), _read(truth, _HEAD)
        if len(said) != len(told) or any(a[:2] != b[:2] for a, b in zip(said, told, strict=True)):
            raise Refused("the truth is not that of the recording", truth.name)
        names, incidents = _places([row[0] for row in said]), _places([f"{row[5]} {row[6]}" for row in told if row[5]])
        rows = np.zeros(len(said), ROW)
        rows["series"] = [names[row[0]] for row in said]
        try:
            rows["at"], rows["got"] = _instants([row[1] for row in said]), _instants([row[2] for row in told])
            rows["value"], rows["true"] = [float(row[2]) for row in said], [float(row[3]) for row in told]
            rows["mark"], rows["bad"] = [ord(row[3] or "\0") for row in said], [int(row[4]) for row in told]
        except (ValueError, TypeError) as fault:
            raise Refused(f"a damaged row in the recording or its truth ({fault})", str(recording)) from fault
        rows["incident"] = [incidents[f"{row[5]} {row[6]}"] if row[5] else -1 for row in told]
        return cls(names=tuple(names), incidents=tuple(incidents), rows=rows)


def _places(words: Sequence[str]) -> dict[str, int]:
    return {word: i for i, word in enumerate(dict.fromkeys(words))}


def _texts(at: NDArray[np.int64]) -> list[str]:
    return [f"{text}Z" for text in np.datetime_as_string(at.astype("datetime64[ns]"), unit="ms").tolist()]


def _instants(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.array([text.removesuffix("Z") for text in texts], "datetime64[ns]").astype(np.int64)


def _write(path: Path, head: Sequence[str], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)  # type: ignore[arg-type]


def _read(path: Path, head: Sequence[str]) -> list[tuple[str, ...]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [tuple(row[name] for name in head) for row in csv.DictReader(file)]
    except OSError as fault:
        raise Refused(f"a recording needs this file, and it cannot be read, {fault.strerror}", str(path)) from fault
    except (KeyError, UnicodeDecodeError, csv.Error) as fault:
        raise Refused(f"not a table of {','.join(head)}", str(path)) from fault
