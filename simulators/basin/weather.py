"""Weather: sun, air and rain over time, from a seed."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from simulators.basin.tables import constants

Floats = NDArray[np.float64]
DAY, HOUR = 86_400, 3600
YEAR = 365.2425 * DAY
WET = 0.22  # of the days it rains
DEPTH = (3.0, 6.0)  # mm of a rain at least, and in the mean on top of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Sun, air and rain; one entry a step."""

    light: Floats  # 0 to 1
    air: Floats  # °C
    rain: Floats  # mm/h
    quick: Floats  # mm/h: what of the rain runs off now


def chance(seed: int, *words: object) -> np.random.Generator:
    """A source of chance for a seed and some words: the same, the same."""
    return np.random.default_rng([seed & 0xFFFFFFFF, *(crc32(repr(word).encode()) for word in words)])


def weather(seconds: NDArray[np.int64], seed: int, utc_offset: float, wetness: float = 1.0) -> Weather:
    """The weather at instants a step apart.

    Args:
        seconds: since 1970 UTC, evenly spaced, ascending.
        seed: of all chance.
        utc_offset: seconds that the sun's clock is ahead of UTC.
        wetness: times the ordinary chance of rain.
    """
    local = seconds + np.float64(utc_offset)
    hour = local % DAY / HOUR
    season = 2 * np.pi * (local % YEAR) / YEAR
    rain = _rain(local, seed, wetness)
    cloud = np.clip(0.25 + 0.2 * wander(local, seed, "cloud", DAY / 2), 0, 0.7) + 0.25 * (rain > 0)
    light = np.clip(np.sin(np.pi * (hour - 6) / 12), 0, None) * (1 - cloud)
    known = constants()
    air = known["air_mean"] - known["air_season"] * np.cos(season - 0.35) + known["air_day"] * np.sin(2 * np.pi * (hour - 9) / 24)
    air = air + known["air_stray"] * wander(local, seed, "air", 2 * DAY)
    return Weather(light=light, air=air - 3 * np.tanh(rain), rain=rain, quick=_nash(rain, float(seconds[1] - seconds[0])))


def wander(local: NDArray[Any], seed: int, name: str, span: float) -> Floats:
    """A slow, smooth stray of about one, from one `span` (s) to the next; any stretch of it is the same whoever asks."""
    first = int(local[0] // span)
    moods = np.array([chance(seed, name, first + i).standard_normal() for i in range(int(local[-1] // span) - first + 2)])
    place = local / span - first
    whole = np.floor(place).astype(np.int64)
    share = place - whole
    curve: Floats = moods[whole] + (moods[whole + 1] - moods[whole]) * share * share * (3 - 2 * share)
    return curve


def _rain(local: NDArray[Any], seed: int, wetness: float) -> Floats:
    rain = np.zeros(len(local))
    for day in range(int(local[0] // DAY) - 1, int(local[-1] // DAY) + 1):
        told = chance(seed, "rain", day)
        falls, begins, lasts, depth = told.random(), told.uniform(0, DAY), told.uniform(2, 6) * HOUR, told.exponential(DEPTH[1])
        if falls < WET * wetness:
            age = (local - day * DAY - begins) / lasts
            rain += (DEPTH[0] + depth) / (lasts / HOUR) * np.where((age > 0) & (age < 1), 2 * np.sin(np.pi * age) ** 2, 0)
    return rain


def _nash(rain: Floats, step: float) -> Floats:
    """What runs off now of what has fallen: a cascade of linear reservoirs (Nash 1957); in sum, what fell."""
    known = constants()
    k, n = known["reservoir_hours"] * HOUR, known["reservoirs"]
    age = (np.arange(int(12 * k / step)) + 0.5) * step / k
    curve = age ** (n - 1) * np.exp(-age)
    return np.convolve(rain, curve / curve.sum())[: len(rain)]
