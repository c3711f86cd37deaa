"""Habits: what one series does as a rule, as the threshold of one test after the other, each with its reason.

Nothing is learnt from the largest of anything: a size is taken from the middle of its distribution and followed outwards, so
that a few faults in the record move it little. The constants were chosen on two records of one station (docs/learning.md).
"""

import math
from dataclasses import replace

import numpy as np

from detectors.domain.thresholds import NAN, Thresholds
from detectors.quality.learning.bounds import Bounds
from detectors.quality.learning.record import SECOND, Numbers, Record, Sizes

YEAR = 365 * 86_400.0  # seconds
LOW, HIGH = 0.001, 0.999  # quantiles of the values
SPREADS, SHORTFALL = 1.0, 4.0  # spreads beyond them for a record of a year, and so many more for one of no time
MIDDLE, TAIL = 0.90, 0.99  # quantiles of a size
RETURN = 3 * YEAR  # in which one reading passes a threshold, if the tail goes on as it began
STEEPEST = 2.5  # times larger for one in ten times as many; a tail that seems heavier holds faults
CORE = 10.0  # times the lower quantile is left out of the first round
CALM = 1.0  # times larger for a record of no time: it has not seen the year's storms
STEPS = 4.0  # of the resolution; rounding alone is no spike
ACCURACIES = 0.5  # of the probe; nor is what the probe errs by
SURE = 3.0  # times what makes a spike suspect, it fails
RATES = 2.0  # times a spike that fails, from one reading to the next, is more than this water moves
IN_EVENTS = 10.0  # times faster it may move where events go: each suspect reading is one that raises no limit
RUN, RUNS = 0.90, 8  # share of readings in runs of equal values up to a length; times that
LEAST_RUN, LEAST_STILL = 24, 43_200.0  # readings, and seconds: the calm half of a day is no fault
AT_REST = 14 * 86_400.0  # seconds: a gauge stands still for a week of dry weather
PATIENCE = 0.9  # of the time that a run takes, so that a device's clock may be a little fast


def further(sizes: Numbers, interval: float, short: float) -> float:
    """The size that is passed once in `RETURN` if the tail goes on as between its two quantiles; 0 if hardly any is above 0."""
    if not len(sizes):
        return 0.0
    middle, tail = np.quantile(sizes, [MIDDLE, TAIL])
    each = (tail / middle) ** (1 / np.log10((1 - MIDDLE) / (1 - TAIL))) if middle else STEEPEST
    decades = max(0.0, np.log10(RETURN / interval * (1 - TAIL)))
    return float(tail * min(each, STEEPEST) ** decades * (1 + CALM * short))


def far_out(sizes: Numbers) -> float:
    """A size that is far from ordinary, storm or fault; NaN if hardly any is above 0."""
    return CORE * float(np.quantile(sizes, MIDDLE)) or NAN if len(sizes) else NAN


def lacking(used: Record) -> float:
    """The share of a year that a record does not cover."""
    return float(1 - min(1.0, (used.at[-1] - used.at[0]) / SECOND / YEAR))


def in_range(given: Thresholds, bounds: Bounds, used: Record) -> Thresholds:
    """The suspect range: extreme quantiles with a margin, wider for a short record; not on the side where events go."""
    low, high = np.quantile(used.value, [LOW, HIGH])
    if not high > low:
        return replace(given, source=f"{given.source}; it never moves: no range learnt")
    margin = (high - low) * (SPREADS + SHORTFALL * lacking(used))
    why = f"range: {LOW:.1%}..{HIGH:.1%} {low:.4g}..{high:.4g}, margin {margin:.4g}"
    if bounds.events:
        why += f", none where events go ({bounds.events})"
    return replace(
        given,
        suspect_low=float(np.fmax(_outward(low, -margin), bounds.low)) if bounds.events in {"", "up"} else NAN,
        suspect_high=float(np.fmin(_outward(high, margin), bounds.high)) if bounds.events in {"", "down"} else NAN,
        source=f"{given.source}; {why}",
    )


def without_spikes(given: Thresholds, bounds: Bounds, sizes: Sizes, short: float) -> Thresholds:
    """Spike and rate of change: heights and changes that this water has not got."""
    height, change = (further(one, sizes.interval, short) for one in (sizes.bends, sizes.rates))
    if not height or not change:
        return replace(given, source=f"{given.source}; it hardly ever moves: no spike and no rate test")
    height *= IN_EVENTS if bounds.events == "up" else 1  # what is stirred up may settle within two readings
    suspect = rounded(max(height, STEPS * sizes.resolution, ACCURACIES * bounds.accuracy))
    fast = max(change, RATES * SURE * suspect / sizes.interval)
    why = f"spike: second differences {_tail(sizes.bends)}, once in {RETURN / YEAR:g} years {height:.4g}"
    why += f"; rate: {_tail(sizes.rates)}, once in {RETURN / YEAR:g} years {change:.4g}"
    why += f", {IN_EVENTS:g} times faster for events" if bounds.events else ""
    found, said = _within(bounds, suspect)
    return replace(
        given,
        spike_suspect=found[0],
        spike_fail=found[1],
        rate=rounded(IN_EVENTS * fast if bounds.events else fast),
        source=f"{given.source}; {why}; resolution {sizes.resolution:.4g}{said}",
    )


def _within(bounds: Bounds, suspect: float) -> tuple[tuple[float, float], str]:
    """Heights that make a spike suspect and fail it, as far as there can be any, and a word where there cannot.

    Readings outside the physical bounds fail by themselves, so no spike is higher than the bounds lie apart.
    """
    widest, fail = bounds.high - bounds.low, rounded(SURE * suspect)
    if not suspect >= widest:
        return (suspect, NAN if fail >= widest else fail), ""
    return (NAN, NAN), f"; no spike test: {suspect:g} is more than the physical bounds lie apart, {widest:g}"


def not_flat(given: Thresholds, bounds: Bounds, sizes: Sizes) -> Thresholds:
    """Flat line: runs of equal values much longer than those in which nearly all readings stand."""
    lengths = np.sort(sizes.runs)
    usual = int(lengths[np.searchsorted(np.cumsum(lengths), RUN * lengths.sum())])
    least = AT_REST if bounds.rests else LEAST_STILL
    readings = max(LEAST_RUN, RUNS * usual, math.ceil(least / sizes.interval))
    seconds = PATIENCE * readings * sizes.interval
    if not np.quantile(sizes.rates, MIDDLE) > 0:
        return replace(given, source=f"{given.source}; {MIDDLE:.0%} of its readings repeat the one before: no flat test")
    return replace(
        given,
        flat_tolerance=rounded(sizes.resolution / 2),
        flat_suspect=rounded(seconds),
        flat_fail=rounded(2 * seconds),
        flat_readings=readings,
        source=f"{given.source}; flat: {RUN:.0%} of the readings stand in runs of at most {usual} equal ones",
    )


def rounded(number: float) -> float:
    """Four digits, as many as a person will read."""
    return float(f"{number:.4g}")


def _outward(edge: float, margin: float) -> float:
    """An edge moved by a margin and on to two digits of it, so that rounding never brings it nearer."""
    digits = 1 - math.floor(math.log10(abs(margin)))
    whole = math.floor if margin < 0 else math.ceil
    return round(whole((edge + margin) * 10.0**digits) / 10.0**digits, digits)


def _tail(sizes: Numbers) -> str:
    middle, tail = np.quantile(sizes, [MIDDLE, TAIL])
    return f"{MIDDLE:.0%} {middle:.4g}, {TAIL:.0%} {tail:.4g}"
