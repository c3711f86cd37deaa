"""What is usual, learnt from a record: how far it moves, how far it strays from the day before, where its months lie.

Each bound is a high quantile and three times as far; wider for a record of less than a year, which has not seen all of it, and
where events go. The kernel that judges by it also says what of the record it is not learnt from.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import DAY
from detectors.domain.quality import Quality
from detectors.domain.site import Site, Title
from detectors.domain.usual import NAN, Span, Usual
from detectors.quality import unlikely
from detectors.quality.climatology import month_of
from detectors.quality.learning.bounds import Bounds
from detectors.quality.learning.habits import ACCURACIES, STEPS, lacking, rounded
from detectors.quality.learning.record import SECOND, Numbers, Record, sizes_of
from detectors.quality.reach import LONG
from detectors.quality.unlikely import PARTS, SUSPECT

HIGH, FARTHER = 0.999, 3.0  # quantile of a size, and times that is a bound
CORE, CORES = 0.95, 8.0  # the same in the first round, of which faults of days may be a part
CALM = 1.0  # times wider for a record of no time
EVENTS = 1.5  # times wider where a true event goes
DILUTION = 2.0  # and for a fall where events go up: rain thins what a spill thickens
MOVES = (0, 3600, 10_800)  # seconds; 0 = from one reading to the next
STRAYS = (10_800, 43_200, 86_400, 259_200, 864_000, 2_592_000)
FEW = 200  # pairs of readings; of fewer nothing is said
MONTH = (0.001, 0.999)  # quantiles of the readings of a month and its neighbours
MARGIN, SHORTFALL = (
    0.5,
    4.0,
)  # of the spread of the whole record to each side of its middle, and so many times more where a record knows no such month
WIDE, WIDER = (0.05, 0.95), 2.0  # the same in the first round, for all the year
LEAST_DAYS = 10.0  # of a month, or the whole record stands for it
ROUNDS = 4


def usual_of(series: str, bounds: Bounds, record: Record) -> Usual:
    """Learn from the readings that the tests with thresholds believe; a quantity that jumps has no habits."""
    if bounds.events == "sudden" or len(record) < FEW or not np.ptp(record.value) > 0:
        return Usual(series=series)
    used = record
    for number in range(ROUNDS):
        found = _round(series, bounds, used, first=number == 0)
        if not found.strays:
            return Usual(series=series)
        used = record.where(~unusual(record, found))
    return found


def unusual(record: Record, given: Usual) -> NDArray[np.bool_]:
    """Say of each reading whether the kernel doubts it."""
    site = Site(name="", title=Title(zh="", en=""), quality=Quality(usual={given.series: given}))
    row = np.zeros(len(record), np.int32)
    rule = np.array([unlikely.of(site, given.series, lambda _: 0)], unlikely.RULE)
    memory, all_of = np.zeros(1, unlikely.MEMORY), np.ones(len(record), np.bool_)
    flag, _ = unlikely.step(memory, rule, np.zeros(1, np.int32), row, record.at, record.value, all_of)
    found: NDArray[np.bool_] = flag == SUSPECT
    return found


def _round(series: str, bounds: Bounds, used: Record, *, first: bool) -> Usual:
    share, farther = (CORE, CORES) if first else (HIGH, FARTHER)
    sizes, short = sizes_of(used), lacking(used)
    floor = max(STEPS * sizes.resolution, ACCURACIES * bounds.accuracy)
    wider = farther * (1 + CALM * short)
    down, up = _times(bounds)
    strays = [
        Span(of=of, low=max(floor, wider * under), high=max(floor, wider * over)) for of, under, over in _strays(used, share)
    ]
    if not strays:
        return Usual(series=series)
    moves = [
        Span(of=of or sizes.interval, low=max(floor, wider * fall), high=max(floor, wider * rise))
        for of, fall, rise in _moves(used, sizes.interval, share)
    ]
    moves = [_back(move, strays[0], bounds) for move in moves]
    strays = [moves[0]] + [replace(span, low=max(span.low, moves[0].low), high=max(span.high, moves[0].high)) for span in strays]
    months = (_core(used),) if first else tuple(_months(used, sizes.interval))
    middle = float(np.median(used.value))
    return Usual(
        series=series,
        moves=_widened(moves, down, up),
        strays=_widened(strays, down, up),
        months=months,
        events={"up": 1, "down": -1}.get(bounds.events, 0),
        lift=rounded(bounds.lift * middle) if bounds.lift and middle > 0 else NAN,
        source=f"{share:.1%} of the moves of {len(used)} readings, times {wider:.2g}; never less than {floor:.3g}",
    )


def _back(move: Span, stray: Span, bounds: Bounds) -> Span:
    """The way back out of an event is measured from the range of the day, so it is learnt so."""
    if bounds.events == "up":
        return replace(move, low=stray.low)
    return replace(move, high=stray.high) if bounds.events == "down" else move


def _times(bounds: Bounds) -> tuple[float, float]:
    """How much wider the bounds are downwards and upwards."""
    return {
        "": (1.0, 1.0),
        "both": (EVENTS, EVENTS),
        "down": (EVENTS, 1.0),
        "up": (DILUTION if bounds.lift else 1.0, EVENTS),
    }[bounds.events]


def _widened(spans: list[Span], down: float, up: float) -> tuple[Span, ...]:
    """The spans as they are written: never narrower for a longer time."""
    low = np.maximum.accumulate([span.low for span in spans]) * down
    high = np.maximum.accumulate([span.high for span in spans]) * up
    return tuple(
        Span(of=span.of, low=rounded(fall), high=rounded(rise)) for span, fall, rise in zip(spans, low, high, strict=True)
    )


def _moves(used: Record, interval: float, share: float) -> Iterator[tuple[float, float, float]]:
    """Time, fall and rise from one reading to the one so much later."""
    for of in MOVES:
        step = np.int64((of or interval) * SECOND)
        after = np.searchsorted(used.at, used.at + step - np.int64(interval * SECOND / 4))
        there = np.flatnonzero(after < len(used))
        there = there[np.abs(used.at[after[there]] - used.at[there] - step) <= interval * SECOND / 4]
        if len(there) >= FEW and of != interval:
            moved = used.value[after[there]] - used.value[there]
            yield of, float(np.quantile(np.maximum(-moved, 0), share)), float(np.quantile(np.maximum(moved, 0), share))


def _strays(used: Record, share: float) -> Iterator[tuple[float, float, float]]:
    """Time, and how far under and over the range of the day that ended so long before its part of the day is over."""
    part = used.at // LONG - used.at[0] // LONG
    first = np.flatnonzero(np.diff(part, prepend=-1))
    low, high = np.full((2, part[-1] + 1), np.nan)
    low[part[first]], high[part[first]] = np.minimum.reduceat(used.value, first), np.maximum.reduceat(used.value, first)
    low, high = _rolled(low, np.fmin), _rolled(high, np.fmax)
    for of in STRAYS:
        before = part - int(of // (LONG / SECOND))
        bed, top = low[np.maximum(before, 0)], high[np.maximum(before, 0)]
        there = (before >= PARTS - 1) & np.isfinite(bed)
        if np.count_nonzero(there) >= FEW:
            under, over = bed[there] - used.value[there], used.value[there] - top[there]
            yield of, float(np.quantile(np.maximum(under, 0), share)), float(np.quantile(np.maximum(over, 0), share))


def _rolled(of_part: Numbers, extreme: np.ufunc) -> Numbers:
    """The extreme of the day that each part ends."""
    padded = np.concatenate([np.full(PARTS - 1, np.nan), of_part])
    found: Numbers = extreme.reduce(np.lib.stride_tricks.sliding_window_view(padded, PARTS), axis=1)
    return found


def _core(used: Record) -> Span:
    """Where all readings lie but for faults that last for weeks."""
    low, middle, high = np.quantile(used.value, [WIDE[0], 0.5, WIDE[1]])
    return Span(of=0, low=float(low - WIDER * (middle - low)), high=float(high + WIDER * (high - middle)))


def _months(used: Record, interval: float) -> Iterator[Span]:
    """Where the readings lie in all the year, and in each month that the record knows."""
    low, middle, high = np.quantile(used.value, [MONTH[0], 0.5, MONTH[1]])
    under, over = MARGIN * (middle - low), MARGIN * (high - middle)
    unknown = 1 + SHORTFALL * lacking(used)
    yield Span(of=0, low=rounded(low - unknown * under), high=rounded(high + unknown * over))
    month = months_of(used.at)
    for one in range(12):
        if np.count_nonzero(month == one) * interval * SECOND < LEAST_DAYS * DAY:
            continue
        low, high = np.quantile(used.value[np.isin((month - one) % 12, (0, 1, 11))], MONTH)
        yield Span(of=one + 1, low=rounded(low - under), high=rounded(high + over))


def months_of(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The month (0..11) of each instant."""
    days, place = np.unique(at // DAY, return_inverse=True)
    found: NDArray[np.int64] = np.array([month_of(day) for day in days.tolist()])[place]
    return found
