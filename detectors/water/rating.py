"""Rating: what a section or a basin is called by its classes (环办[2011]22号)."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from detectors.domain.errors import Refused
from detectors.domain.rating import INF, Rating
from detectors.domain.section import WORSE, Item
from detectors.domain.table import rows
from detectors.water.factors import levels

COLUMNS = (
    "scope", "first", "last", "good_least", "good_below", "worse_least", "worse_below", "zh", "en", "colour", "source",
)  # fmt: skip
GOOD = 3  # the worst class that counts as good
ENOUGH = 5  # sections from which on a basin is rated by shares


@cache
def ratings() -> tuple[Rating, ...]:
    """The rows of `ratings.csv`; the first that fits counts."""
    return tuple(rating_of(row) for row in rows(__name__, "ratings.csv"))


def rating_of(row: Mapping[str, str]) -> Rating:
    """One row of a table with `COLUMNS`.

    Raises:
        Refused: if the row is not one.
    """
    try:
        return Rating(
            scope=row["scope"],
            first=int(row["first"] or 1),
            last=int(row["last"] or WORSE),
            good=(float(row["good_least"] or -INF), float(row["good_below"] or INF)),
            worse=(float(row["worse_least"] or -INF), float(row["worse_below"] or INF)),
            zh=row["zh"],
            en=row["en"],
            colour=row["colour"],
            source=row["source"],
        )
    except ValueError as fault:
        raise Refused("a rating with a bound that is no number", dict(row)) from fault


def of_section(level: int, table: Sequence[Rating] = ()) -> Rating | None:
    """What a section of a class is called."""
    return next((one for one in table or ratings() if one.scope == "section" and one.first <= level <= one.last), None)


def of_basin(classes: Sequence[int], table: Sequence[Rating] = ()) -> Rating | None:
    """What a basin of `ENOUGH` or more sections is called; None if there are none or no row fits."""
    if not classes:
        return None
    good, worse = (sum(level <= GOOD for level in classes) / len(classes), classes.count(WORSE) / len(classes))
    return next((one for one in table or ratings() if one.scope == "basin" and one.holds(good, worse)), None)


def of_few(
    waters: Sequence[tuple[Sequence[Mapping[str, float]], Mapping[str, Item]]], table: Sequence[Rating] = ()
) -> Rating | None:
    """What a basin of fewer sections is called: as a section whose factors are the means of theirs.

    `waters` are its rivers and its lakes, each with the means of its sections and the items that hold for them; the worse counts.
    """
    level = max((_of_means(means, items) for means, items in waters), default=0)
    return of_section(level, table) if level else None


def _of_means(means: Sequence[Mapping[str, float]], items: Mapping[str, Item]) -> int:
    known = {name for one in means for name in one if name in items}
    together = {name: float(np.mean([one[name] for one in means if name in one])) for name in known}
    return worst_of(together, items)[0]


def worst_of(values: Mapping[str, float], items: Mapping[str, Item]) -> tuple[int, tuple[str, ...]]:
    """The class of a section by its worst factor, and which factors have it; 0 and none if nothing counts."""
    found = {
        name: int(levels(items[name], np.array([value]))[0])
        for name, value in values.items()
        if name in items and items[name].in_class and np.isfinite(value)
    }
    worst = max(found.values(), default=0)
    return worst, tuple(name for name, level in found.items() if level == worst)
