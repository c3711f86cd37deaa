"""Learning: the thresholds of one series out of a record of it, for a person to review.

What the thresholds of one round flag teaches nothing in the next.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detectors.domain.series import quantity_of
from detectors.domain.thresholds import NAN, Thresholds
from detectors.domain.usual import Usual
from detectors.quality.learning import habits
from detectors.quality.learning.bounds import Bounds, bounds_of, fitting
from detectors.quality.learning.days import days_of, saturation_of
from detectors.quality.learning.record import Numbers, Record, dead, moving, record_of, sizes_of
from detectors.quality.learning.trial import doubted
from detectors.quality.learning.usual import unusual, usual_of

ENOUGH = 200  # readings; of fewer nothing is learnt
ROUNDS = 8
OXYGEN = "do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Thresholds and what they rest on."""

    thresholds: Thresholds
    readings: int  # that were given
    used: int  # of them, those that neither the device nor the thresholds doubt
    interval: float  # seconds from one reading to the next, as a rule; NaN where there is no second reading
    usual: Usual
    believed: Record  # what neither the device nor any test doubts


def learn(series: str, at: NDArray[np.int64], value: Numbers, mark: NDArray[np.uint8], *, water: Record | None = None) -> Learnt:
    """Learn the thresholds of a series from its readings, in any order.

    Args:
        series: its name, which names the quantity.
        at: ns since 1970 UTC.
        value: in the unit of the quantity; NaN is no reading.
        mark: the device's own; a reading that it marks as anything but ordinary teaches nothing.
        water: temperatures of the same station that are believed, in °C; what oxygen is held against.
    """
    record, bounds = record_of(at, value, mark), bounds_of(quantity_of(series))
    bounds = fitting(bounds, record.value[moving(record)])
    if not (bounds.rests or bounds.events == "sudden"):
        record = record.where(~dead(record))
    found = Thresholds(series=series, fail_low=bounds.low, fail_high=bounds.high)
    kept = ~doubted(record, found)
    if np.count_nonzero(kept) >= ENOUGH:
        kept &= ~doubted(record, _core(found, record.where(kept)))
    used = record.where(kept)
    for _ in range(ROUNDS):
        if len(used) < ENOUGH:
            return _too_few(found, bounds, used, len(at))
        found = _round(series, bounds, used, len(at))
        before, kept = kept, ~doubted(record, found)
        if np.array_equal(before, kept):
            break
        used = record.where(kept)
    usual, believed = _usual(series, bounds, used, water)
    interval = sizes_of(used).interval
    found = _without_spikes(found) if usual.moves and (bounds.events != "up" or bounds.lift) else found
    return Learnt(thresholds=found, readings=len(at), used=len(used), interval=interval, usual=usual, believed=believed)


def _without_spikes(found: Thresholds) -> Thresholds:
    """Without the spike test, which doubts the good readings beside a fault, too, where moves are known: they doubt the fault."""
    why = "no spike test by it: usual.csv says how far it moves"
    return replace(found, spike_suspect=NAN, spike_fail=NAN, source=f"{found.source}; {why}")


def _usual(series: str, bounds: Bounds, used: Record, water: Record | None) -> tuple[Usual, Record]:
    """What is usual, and the readings that are."""
    usual = usual_of(series, bounds, used)
    if not usual.moves:
        return usual, used
    believed = used.where(~unusual(used, usual))
    share = saturation_of(believed, water) if quantity_of(series) == OXYGEN and bounds.high > 0 else NAN  # in mg/L
    return replace(usual, days=tuple(days_of(believed, bounds)), saturation=share), believed


def _core(given: Thresholds, used: Record) -> Thresholds:
    """Where the first round starts: without whatever stands far out, be it a fault or a storm; what is a storm comes back."""
    return replace(given, spike_suspect=habits.far_out(sizes_of(used).bends))


def _too_few(found: Thresholds, bounds: Bounds, used: Record, readings: int) -> Learnt:
    why = f"only {len(used)} of {readings} readings could teach, {ENOUGH} are needed; fails: {bounds.source}"
    found = Thresholds(series=found.series, fail_low=bounds.low, fail_high=bounds.high, source=why)
    interval = sizes_of(used).interval if len(used) > 1 else NAN
    usual = Usual(series=found.series)
    return Learnt(thresholds=found, readings=readings, used=len(used), interval=interval, usual=usual, believed=used)


def _round(series: str, bounds: Bounds, used: Record, readings: int) -> Thresholds:
    """The thresholds that the believed readings teach."""
    sizes = sizes_of(used)
    first, last = np.datetime_as_string(used.at[[0, -1]].astype("datetime64[ns]"), unit="D")
    why = f"learnt from {len(used)} of {readings} readings, {first} to {last}, every {sizes.interval:.4g} s"
    found = Thresholds(series=series, fail_low=bounds.low, fail_high=bounds.high, source=f"{why}; fails: {bounds.source}")
    if bounds.events == "sudden":
        return _sudden(found)
    found = habits.in_range(found, bounds, used)
    found = habits.without_spikes(found, bounds, sizes, habits.lacking(used))
    return habits.not_flat(found, bounds, sizes)


def _sudden(found: Thresholds) -> Thresholds:
    why = "a true event may be over in one reading, and rest for long: nothing is learnt but the physical range"
    return Thresholds(series=found.series, fail_low=found.fail_low, fail_high=found.fail_high, source=f"{found.source}; {why}")
