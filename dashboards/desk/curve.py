"""Curves: what a chart draws of a series, as pairs of (milliseconds on the site's clock, value)."""

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import HOUR, on_clock

SPANS = {"1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR}
EVERY = {"1h": 0, "24h": HOUR // 30, "7d": HOUR // 4, "30d": HOUR}  # ns a bucket; 0 = every reading
SUSPECT, FAIL = 3, 4

Pair = tuple[int, float | None]


def clock(at: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Instants (ns) as the milliseconds a wall clock in `zone` shows; charts draw them as if they were UTC."""
    if not len(at):
        return at
    hours, place = np.unique(at // HOUR, return_inverse=True)
    offsets = np.array([_offset(int(hour), zone) for hour in hours], np.int64)
    shown: NDArray[np.int64] = at // 1_000_000 + offsets[place]
    return shown


def _offset(hour: int, zone: str) -> int:
    shift = on_clock(hour * HOUR, zone).utcoffset()
    return 0 if shift is None else int(shift.total_seconds()) * 1000


def breaks(at: NDArray[np.int64], every: int) -> NDArray[np.bool_]:
    """For each instant: does a gap lie before it? A gap is a step 2.5 times as long as steps are around it.

    A station that changes its rhythm (every 15 min, then every 10 s) has no gap there; one that was away has.
    """
    gap = np.zeros(len(at), np.bool_)
    if len(at) < 3:
        return gap
    steps = np.diff(at)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(steps, 2, mode="edge"), 5)
    usual = np.maximum(np.median(around, axis=1), every)
    gap[1:] = steps > 2.5 * usual
    return gap


def line(at: NDArray[np.int64], value: NDArray[np.float64], every: int, zone: str) -> list[Pair]:
    """Pairs to connect, with a hole (None) in every gap and where a value is not a number."""
    shown, gap = clock(at, zone), breaks(at, every)
    pairs: list[Pair] = []
    for i, instant in enumerate(shown.tolist()):
        if gap[i]:
            pairs.append((instant - 1, None))
        pairs.append((instant, _rounded(float(value[i]))))
    return pairs


def doubtful(at: NDArray[np.int64], value: NDArray[np.float64], flag: NDArray[np.uint8], wanted: int, zone: str) -> list[Pair]:
    """The points that carry the wanted flag, to be marked one by one."""
    chosen = (flag == wanted) & np.isfinite(value)
    return [(instant, _rounded(float(v))) for instant, v in zip(clock(at[chosen], zone).tolist(), value[chosen], strict=True)]


def farthest(mean: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each bucket, the end that lies farther from its mean: where a doubtful reading most likely was."""
    return np.where(high - mean >= mean - low, high, low)


def _rounded(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None
