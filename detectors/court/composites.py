"""Composites: rules that make new readings out of settled good ones, such as a section's class out of its factors.

A composite is a module with the names of `detectors.domain.derived.Composite`; it joins the court by one line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court.doubt import OFFERED
from detectors.court.rows import Rows
from detectors.domain import judged as _judged
from detectors.domain.batch import Batch
from detectors.domain.derived import Composite, Finding
from detectors.domain.judged import TESTS, Flag, Judged, Outcome
from detectors.limits import limit as limits
from detectors.water import gauging, outlook, sections

HEARD = np.dtype(
    [("i", "i8"), ("at", "i8"), ("value", "f8"), ("unit", "i4"), ("slot", "i4"), ("young", "?"), ("sooner", "u1")], align=True
)  # a settled reading that is offered to a unit
LIMIT = 1 << TESTS.index("limit")
COMPOSITES: Mapping[str, Composite] = MappingProxyType({"class": sections, "outlook": outlook, **gauging.COMPOSITES})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """Derived readings of one batch, in the order of the readings that caused them, and what turned."""

    readings: NDArray[np.void]  # `doubt.OFFERED`: with the row of the batch that caused it
    found: tuple[tuple[int, Finding], ...] = ()  # with the row of the batch

    def __len__(self) -> int:
        return len(self.readings)


NOTHING = Derived(readings=np.zeros(0, OFFERED))


class _Made(NamedTuple):
    """What one composite derived."""

    name: str
    by: NDArray[np.void]  # of each derived reading, the one that caused it: `HEARD`
    entries: NDArray[np.void]


def derive(memory: Rows, settled: NDArray[np.void], sooner: NDArray[np.uint8]) -> Derived:
    """Offer settled readings to every composite; say what they derive.

    Args:
        memory: of the partition; changed.
        settled: `doubt.OFFERED`: readings that are heard, in order.
        sooner: of each settled reading, which way a breach is borne out.
    """
    parts: list[_Made] = []
    found: list[tuple[int, Finding]] = []
    for name, rule in memory.book.composites.items():
        units = memory.units[name]
        if not len(units):
            continue
        heard = _fed(memory.series[f"{name}.feed"], settled, sooner)
        if not len(heard):
            continue
        columns = (heard[column] for column in ("unit", "slot", "at", "value", "young", "sooner"))
        entries, turned = rule.step(units["memory"], units["rule"], *columns)
        if not units.is_all_changed:
            units.touch(np.flatnonzero(_marked(heard["unit"], len(units))))
        if len(entries):
            parts.append(_Made(name, heard[entries["e"]], entries))
        found += [
            (int(heard["i"][turn["e"]]), rule.finding(memory.book.site, units.names[turn["unit"]], turn)) for turn in turned
        ]
    return _placed(memory, parts, tuple(found)) if parts or found else NOTHING


@njit(cache=True, nogil=True)
def _fed(
    feed: NDArray[np.void],
    settled: NDArray[np.void],
    sooner: NDArray[np.uint8],
) -> NDArray[np.void]:
    """The settled readings whose series feed a unit."""
    heard = np.empty(len(settled), HEARD)
    n = 0
    for e in range(len(settled)):
        one = settled[e]
        to = feed[one["row"]]
        if to["unit"]:
            now = heard[n]
            now["i"], now["at"], now["value"] = one["i"], one["at"], one["value"]
            now["unit"], now["slot"], now["young"] = to["unit"] - 1, to["slot"], one["young"]
            now["sooner"] = sooner[e]
            n += 1
    return heard[:n]


@njit(cache=True, nogil=True)
def _marked(unit: NDArray[np.int32], units: int) -> NDArray[np.bool_]:
    """Which units were offered anything."""
    marked = np.zeros(units, np.bool_)
    for one in unit:
        marked[one] = True
    return marked


def _placed(memory: Rows, parts: list[_Made], found: tuple[tuple[int, Finding], ...]) -> Derived:
    """Give derived readings the rows of their series; new series get theirs in the order of the readings that caused them."""
    readings = np.zeros(sum(len(made.entries) for made in parts), OFFERED)
    n = 0
    for made in parts:
        now, n = readings[n : n + len(made.entries)], n + len(made.entries)
        for column, of in (("i", made.by), ("young", made.by), ("at", made.entries), ("value", made.entries)):
            now[column] = of[column]
    order = np.argsort(readings["i"], kind="stable")
    row = _rows(memory, parts)
    if (row < 0).any():
        _meet(memory, parts, order)
        row = _rows(memory, parts)
    readings["row"] = row
    return Derived(readings=readings[order], found=found)


def _rows(memory: Rows, parts: list[_Made]) -> NDArray[np.int32]:
    """The rows of derived readings' series; -1 where a series has none yet."""
    known = [memory.units[made.name]["out"]["row"][made.by["unit"], made.entries["out"]] for made in parts]
    return np.concatenate([np.zeros(0, np.int32), *known]) - np.int32(1)


def _meet(memory: Rows, parts: list[_Made], order: NDArray[np.intp]) -> None:
    """Give rows to new derived series and remember them, so that names need not be looked up again."""
    keys = [
        (made.name, unit, out)
        for made in parts
        for unit, out in zip(made.by["unit"].tolist(), made.entries["out"].tolist(), strict=True)
    ]
    for name, unit, out in dict.fromkeys(keys[k] for k in order):
        known = memory.units[name]["out"]["row"]
        if known[unit, out] == 0:
            series = memory.book.composites[name].series_of(memory.units[name].names[unit], out)
            known[unit, out] = memory.rows_of([series])[0] + 1


def append(memory: Rows, judged: Judged, batch: Batch, derived: Derived) -> Judged:
    """The judged readings of a batch, and after them what was derived from it."""
    n = len(derived)
    if not n:
        return judged
    row, at, value = (np.ascontiguousarray(derived.readings[column]) for column in ("row", "at", "value"))
    rows, series = np.unique(row, return_inverse=True)
    beyond = limits.beyond(memory.limits["limit.rule"], memory.series["place"], memory.book.clock, row, at, value)
    readings = Batch(
        names=tuple(memory.series.names[row] for row in rows),
        series=series.astype(np.int32),
        at=at,
        value=value,
        mark=np.zeros(n, np.uint8),
        seq=np.full(n, -1, np.int64),
        got=batch.got[derived.readings["i"]],
    )
    tests = np.where(beyond, LIMIT, 0).astype(np.uint16)
    flag, outcome = np.full(n, Flag.GOOD, np.uint8), np.full(n, Outcome.DERIVED, np.uint8)
    return _judged.concat([judged, Judged(readings=readings, flag=flag, tests=tests, outcome=outcome)])
