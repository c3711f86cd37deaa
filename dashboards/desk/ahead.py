"""What lies ahead of a curve: the forecast of the same kernel that warns, taught by what the store holds of the last days."""

import asyncio

import numpy as np
from numpy.typing import NDArray

from dashboards.desk import curve
from dashboards.desk.curve import SUSPECT, Pair
from detectors.domain.instant import HOUR
from detectors.water import forecast, outlook
from storage.series import Buckets, Store

SPAN = "24h"  # the range of time beside which six hours still look like something
LENGTH = forecast.STEPS * forecast.STEP
TAUGHT = 14 * 24 * HOUR
EVERY = HOUR // 4  # ns a bucket that teaches
OLD = 2 * HOUR  # what ended longer ago has nothing ahead
_FRESH = 60_000_000_000  # ns: then it is asked again


class Ahead:
    """The forecasts that somebody looks at now."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store, self._zone = store, zone
        self._kept: dict[str, tuple[int, dict[str, list[Pair]]]] = {}

    async def of(self, series: str, now: int) -> dict[str, list[Pair]]:
        """What a chart draws of a forecast; no points where there is none."""
        kept = self._kept.get(series)
        if kept is None or now - kept[0] > _FRESH:
            kept = now, await asyncio.to_thread(self._look, series, now)
            self._kept = {name: one for name, one in self._kept.items() if now - one[0] < 10 * _FRESH} | {series: kept}
        return kept[1]

    def _look(self, series: str, now: int) -> dict[str, list[Pair]]:
        taught = self._store.downsampled(series, (now - TAUGHT) // EVERY * EVERY, now, EVERY)
        return drawn(foreseen(taught, now), self._zone)


def foreseen(taught: Buckets, now: int) -> NDArray[np.void] | None:
    """The newest good value and the forecast from it on, as rows (at, value, low, high); None if it cannot be known."""
    good = (taught.flag < SUSPECT) & np.isfinite(taught.mean)
    at, value = taught.at[good] + EVERY // 2, taught.mean[good]
    if not len(at) or now - int(at[-1]) > OLD:
        return None
    memory, steps = np.zeros(1, outlook.MEMORY), np.empty((forecast.STEPS, 3))
    for instant, one in zip(at.tolist(), value.tolist(), strict=True):
        forecast.take(memory[0], instant, one)
    if not forecast.fan(memory[0], int(at[-1]), float(value[-1]), steps):
        return None
    rows = np.empty(forecast.STEPS + 1, [("at", "i8"), ("value", "f8"), ("low", "f8"), ("high", "f8")])
    rows["at"] = at[-1] + np.arange(forecast.STEPS + 1) * forecast.STEP
    for column, name in enumerate(("value", "low", "high")):
        rows[name] = np.append(value[-1], steps[:, column])
    return rows


def drawn(rows: NDArray[np.void] | None, zone: str) -> dict[str, list[Pair]]:
    """The points of the line and of the band around it."""
    if rows is None:
        return {"ahead": [], "ahead.low": [], "ahead.band": []}
    values = {"ahead": rows["value"], "ahead.low": rows["low"], "ahead.band": rows["high"] - rows["low"]}
    return {name: curve.line(rows["at"], one, forecast.STEP, zone) for name, one in values.items()}
