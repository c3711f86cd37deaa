"""Days, learnt from a record: where the lowest and the highest reading of a whole day lie, and the lowest share of oxygen."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import DAY
from detectors.domain.usual import NAN, Span
from detectors.quality.drift import FRESH, PARTS, share_of
from detectors.quality.learning.bounds import Bounds
from detectors.quality.learning.habits import lacking, rounded
from detectors.quality.learning.record import Numbers, Record
from detectors.quality.learning.usual import months_of
from detectors.quality.reach import LONG

USUAL = (0.01, 0.99)  # quantiles of the lowest and highest readings of days
BEYOND = 0.5  # of the spread between them over the record
EVENTS = 2.0  # times as much where a true event goes to both sides
BREATH = 0.25  # of the spread of the lowest shares
SHORTFALL = 3.0  # times more for a record of no time: it has not seen the coldest nights
LEAST_DAYS = 20.0  # of a month and its neighbours


def days_of(used: Record, bounds: Bounds) -> Iterator[Span]:
    """The bounds of days in each month that the record knows."""
    at, low, high = _days(used)
    if not len(at) or bounds.events == "up":
        return  # floods thin and thicken it for weeks
    below, above = (np.ptp(np.quantile(one, USUAL)) * BEYOND * (EVENTS if bounds.events == "both" else 1) for one in (high, low))
    month = months_of(at)
    for one in range(12):
        near = np.isin((month - one) % 12, (0, 1, 11))
        if np.count_nonzero(near) * LONG < LEAST_DAYS * DAY or np.count_nonzero(month == one) * LONG < LEAST_DAYS / 2 * DAY:
            continue
        yield Span(
            of=one + 1,
            low=rounded(np.quantile(high[near], USUAL[0]) - below) if bounds.events != "down" else NAN,
            high=rounded(np.quantile(low[near], USUAL[1]) + above),
        )


def saturation_of(oxygen: Record, water: Record | None) -> float:
    """The share of saturation that no whole day of this station exceeds; NaN without temperatures."""
    if water is None or not len(water):
        return NAN
    before = np.maximum(np.searchsorted(water.at, oxygen.at, "right") - 1, 0)
    there = np.abs(oxygen.at - water.at[before]) <= FRESH
    share = oxygen.value[there] * (share_of(1.0, 0.0) + (share_of(1.0, 1.0) - share_of(1.0, 0.0)) * water.value[before[there]])
    _, low, _ = _days(Record(at=oxygen.at[there], value=share))
    if not len(low) or len(low) * LONG < LEAST_DAYS * DAY:
        return NAN
    least, most = np.quantile(low, USUAL)
    return rounded(most + (most - least) * BREATH * (1 + SHORTFALL * lacking(oxygen)))


def _days(used: Record) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """The instant at which each day that has all its parts ends, part by part; its lowest and its highest reading."""
    if not len(used):
        return used.at, used.value, used.value
    part = used.at // LONG
    first = np.flatnonzero(np.diff(part, prepend=part[0] - 1))
    low, high = np.minimum.reduceat(used.value, first), np.maximum.reduceat(used.value, first)
    if len(first) < PARTS:
        return used.at[:0], low[:0], high[:0]
    windows = np.lib.stride_tricks.sliding_window_view
    whole = windows(part[first], PARTS)
    there = whole[:, -1] - whole[:, 0] == PARTS - 1
    return (
        (whole[there, -1] + 1) * LONG,
        windows(low, PARTS).min(axis=1)[there],
        windows(high, PARTS).max(axis=1)[there],
    )
