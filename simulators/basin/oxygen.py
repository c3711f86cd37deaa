"""Oxygen: what water can hold, what it gains from air and light, what it loses to life and waste; and the pH that follows."""

import numpy as np
from numpy.typing import NDArray

from simulators.basin.tables import constants

Floats = NDArray[np.float64]
DAY = 86_400.0


def saturation(temp: Floats) -> Floats:
    """Oxygen (mg/L) that fresh water holds at one atmosphere (Benson and Krause 1984)."""
    known, kelvin = constants(), np.clip(temp, 0, 40) + 273.15
    letters = ("a", "b", "c", "d", "e")
    return np.asarray(np.exp(sum(known[f"oxygen_{letter}"] / kelvin**i for i, letter in enumerate(letters))), np.float64)


def reaeration(speed: Floats, depth: Floats, temp: Floats) -> Floats:
    """How fast oxygen nears saturation, 1/d (O'Connor and Dobbins 1958)."""
    known = constants()
    at_20 = known["reaeration"] * np.sqrt(speed) / depth**1.5
    return np.asarray(at_20 * known["reaeration_theta"] ** (temp - 20), np.float64)


def balance(full: Floats, air: Floats, made: Floats, eaten: Floats, step: float) -> Floats:
    """Oxygen (mg/L) over time; each step is the exact solution of dC/dt = air (full - C) + made - eaten.

    Args:
        full: saturation, mg/L.
        air: reaeration, 1/d.
        made: by light, mg/(L d).
        eaten: by life and waste, mg/(L d).
        step: seconds.
    """
    ends = full + (made - eaten) / air
    kept = np.exp(-air * step / DAY)
    held = np.empty(len(full))
    now = float(ends[0])
    for i, (end, keep) in enumerate(zip(ends.tolist(), kept.tolist(), strict=True)):
        now = end + (now - end) * keep
        held[i] = now
    return np.maximum(held, 0.2)


def acidity(oxygen: Floats, full: Floats) -> Floats:
    """pH: where light makes oxygen it takes carbon dioxide, and pH rises in proportion to the surplus."""
    known = constants()
    return known["ph_rest"] + known["ph_swing"] * (oxygen / full - 1)
