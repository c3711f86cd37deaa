"""Curves kept for all who look: read once from the store, then only what came since."""

import asyncio
from dataclasses import dataclass

import numpy as np

from dashboards.desk import ahead, curve
from dashboards.desk.curve import EVERY, FAIL, SPANS, SUSPECT, Pair
from storage.series import Buckets, Store

_FRESH = 2_000_000_000  # ns: two readers within this time share one look
_WHOLE = 120_000_000_000  # ns: then all is read again, since history may have come in late
_IDLE = 300_000_000_000  # ns: then a curve nobody looks at is let go


@dataclass(slots=True)
class _Kept:
    buckets: Buckets
    whole: int  # when all of it was read
    looked: int  # when the newest part was read


class Curves:
    """The curves that somebody looks at now."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store, self._zone = store, zone
        self.ahead = ahead.Ahead(store, zone)
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def of(self, series: str, span: str, now: int) -> Buckets:
        """The buckets of a series over a span that ends now."""
        key = series, span
        async with self._turns.setdefault(key, asyncio.Lock()):
            kept = self._kept.get(key)
            if kept is None or now - kept.looked > _FRESH:
                kept = await asyncio.to_thread(self._read, series, span, now, kept)
                self._kept[key] = kept
                self._forget(now)
            return kept.buckets

    async def between(self, series: str, span: str, start: int, end: int) -> Buckets:
        """The buckets of a series between two instants, as fine as those of a span; not kept."""
        return await asyncio.to_thread(self._fetch, series, span, start, end)

    def _read(self, series: str, span: str, now: int, kept: _Kept | None) -> _Kept:
        start = now - SPANS[span]
        if kept is None or not len(kept.buckets) or now - kept.whole > _WHOLE:
            return _Kept(self._fetch(series, span, start, now), now, now)
        since = int(kept.buckets.at[-1])
        return _Kept(joined(kept.buckets, self._fetch(series, span, since, now), start, since), kept.whole, now)

    def _fetch(self, series: str, span: str, start: int, end: int) -> Buckets:
        end += 300_000_000_000  # a device's clock may be ahead of ours
        if every := EVERY[span]:
            return self._store.downsampled(series, start - start % every, end, every)
        columns = self._store.read(series, start, end)
        ones = np.ones(len(columns), np.int64)
        return Buckets(at=columns.at, mean=columns.value, low=columns.value, high=columns.value, count=ones, flag=columns.flag)

    def _forget(self, now: int) -> None:
        for key in [key for key, kept in self._kept.items() if now - kept.looked > _IDLE]:
            del self._kept[key]
            self._turns.pop(key, None)

    def drawn(self, buckets: Buckets, span: str, since: int = 0) -> dict[str, list[Pair]]:
        """What a chart draws of the buckets from `since` on."""
        return drawn(buckets, span, self._zone, since)

    def edge(self, at: int) -> int:
        """An instant in the chart's milliseconds."""
        return int(curve.clock(np.array([at], np.int64), self._zone)[0])

    def window(self, span: str, now: int, beyond: int = 0) -> tuple[int, int]:
        """The ends of the time axis, in the chart's milliseconds; `beyond` ns of what lies ahead."""
        ends = curve.clock(np.array([now - SPANS[span], now + beyond], np.int64), self._zone)
        return int(ends[0]), int(ends[1])


def joined(old: Buckets, new: Buckets, start: int, since: int) -> Buckets:
    """Old buckets from `start` up to, without, `since`; then the new ones."""
    keep = (old.at >= start) & (old.at < since)
    parts = {
        name: np.concatenate([getattr(old, name)[keep], getattr(new, name)])
        for name in ("at", "mean", "low", "high", "count", "flag")
    }
    return Buckets(**parts)


def drawn(buckets: Buckets, span: str, zone: str, since: int = 0) -> dict[str, list[Pair]]:
    """Mean, band and doubtful points of the buckets from `since` on, with holes where there are gaps."""
    first = max(int(np.searchsorted(buckets.at, since)) - 3, 0) if since else 0  # a gap shows only against its neighbours
    at, every = buckets.at[first:], EVERY[span]
    mean, low, high, flag = buckets.mean[first:], buckets.low[first:], buckets.high[first:], buckets.flag[first:]
    far = curve.farthest(mean, low, high)
    pairs = {
        "mean": curve.line(at, mean, every, zone),
        "low": curve.line(at, low, every, zone) if every else [],
        "band": curve.line(at, high - low, every, zone) if every else [],
        "suspect": curve.doubtful(at, far, flag, SUSPECT, zone),
        "fail": curve.doubtful(at, far, flag, FAIL, zone),
    }
    if not since:
        return pairs
    edge = int(curve.clock(np.array([since], np.int64), zone)[0])
    return {name: [pair for pair in points if pair[0] >= edge - 1] for name, points in pairs.items()}
