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

    i: NDArray[np.int64]  # the row of the batch that caused it
    row: NDArray[np.int32]  # of its series in `memory.series`
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    found: tuple[tuple[int, Finding], ...] = ()  # with the row of the batch

    def __len__(self) -> int:
        return len(self.i)


NOTHING = Derived(i=np.zeros(0, np.int64), row=np.zeros(0, np.int32), at=np.zeros(0, np.int64), value=np.zeros(0))


class _Made(NamedTuple):
    """What one composite derived."""

    name: str
    i: NDArray[np.int64]
    unit: NDArray[np.int32]
    entries: NDArray[np.void]


def derive(
    memory: Rows, row: NDArray[np.int32], settled: NDArray[np.void], young: NDArray[np.bool_], sooner: NDArray[np.uint8]
) -> Derived:
    """Offer settled readings to every composite; say what they derive.

    Args:
        memory: of the partition; changed.
        row: the series of each reading of the batch.
        settled: `doubt.OFFERED`: readings that are heard, in order.
        young: of each reading of the batch, whether it is young enough to be told of.
        sooner: of each settled reading, which way a breach is borne out.
    """
    parts: list[_Made] = []
    found: list[tuple[int, Finding]] = []
    for name, rule in memory.book.composites.items():
        units = memory.units[name]
        if not len(units):
            continue
        heard = _fed(memory.series[f"{name}.feed"], row, settled, young, sooner)
        if not len(heard):
            continue
        unit, i = heard["unit"], heard["i"]
        entries, turned = rule.step(
            units["memory"], units["rule"], unit, heard["slot"], heard["at"], heard["value"], heard["young"], heard["sooner"]
        )
        units.touch(np.flatnonzero(_marked(unit, len(units))))
        if len(entries):
            parts.append(_Made(name, i[entries["e"]], unit[entries["e"]], entries))
        found += [(int(i[turn["e"]]), rule.finding(memory.book.site, units.names[turn["unit"]], turn)) for turn in turned]
    return _placed(memory, parts, tuple(found)) if parts or found else NOTHING


@njit(cache=True, nogil=True)
def _fed(
    feed: NDArray[np.void],
    row: NDArray[np.int32],
    settled: NDArray[np.void],
    young: NDArray[np.bool_],
    sooner: NDArray[np.uint8],
) -> NDArray[np.void]:
    """The settled readings whose series feed a unit."""
    heard = np.empty(len(settled), HEARD)
    n = 0
    for e in range(len(settled)):
        i = settled[e]["i"]
        to = feed[row[i]]
        if to["unit"]:
            now = heard[n]
            now["i"], now["at"], now["value"] = i, settled[e]["at"], settled[e]["value"]
            now["unit"], now["slot"], now["young"] = to["unit"] - 1, to["slot"], young[i]
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
    i = np.concatenate([np.zeros(0, np.int64), *(made.i for made in parts)])
    order = np.argsort(i, kind="stable")
    row = _rows(memory, parts)
    if (row < 0).any():
        _meet(memory, parts, order)
        row = _rows(memory, parts)
    at = np.concatenate([np.zeros(0, np.int64), *(made.entries["at"] for made in parts)])
    value = np.concatenate([np.zeros(0), *(made.entries["value"] for made in parts)])
    return Derived(i=i[order], row=row[order], at=at[order], value=value[order], found=found)


def _rows(memory: Rows, parts: list[_Made]) -> NDArray[np.int32]:
    """The rows of derived readings' series; -1 where a series has none yet."""
    known = [memory.units[made.name]["out"]["row"][made.unit, made.entries["out"]] for made in parts]
    return np.concatenate([np.zeros(0, np.int32), *known]) - np.int32(1)


def _meet(memory: Rows, parts: list[_Made], order: NDArray[np.intp]) -> None:
    """Give rows to new derived series and remember them, so that names need not be looked up again."""
    keys = [
        (made.name, unit, out)
        for made in parts
        for unit, out in zip(made.unit.tolist(), made.entries["out"].tolist(), strict=True)
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
    rows, series = np.unique(derived.row, return_inverse=True)
    rules, place = memory.limits["limit.rule"], memory.series["place"]
    beyond = limits.beyond(rules, place, memory.book.clock, derived.row, derived.at, derived.value)
    readings = Batch(
        names=tuple(memory.series.names[row] for row in rows),
        series=series.astype(np.int32),
        at=derived.at,
        value=derived.value,
        mark=np.zeros(n, np.uint8),
        seq=np.full(n, -1, np.int64),
        got=batch.got[derived.i],
    )
    tests = np.where(beyond, LIMIT, 0).astype(np.uint16)
    flag, outcome = np.full(n, Flag.GOOD, np.uint8), np.full(n, Outcome.DERIVED, np.uint8)
    return _judged.concat([judged, Judged(readings=readings, flag=flag, tests=tests, outcome=outcome)])
