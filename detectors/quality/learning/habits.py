"""Habits: what one series does as a rule, as the threshold of one test after the other, each with its reason.

Nothing is learnt from the largest of anything: a size is taken from the middle of its distribution and followed outwards, so
that a few faults in the record move it little. The constants were chosen on two records of one station (docs/learning.md).
"""

from dataclasses import replace

import numpy as np

from detectors.domain.site import NAN, Thresholds
from detectors.quality.learning.bounds import Bounds
from detectors.quality.learning.record import SECOND, Numbers, Record, Sizes

YEAR = 365 * 86_400 * SECOND  # ns
LOW, HIGH = 0.001, 0.999  # quantiles of the values
SPREADS, SHORTFALL = 1.0, 4.0  # spreads beyond them for a record of a year, and so many more for one of no time
MIDDLE, TAIL = 0.90, 0.99  # quantiles of a size
DECADES = 5  # one reading in 10^5 is larger than a threshold, if the tail goes on as it began
STEEPEST = 2.5  # times larger for one in ten times as many; a tail that seems heavier holds faults
STEPS = 4.0  # of the resolution; rounding alone is no spike
ACCURACIES = 0.5  # of the probe; nor is what the probe errs by
SURE = 3.0  # times what makes a spike suspect, it fails
RATES = 2.0  # times a spike that fails, from one reading to the next, is more than this water moves
RUN, RUNS, LEAST_RUN = 0.995, 6, 48  # quantile of the lengths of runs of equal values; times that; readings
AT_REST = 0.05  # share of readings in runs too long, from which on the water rests, not the probe
PATIENCE = 0.9  # of the time that a run takes, so that a device's clock may be a little fast


def further(sizes: Numbers) -> float:
    """The size that one in 10^`DECADES` passes, if the tail goes on as between its two quantiles; 0 if hardly any is above 0."""
    if not len(sizes):
        return 0.0
    middle, tail = np.quantile(sizes, [MIDDLE, TAIL])
    each = (tail / middle) ** (1 / np.log10((1 - MIDDLE) / (1 - TAIL))) if middle else STEEPEST
    return float(tail * min(each, STEEPEST) ** (DECADES + np.log10(1 - TAIL)))


def in_range(given: Thresholds, bounds: Bounds, used: Record) -> Thresholds:
    """The suspect range: extreme quantiles with a margin, wider for a short record; not on the side where events go."""
    low, high = np.quantile(used.value, [LOW, HIGH])
    short = 1 - min(1.0, (used.at[-1] - used.at[0]) / YEAR)
    margin = (high - low) * (SPREADS + SHORTFALL * short)
    why = f"range: {LOW:.1%}..{HIGH:.1%} {low:.4g}..{high:.4g}, margin {margin:.4g}"
    if bounds.events:
        why += f", none where events go ({bounds.events})"
    return replace(
        given,
        suspect_low=rounded(np.fmax(low - margin, bounds.low)) if bounds.events in {"", "up"} else NAN,
        suspect_high=rounded(np.fmin(high + margin, bounds.high)) if bounds.events in {"", "down"} else NAN,
        source=f"{given.source}; {why}",
    )


def without_spikes(given: Thresholds, bounds: Bounds, sizes: Sizes) -> Thresholds:
    """Spike and rate of change: heights and changes that this water has not got."""
    height, change = further(sizes.bends), further(sizes.rates)
    if not height or not change:
        return replace(given, source=f"{given.source}; it hardly ever moves: no spike and no rate test")
    suspect = rounded(max(height, STEPS * sizes.resolution, ACCURACIES * bounds.accuracy))
    rate = rounded(max(change, RATES * SURE * suspect / sizes.interval))
    why = f"spike: second differences {_tail(sizes.bends)}, one in 10^{DECADES} {height:.4g}"
    why += f"; rate: {_tail(sizes.rates)}, one in 10^{DECADES} {change:.4g}"
    return replace(
        given,
        spike_suspect=suspect,
        spike_fail=rounded(SURE * suspect),
        rate=rate,
        source=f"{given.source}; {why}; resolution {sizes.resolution:.4g}",
    )


def not_flat(given: Thresholds, sizes: Sizes) -> Thresholds:
    """Flat line: runs of equal values longer than this record has any, unless it rests for long as a rule."""
    usual = int(np.quantile(sizes.runs, RUN, method="lower"))
    readings = max(LEAST_RUN, RUNS * usual)
    resting = sizes.runs[sizes.runs >= readings].sum() / sizes.runs.sum()
    if not sizes.resolution or resting > AT_REST:
        return replace(given, source=f"{given.source}; it rests for long as a rule: no flat test")
    seconds = PATIENCE * readings * sizes.interval
    return replace(
        given,
        flat_tolerance=rounded(sizes.resolution / 2),
        flat_suspect=rounded(seconds),
        flat_fail=rounded(2 * seconds),
        flat_readings=readings,
        source=f"{given.source}; flat: {RUN:.1%} of the runs of equal values have at most {usual} readings",
    )


def rounded(number: float) -> float:
    """Four digits, as many as a person will read."""
    return float(f"{number:.4g}")


def _tail(sizes: Numbers) -> str:
    middle, tail = np.quantile(sizes, [MIDDLE, TAIL])
    return f"{MIDDLE:.0%} {middle:.4g}, {TAIL:.0%} {tail:.4g}"
