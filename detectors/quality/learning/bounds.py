"""Bounds: what is known of a quantity before any record is seen, from one table.

`events` says to which side the river itself may leave its habits: a spill drives conductivity up, an oxygen collapse is no
fault of the probe. On that side nothing is learnt from a calm record, since a suspect reading raises no limit. An analyser says
one number an hour: of what a discharge of one hour does to it nothing may be called a spike.

`accuracy` follows the criteria for correcting data of the USGS (Wagner and others 2006, Techniques and Methods 1-D3), recalled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from detectors.domain.quantity import quantities
from detectors.domain.series import plain
from detectors.domain.table import rows
from detectors.domain.thresholds import NAN

AMOUNTS = (
    "mg/L",
    "µg/L",
    "1/L",
    "Bq/L",
)  # units of what is dissolved or swims in water: never below 0, analysed seldom, spilt at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a probe can say of one quantity; NaN where nothing is known."""

    low: float = NAN
    high: float = NAN
    events: str = ""  # "", "up", "down", "both": where a true event goes; "sudden": it jumps there
    accuracy: float = 0.0  # of a good probe in the field: what is nearer is no matter
    lift: float = 0.0  # how many times the usual an event may lift it; 0 = any number
    middle_low: float = NAN  # where the middle of a record lies
    middle_high: float = NAN
    rests: bool = False
    source: str = "no bound is known"


def bounds_of(quantity: str) -> Bounds:
    """The bounds of a quantity: those of the table, or what its unit says, or none."""
    name = plain(quantity)
    known = _table().get(name)
    if known is not None:
        return known
    if name in quantities() and quantities()[name].unit in AMOUNTS:
        return Bounds(low=0.0, events="sudden", source="an amount is never below 0")
    return Bounds(events="both", rests=True)


def fitting(known: Bounds, moving: NDArray[np.float64]) -> Bounds:
    """The bounds, without what is said in a unit that the readings cannot have.

    Args:
        known: of the quantity.
        moving: the readings that differ from the one before, so that a dead probe's do not count.
    """
    if not len(moving):
        return known
    middle = float(np.median(moving))
    if not (middle < known.middle_low or middle > known.middle_high):
        return known
    why = f"none: the middle of the record is {middle:.4g}, which this quantity cannot be; has it another unit?"
    return replace(known, low=NAN, high=NAN, accuracy=0.0, source=why)


@cache
def _table() -> Mapping[str, Bounds]:
    return MappingProxyType({row["quantity"]: _bounds(row) for row in rows(__name__, "bounds.csv")})


def _bounds(row: Mapping[str, str]) -> Bounds:
    return Bounds(
        low=float(row["low"] or NAN),
        high=float(row["high"] or NAN),
        events=row["events"],
        accuracy=float(row["accuracy"] or 0),
        lift=float(row["lift"] or 0),
        middle_low=float(row["middle_low"] or NAN),
        middle_high=float(row["middle_high"] or NAN),
        rests=bool(row["rests"]),
        source=row["source"],
    )
