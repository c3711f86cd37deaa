"""A river that follows from a seed: days, seasons and rain, carried downstream. The same seed, the same river."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import DAY, HOUR
from simulators.chance import gauss, uniform
from simulators.replay import GRAIN, TURB_GRAIN, believable

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

TRAVEL = 2 * HOUR  # from one station to the next
UPSTREAM = 0.7  # of the water at a station comes from the one above; the rest joins on the way
RAIN_REMEMBERED = 6  # days
QUANTITIES = ("temp", "cond", "ph", "do", "turb", "stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A river of stations, named in the order in which water passes them."""

    seed: int
    stations: tuple[str, ...]

    def values(self, station: str, at: Sequence[int] | Instants) -> dict[str, Floats]:
        """The true values at a station at any instants (ns since 1970 UTC), in any order, in the registry's units."""
        return self._mixed(self.stations.index(station), np.asarray(at, np.int64))

    def read(self, station: str, at: int) -> dict[str, float]:
        """What the station's sensors say at an instant: the truth with a sensor's noise, as a logger rounds it."""
        said = {}
        for quantity, values in self.values(station, [at]).items():
            true = float(values[0])
            grain = TURB_GRAIN * true if quantity == "turb" else GRAIN[quantity]
            said[quantity] = believable(quantity, true + grain * gauss(self.seed, station, quantity, at))
        return said

    def rain(self, at: Instants) -> Floats:
        """How much of recent rain runs in the river: each shower swells within hours and goes within days."""
        days = at // DAY
        swollen = np.zeros(len(at))
        for day in np.unique(days[:, None] - np.arange(RAIN_REMEMBERED + 1)).tolist():
            begins, depth = _shower(self.seed, day)
            if depth:
                age = (at - begins) / (5 * HOUR)
                heard = (age > 0) & (days - day <= RAIN_REMEMBERED)
                swollen[heard] += depth * age[heard] * np.exp(1 - age[heard])
        return swollen

    def _mixed(self, place: int, at: Instants) -> dict[str, Floats]:
        own = self._local(self.stations[place], at)
        if place == 0:
            return own
        above = self._mixed(place - 1, at - TRAVEL)
        return {quantity: UPSTREAM * above[quantity] + (1 - UPSTREAM) * own[quantity] for quantity in QUANTITIES}

    def _local(self, station: str, at: Instants) -> dict[str, Floats]:
        """The water that joins at a station."""
        rain = self.rain(at)
        day, year = (2 * np.pi * (at % span) / span for span in (DAY, 365 * DAY))
        temp = 9 + 6 * np.sin(year - 2.0) + 1.8 * np.sin(day - 2.4) + 0.8 * self._wander(station, "temp", at) - 0.5 * rain
        light = np.sin(day - 2.1)
        return {
            "temp": temp,
            "cond": 390 + 12 * self._wander(station, "cond", at) - 70 * np.tanh(rain),
            "ph": 8.35 + 0.14 * light + 0.05 * self._wander(station, "ph", at) - 0.15 * np.tanh(rain),
            "do": _saturation(temp) * (0.97 + 0.06 * light + 0.01 * self._wander(station, "do", at)),
            "turb": 3 + 0.6 * np.abs(self._wander(station, "turb", at)) + 45 * rain**1.3,
            "stage": 62 + 1.5 * self._wander(station, "stage", at) + 28 * rain,
        }

    def _wander(self, station: str, quantity: str, at: Instants) -> Floats:
        """A slow drift of about one, smooth from day to day."""
        days = at // DAY
        unique, where = np.unique(days, return_inverse=True)
        today, next_day = (
            np.array([_mood(self.seed, station, quantity, day + step) for day in unique.tolist()])[where] for step in (0, 1)
        )
        share = (at - days * DAY) / DAY
        return _typed(today + (next_day - today) * share * share * (3 - 2 * share))


@lru_cache(maxsize=4096)
def _shower(seed: int, day: int) -> tuple[int, float]:
    """When it begins to rain on a day, and how much: on three days of four, nothing."""
    if uniform(seed, "rain", day) > 0.25:
        return 0, 0.0
    return day * DAY + int(uniform(seed, "hour", day) * DAY), 0.2 + 1.3 * uniform(seed, "depth", day) ** 2


@lru_cache(maxsize=16_384)
def _mood(seed: int, station: str, quantity: str, day: int) -> float:
    """Where a quantity's drift stands as a day begins."""
    return gauss(seed, station, quantity, day)


def _saturation(temp: Floats) -> Floats:
    """Oxygen (mg/L) that fresh water holds at sea level: 468 / (31.6 + T), as in HJ/T 2.3-1993 (recalled, not checked)."""
    return 468 / (31.6 + np.clip(temp, 0, 40))


def _typed(values: Any) -> Floats:
    return np.asarray(values, np.float64)
