"""Factors: the class that one item's value has by itself, and by how much it exceeds a limit (GB 3838-2002 Table 1)."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.section import CLASSES, WORSE, Item, Section
from detectors.water.confirm import settings
from detectors.water.standard import MOST_ITEMS

LEVELS = len(CLASSES)
RULE = np.dtype(
    [
        ("low", "f8", (MOST_ITEMS, LEVELS)),
        ("high", "f8", (MOST_ITEMS, LEVELS)),
        ("in_class", "u1", (MOST_ITEMS,)),
        ("multiple", "u1", (MOST_ITEMS,)),
        ("target", "i8"),
        ("readings", "i8"),
        ("age", "i8"),  # ns
        ("delay", "i8"),  # ns
        ("sooner", "i8"),  # ns: the delay where the breach is confirmed
    ],
    align=True,
)


def rule_of(section: Section, items: Mapping[str, Item]) -> tuple[object, ...]:
    """One row of `RULE`."""
    low, high = np.full((MOST_ITEMS, LEVELS), -np.inf), np.full((MOST_ITEMS, LEVELS), np.inf)
    in_class, multiple = np.zeros(MOST_ITEMS, np.uint8), np.zeros(MOST_ITEMS, np.uint8)
    for item in items.values():
        slot = item.no - 1
        low[slot], high[slot] = zip(*item.allowed, strict=True)
        in_class[slot], multiple[slot] = item.in_class, item.has_multiple
    delay = round(section.delay * 1e9)
    nanoseconds = (round(section.age * 1e9), delay, round(delay * settings()["share"]))
    return (low, high, in_class, multiple, section.held_to, section.readings, *nanoseconds)


@njit(cache=True, nogil=True)
def level_of(low: NDArray[np.float64], high: NDArray[np.float64], value: float) -> int:
    """The best class that allows a value: 1 is I, 6 is worse than V; `low` and `high` are what each class allows."""
    for level in range(LEVELS):
        if low[level] <= value <= high[level]:
            return level + 1
    return WORSE


@njit(cache=True, nogil=True)
def excess_of(low: float, high: float, value: float) -> float:
    """By which share of its limit a value is beyond it, (C−Cs)/Cs; below zero if it is not."""
    if value > high:
        return (value - high) / high if high > 0 else np.inf
    if value < low:
        return (low - value) / low if low > 0 else np.inf
    return (value - high) / high if np.isfinite(high) and high > 0 else -np.inf


def levels(item: Item, values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The class of each value of an item, 1 to 6; 0 where the value is not a number."""
    low, high = (np.array(bounds) for bounds in zip(*item.allowed, strict=True))
    allowed = (low <= values[:, None]) & (values[:, None] <= high)
    found = np.where(allowed.any(axis=1), allowed.argmax(axis=1) + 1, WORSE)
    return np.where(np.isnan(values), 0, found).astype(np.uint8)


def multiple(item: Item, value: float, target: int) -> float:
    """How many times over the target class a value is, (C−Cs)/Cs; 0 if it is not, NaN where the item has no multiple."""
    if not item.has_multiple or not target:
        return float("nan")
    return float(max(excess_of(*item.allowed[target - 1], value), 0.0))
