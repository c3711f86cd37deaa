"""Travel: what flows in above comes out below, later and spread; none is lost and none is made.

Advection follows the water: what leaves at t arrives when the water has gone the whole way, at whatever speed it had
meanwhile. It works on what has passed in sum, so the amount is kept to rounding. Dispersion spreads the arrival by a normal
curve whose width is that of the advection-dispersion equation far from the source, sigma = sqrt(2 K L / U³) seconds.
"""

import numpy as np
from numpy.typing import NDArray

from simulators.basin.tables import constants

Floats = NDArray[np.float64]


def carry(load: Floats, speed: Floats, metres: float, sigma: float, step: float) -> Floats:
    """What arrives in each step of what was let go in each step.

    Args:
        load: amounts a step; what was before the first step is taken to be like it.
        speed: of the water in m/s, one a step.
        metres: of the way.
        sigma: how far the arrival is spread, s.
        step: its length, s.
    """
    gone = np.concatenate(([0.0], np.cumsum(speed * step)))
    edges = np.arange(len(gone), dtype=np.float64)
    left = np.interp(gone - metres, gone, edges)
    before = gone < metres
    left[before] = (gone[before] - metres) / (speed[0] * step)
    passed = np.concatenate(([0.0], np.cumsum(load)))
    sums = np.where(left < 0, left * load[0], np.interp(left, edges, passed))
    return spread(np.diff(sums), sigma / step)


def late(speed: Floats, metres: float, step: float) -> Floats:
    """How long the water that arrives in each step was on its way, s."""
    gone = np.cumsum(speed * step)
    left = np.interp(gone - metres, gone, np.arange(len(gone), dtype=np.float64))
    before = gone < metres + gone[0]
    left[before] = (gone[before] - metres) / (speed[0] * step)
    return (np.arange(len(gone)) - left) * step


def spread(load: Floats, width: float) -> Floats:
    """Amounts spread over the steps around by a normal curve of so many steps; what is beyond an end is like that end."""
    reach = int(np.ceil(4 * width))
    if width < 0.1:
        return load
    curve = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    return np.convolve(np.pad(load, reach, mode="edge"), curve / curve.sum(), mode="valid")


def sigma_of(speed: float, depth: float, metres: float) -> float:
    """Seconds by which dispersion spreads what was let go at once (Fischer 1975)."""
    known = constants()
    shear = np.sqrt(known["gravity"] * depth * known["slope"])
    dispersion = known["dispersion"] * speed**2 * known["width"] ** 2 / (depth * shear)
    return float(np.sqrt(2 * dispersion * metres / speed**3))
