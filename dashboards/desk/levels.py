"""Levels: what pages show of the classes of sections, worked out from the glance; 1 is I, 6 worse than V, 0 not known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite

import numpy as np

from dashboards.desk.glance import Glance
from detectors.domain.instant import SECOND
from detectors.domain.judged import Flag
from detectors.domain.section import Item, Section
from detectors.domain.series import series_of
from detectors.water.factors import levels, multiple
from detectors.water.standard import items
from storage.series import Buckets, Reading

_PART, _SHARE = 6, 0.1  # half-hours that a trend looks at, twice; and of the day's spread, by which they must differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One factor of a section now."""

    item: Item
    reading: Reading
    level: int  # of the value by itself; 0 where the value does not count
    multiple: float  # over the target; NaN where there is none
    trend: str  # "rising", "falling", "steady", or "" where it is not known


def now(glance: Glance, section: Section) -> int:
    """The class that was said of a section last, if that is not too long ago."""
    said = glance.newest.get(series_of(section.station, "class"))
    return int(said.value) if said and glance.now - said.at <= section.age * SECOND else 0


def factors(glance: Glance, section: Section) -> list[Factor]:
    """The factors that a section has readings of, worst first."""
    table = items(section.waterbody, glance.site.standard)
    found = [
        _factor(glance, section, item, reading)
        for name, item in table.items()
        if (reading := glance.newest.get(series_of(section.station, name)))
    ]
    return sorted(found, key=lambda one: (-one.level, one.item.no))


def _factor(glance: Glance, section: Section, item: Item, reading: Reading) -> Factor:
    counts = reading.flag <= Flag.NOT_EVALUATED and glance.now - reading.at <= section.age * SECOND
    return Factor(
        item=item,
        reading=reading,
        level=int(levels(item, np.array([reading.value]))[0]) if counts else 0,
        multiple=multiple(item, reading.value, section.held_to) if counts else float("nan"),
        trend=trend(glance.sparks.get(series_of(section.station, item.quantity), ()), reading.value if counts else float("nan")),
    )


def worst(found: Sequence[Factor]) -> list[Factor]:
    """The factors that make the class: of those that count for it, the ones of the worst level."""
    counting = [one for one in found if one.item.in_class and one.level]
    most = max((one.level for one in counting), default=0)
    return [one for one in counting if one.level == most]


def trend(means: Sequence[float], newest: float) -> str:
    """Where the last hours lie against those before, or the newest value against them if that is farther; by the day's spread.

    What broke in within minutes is hardly seen in the mean of three hours, and is what one wants to know of.
    """
    before, after = _known(means[-2 * _PART : -_PART]), _known(means[-_PART:])
    if not before or not after:
        return ""
    known, late = _known((*means, newest)), sum(after) / len(after)
    changes, spread = (late - sum(before) / len(before), newest - late), max(known) - min(known)
    change = max(_known(changes), key=abs)
    if abs(change) <= _SHARE * spread:
        return "steady"
    return "rising" if change > 0 else "falling"


def _known(means: Sequence[float]) -> list[float]:
    return [mean for mean in means if isfinite(mean)]


def cells(said: Buckets, edges: Sequence[int]) -> list[int]:
    """The worst class said between two edges (ns), 0 where none was; spans of the buckets do not cross edges."""
    found = [0] * (len(edges) - 1)
    for at, level in zip(said.at.tolist(), said.high.tolist(), strict=True):
        place = int(np.searchsorted(edges, at, side="right")) - 1
        if 0 <= place < len(found):
            found[place] = max(found[place], int(level))
    return found


def runs(levels: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring cells of one level as one: the first, how many, the level."""
    first = 0
    for level, same in groupby(levels):
        many = len(list(same))
        yield first, many, level
        first += many
