"""An outline: of each series the lowest and the highest good value in every column of a picture, and the worst of episodes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboards.whatif.episodes import Episode
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag

COLUMNS = 800


class Outline:
    """Takes readings page by page; holds no more than the picture needs."""

    def __init__(self, series: Iterable[str], first: int, last: int, columns: int = COLUMNS) -> None:
        self.first, self.last = first, max(last, first + 1)
        self.low = {name: np.full(columns, np.inf) for name in series}
        self.high = {name: np.full(columns, -np.inf) for name in self.low}
        self._columns = columns

    def take(self, batch: Batch, flag: NDArray[np.uint8]) -> None:
        """Take the good readings of one page."""
        for name, at, value in good(batch, flag):
            if name in self.low:
                share = (at - self.first) / (self.last - self.first)
                column = np.clip((share * self._columns).astype(np.int64), 0, self._columns - 1)
                np.minimum.at(self.low[name], column, value)
                np.maximum.at(self.high[name], column, value)


class Worst:
    """Finds the worst good value of each episode, page by page."""

    def __init__(self, episodes: Iterable[Episode]) -> None:
        self._of: dict[str, list[Episode]] = {}
        for one in episodes:
            self._of.setdefault(one.series, []).append(one)

    def take(self, batch: Batch, flag: NDArray[np.uint8]) -> None:
        """Take the good readings of one page."""
        for name, at, value in good(batch, flag):
            if name in self._of:
                self._of[name] = [_worse(one, at, value) for one in self._of[name]]

    @property
    def episodes(self) -> list[Episode]:
        """The episodes with their peaks, in the order in which they began."""
        found = [one for listed in self._of.values() for one in listed]
        return sorted(found, key=lambda one: (one.since, one.series, one.rule))


def good(batch: Batch, flag: NDArray[np.uint8]) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.float64]]]:
    """Instants and values of each series' good readings, in their order."""
    kept = np.flatnonzero(flag <= Flag.NOT_EVALUATED)
    rows = kept[np.argsort(batch.series[kept], kind="stable")]
    edges = np.searchsorted(batch.series[rows], np.arange(len(batch.names) + 1))
    for number, name in enumerate(batch.names):
        mine = rows[edges[number] : edges[number + 1]]
        if len(mine):
            yield name, batch.at[mine], batch.value[mine]


def _worse(one: Episode, at: NDArray[np.int64], value: NDArray[np.float64]) -> Episode:
    """The episode with its peak, if any of these readings of its series is worse."""
    if one.limit is None or one.since > at.max() or one.end < at.min():
        return one
    inside = value[(at >= one.since) & (at <= one.end)]
    if not len(inside):
        return one
    known = [] if one.peak is None else [one.peak]
    peak = max([*known, float(inside.max())]) if one.highest else min([*known, float(inside.min())])
    return replace(one, peak=peak)
