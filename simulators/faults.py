"""Faults: what a bad sensor makes of good values; and which of its readings are bad."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.basin.weather import chance
from simulators.incidents import Incident, Kind
from simulators.tables import Sensor

Floats = NDArray[np.float64]
FAULTS = frozenset((Kind.FOULING, Kind.DRIFT, Kind.STUCK, Kind.SPIKES))
ISOLATED = 0.3  # share of the readings that leap while a contact is loose
FOULED = 0.12  # of its liveliness a probe keeps under a full growth
GROWTH = 8.0  # times the tolerance that a full growth, or a full drift, is off


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One series before it is disturbed."""

    name: str
    at: NDArray[np.int64]
    said: Floats  # the truth with a good sensor's noise
    sensor: Sensor


def disturb(series: Series, incident: Incident, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """What is said, and which of it is bad."""
    held = (series.at >= incident.since) & (series.at < incident.until)
    value = series.said.copy()
    if not held.any():
        return value, held
    match incident.kind:
        case Kind.STUCK:
            value[held] = value[held][0]
            bad = held.copy()
            bad[int(np.argmax(held))] = False  # the first of them was still measured
            return value, bad
        case Kind.SPIKES:
            return _spikes(series, incident, held, seed)
        case Kind.FOULING:
            value[held] = _fouled(series, held, incident)
        case _:
            value[held] += GROWTH * series.sensor.tolerance * incident.strength * _age(series, held, incident)
    return value, held & (np.abs(value - series.said) > series.sensor.tolerance)


def _age(series: Series, held: NDArray[np.bool_], incident: Incident) -> Floats:
    return np.asarray((series.at[held] - incident.since) / (incident.until - incident.since), np.float64)


def _fouled(series: Series, held: NDArray[np.bool_], incident: Incident) -> Floats:
    """Growth on a probe: it follows the water less and less, and reads lower and lower."""
    good, age = series.said[held], _age(series, held, incident)
    rest = good[: max(1, len(good) // 8)].mean()
    lively = 1 - (1 - FOULED) * np.minimum(1.0, age * incident.strength * 1.5)
    return np.asarray(rest + (good - rest) * lively - GROWTH * series.sensor.tolerance * incident.strength * age**1.5, np.float64)


def _spikes(series: Series, incident: Incident, held: NDArray[np.bool_], seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Single readings that leap, with good ones between."""
    leaps = held & (chance(seed, incident.id, series.name).random(len(held)) < ISOLATED)
    leaps[1:] &= ~leaps[:-1]
    leaps[2:] &= ~leaps[:-2]
    value = series.said.copy()
    value[leaps] += series.sensor.leap * incident.strength
    return np.maximum(value, 0.0), leaps
