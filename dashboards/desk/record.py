"""The record: what pages ask of the store that takes longer than a look, asked once for all who want it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from dashboards.desk import levels, trust
from dashboards.desk.trust import Trust
from detectors.domain.errors import Unreachable
from detectors.domain.instant import DAY, HOUR
from detectors.domain.series import series_of
from detectors.domain.site import Site
from storage.rating import Rated, day_edges, rated
from storage.series import Store

PERIODS = {"7d": 7, "30d": 30}  # days, today among them
SPANS = {"24h": DAY, "7d": 7 * DAY}  # ns
_FRESH = 120_000_000_000  # ns that an answer holds
_FOUND = TypeVar("_FOUND")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How the sections stood, and the cells of their strips."""

    rated: Rated
    each: str  # "hour" or "day": what a cell stands for
    edges: tuple[int, ...]  # ns; of the cells
    cells: dict[str, list[int]]  # by section


class Record:
    """Answers, each kept until it is too old."""

    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store = site, store
        self._periods = _Kept(self._period)
        self._trusts = _Kept(self._trust)

    async def period(self, name: str) -> Period | None:
        """One of `PERIODS` that ends now; None while the store does not answer, or if there are no sections."""
        return await self._periods.of(name) if self._site.sections else None

    async def trust(self, name: str) -> tuple[Trust, ...] | None:
        """How far each series is to be trusted over one of `SPANS`, worst first; None while the store does not answer."""
        return await self._trusts.of(name)

    def _period(self, name: str, now: int) -> Period:
        start = list(day_edges(now - PERIODS[name] * DAY, now, self._site.timezone))[1]
        found = rated(self._site, self._store, start, now)
        if name == "30d":
            edges = tuple(day_edges(start, now, self._site.timezone))
            cells = {one.station: list(one.standing.days) for one in found.sections}
            return Period(rated=found, each="day", edges=edges, cells=cells)
        edges = tuple(range(start - start % HOUR, now + HOUR, HOUR))
        said = {
            station: self._store.downsampled(series_of(station, "class"), edges[0], edges[-1], HOUR)
            for station in self._site.sections
        }
        cells = {station: levels.cells(one, edges) for station, one in said.items()}
        return Period(rated=found, each="hour", edges=edges, cells=cells)

    def _trust(self, name: str, now: int) -> tuple[Trust, ...]:
        return trust.trusts(self._site, self._store, now - SPANS[name], now)


class _Kept(Generic[_FOUND]):
    """Answers by name; whoever asks while one is being looked for waits for it."""

    def __init__(self, ask: Callable[[str, int], _FOUND]) -> None:
        self._ask = ask
        self._found: dict[str, tuple[int, _FOUND]] = {}
        self._turn = asyncio.Lock()

    async def of(self, name: str) -> _FOUND | None:
        """The answer, at most two minutes old; the last one while the store does not answer."""
        async with self._turn:
            now = time.time_ns()
            at, found = self._found.get(name, (0, None))
            if now - at < _FRESH:
                return found
            try:
                self._found[name] = now, await asyncio.to_thread(self._ask, name, now)
            except Unreachable:
                return found
            return self._found[name][1]
