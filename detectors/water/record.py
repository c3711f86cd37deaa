"""A record: what stations said around the time of a breach, and whether it was beyond their limits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.domain.series import station_of
from detectors.domain.site import Limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """Good readings of one series in order of time."""

    at: NDArray[np.int64]  # ns since 1970 UTC
    value: NDArray[np.float64]

    def within(self, start: int, end: int, hold: int = 0) -> "Stretch":
        """The readings of a window; where it has none the last one before it, if that is at most `hold` ns old."""
        first, last = np.searchsorted(self.at, start), np.searchsorted(self.at, end, side="right")
        if first == last and first > 0 and start - self.at[first - 1] <= hold:
            first -= 1
        return Stretch(at=self.at[first:last], value=self.value[first:last])


Record = Mapping[str, Stretch]  # by series


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The reading that went farthest beyond a limit, or came nearest to it."""

    series: str
    at: int
    value: float
    limit: float
    share: float  # of the way to the limit: above 1 it is beyond


def of_station(record: Record, station: str, window: tuple[int, int], hold: int = 0) -> Iterator[tuple[str, Stretch]]:
    """The series of a station that said something in a window (ns since 1970 UTC)."""
    for series, stretch in record.items():
        if station_of(series) == station and len((said := stretch.within(*window, hold)).at):
            yield series, said


def worst(limits: Iterable[Limit], said: Mapping[str, Stretch]) -> Worst | None:
    """Of all readings the one that stands worst against a limit on its series; None where no series has a limit."""
    found = [_worst(limit, said[limit.series]) for limit in limits if limit.series in said]
    return max(found, key=lambda one: one.share, default=None)


def _worst(limit: Limit, said: Stretch) -> Worst:
    if limit.above is not None:
        i, bound = int(np.argmax(said.value)), limit.above
        value = float(said.value[i])
        share = value / bound if bound > 0 else float(value > bound) * 2
    else:
        i, bound = int(np.argmin(said.value)), limit.below or 0.0
        value = float(said.value[i])
        share = bound / value if value > 0 else 2.0
    return Worst(series=limit.series, at=int(said.at[i]), value=value, limit=bound, share=share)
