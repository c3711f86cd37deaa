"""Neighbours, learnt from two records: how far their days lie apart, if the one says anything of the other.

A record of a season cannot say how the two lie in the others, so the shorter it is the wider are the bounds; of less than a
quarter of a year together nothing is said.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import DAY
from detectors.domain.quality import NAN, Neighbour
from detectors.domain.series import quantity_of, station_of
from detectors.quality.apart import ENOUGH, LONG, PARTS
from detectors.quality.learning.bounds import bounds_of
from detectors.quality.learning.habits import lacking, rounded
from detectors.quality.learning.record import Numbers, Record, sizes_of

QUANTITIES = ("temp", "do", "ph", "cond")  # one water downstream has what it had upstream, or nearly
TOGETHER = 90 * DAY // LONG  # parts of a day of which both have readings
USUAL = (0.01, 0.99)  # quantiles of the differences of days
BEYOND, SHORTFALL = 0.5, 1.0  # of the spread between them, and times more for a record of no time
TELLING = 0.7  # of the spread of the days themselves; whoever strays farther from it says nothing of it
WITHIN, INTERVALS = 1800.0, 1.5  # seconds, or intervals of the neighbour, by which its reading may be older
Records = Mapping[str, Record]


def neighbours_of(records: Records) -> Iterator[Neighbour]:
    """For each series the neighbour that says most of it, if any does."""
    for _, alike in groupby(sorted(records, key=lambda name: (quantity_of(name), name)), key=quantity_of):
        names = list(alike)
        if quantity_of(names[0]) not in QUANTITIES:
            continue
        for name in names:
            others = [other for other in names if station_of(other) != station_of(name)]
            found = [one for other in others if (one := _apart(name, other, records))]
            yield from (one for _, one in sorted(found, key=lambda pair: pair[0])[:1])


def _apart(name: str, other: str, records: Records) -> tuple[float, Neighbour] | None:
    """How far the days of a series lie from those of another one, and the spread of that; nothing if it tells nothing."""
    (parts, own), (theirs, beside) = _means(records[name]), _means(records[other])
    both, mine, yours = np.intersect1d(parts, theirs, return_indices=True)
    if len(both) < TOGETHER:
        return None
    apart, alone = _days(both, own[mine] - beside[yours]), _days(both, own[mine])
    (low, high), (least, most) = np.quantile(apart, USUAL), np.quantile(alone, USUAL)
    if not 0 < high - low <= TELLING * (most - least):
        return None
    margin = (high - low) * (BEYOND + SHORTFALL * lacking(Record(at=both * LONG, value=beside[yours])))
    events = bounds_of(quantity_of(name)).events  # a spill between the two, or a collapse, is no drift
    why = f"days of {len(both) * LONG / DAY:.0f} days together: {USUAL[0]:.0%}..{USUAL[1]:.0%} {low:.4g}..{high:.4g} apart"
    return high - low, Neighbour(
        series=name,
        neighbour=other,
        within=max(WITHIN, rounded(INTERVALS * sizes_of(records[other]).interval)),
        drift_low=rounded(low - margin) if events != "down" else NAN,
        drift_high=rounded(high + margin) if events != "up" else NAN,
        source=f"{why}, margin {margin:.3g}; alone they span {most - least:.4g}",
    )


def _means(record: Record) -> tuple[NDArray[np.int64], Numbers]:
    """The parts of days that have readings, and the mean of each."""
    part, place = np.unique(record.at // LONG, return_inverse=True)
    return part, np.bincount(place, record.value) / np.bincount(place)


def _days(part: NDArray[np.int64], mean: Numbers) -> Numbers:
    """The medians of all days of which enough parts are known."""
    row = np.full(int(part[-1] - part[0]) + PARTS, np.nan)
    row[part - part[0] + PARTS - 1] = mean
    whole = np.lib.stride_tricks.sliding_window_view(row, PARTS)
    found: Numbers = np.nanmedian(whole[np.isfinite(whole).sum(axis=1) >= ENOUGH], axis=1)
    return found
