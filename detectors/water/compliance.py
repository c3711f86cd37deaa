"""Compliance: over a period, on how many days and in how many samples a target was kept, and how a section stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.domain.section import WORSE, Item
from detectors.water.factors import levels, multiple
from detectors.water.rating import worst_of

Instants = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    kept: int
    of: int

    @property
    def rate(self) -> float:
        """The share; NaN of none."""
        return self.kept / self.of if self.of else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a section stood over a period, by the means of its factors and by its days."""

    level: int  # class of the means; 0 without data
    factors: tuple[str, ...]  # those of that class
    means: Mapping[str, float]
    multiples: Mapping[str, float]  # of factors whose mean is over the target
    apart: Mapping[str, int]  # classes of what is judged by itself: total nitrogen, coliforms
    days: tuple[int, ...]  # class of each day by its means; 0 without data


def day_means(at: Instants, value: Values, edges: Instants) -> Values:
    """The mean of each span between two edges (ns); NaN where nothing was measured."""
    day = np.searchsorted(edges, at, side="right") - 1
    inside = (day >= 0) & (day < len(edges) - 1) & np.isfinite(value)
    many = np.bincount(day[inside], minlength=len(edges) - 1)
    total = np.bincount(day[inside], weights=value[inside], minlength=len(edges) - 1)
    means: Values = np.divide(total, many, out=np.full(len(many), np.nan), where=many > 0)
    return means


def standing(series: Mapping[str, tuple[Instants, Values]], edges: Instants, items: Mapping[str, Item], target: int) -> Standing:
    """How a section stood, from the good readings of its factors between the first edge and the last.

    The mean of a period is that of its days, so that a day with more readings does not count for more.
    """
    of_days = {name: day_means(at, value, edges) for name, (at, value) in series.items() if name in items}
    means = {name: float(np.nanmean(days)) for name, days in of_days.items() if np.isfinite(days).any()}
    level, factors = worst_of(means, items)
    over = {name: multiple(items[name], mean, target) for name, mean in means.items()}
    counting = [levels(items[name], days) for name, days in of_days.items() if items[name].in_class]
    return Standing(
        level=level,
        factors=factors,
        means=means,
        multiples={name: round(times, 3) for name, times in over.items() if times > 0},
        apart={name: int(levels(items[name], np.array([mean]))[0]) for name, mean in means.items() if not items[name].in_class},
        days=tuple(np.max(counting, axis=0).tolist()) if counting else (0,) * (len(edges) - 1),
    )


def by_days(days: Sequence[int], target: int) -> Share:
    """On how many of the days with data the class was no worse than the target."""
    known = [level for level in days if level]
    return Share(kept=sum(level <= target for level in known), of=len(known))


def by_samples(series: Mapping[str, tuple[Instants, Values]], items: Mapping[str, Item], target: int) -> Share:
    """In how many samples every factor was within the target; what was measured in one instant is one sample."""
    counting = [
        (at, levels(items[name], value)) for name, (at, value) in series.items() if name in items and items[name].in_class
    ]
    if not counting:
        return Share(kept=0, of=0)
    instants, sample = np.unique(np.concatenate([at for at, _ in counting]), return_inverse=True)
    level = np.concatenate([found for _, found in counting])
    worst = np.zeros(len(instants), np.uint8)
    np.maximum.at(worst, sample, level)
    return Share(kept=int(((worst > 0) & (worst <= target)).sum()), of=int((worst > 0).sum()))


def days_below(at: Instants, flow: Values, edges: Instants, least: float) -> Share:
    """On how many of the days with data the mean flow was at least the ecological flow."""
    means = day_means(at, flow, edges)
    return Share(kept=int((means >= least).sum()), of=int(np.isfinite(means).sum()))


def good_shares(classes: Sequence[int]) -> tuple[Share, Share]:
    """How many sections are of classes I to III, and how many worse than V (R-RIVER-8)."""
    known = [level for level in classes if level]
    return Share(kept=sum(level <= 3 for level in known), of=len(known)), Share(kept=known.count(WORSE), of=len(known))
