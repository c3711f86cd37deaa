"""Light: one picture's grey levels brought to another's, so that a lamp, a cloud or another exposure is no change."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

QUANTILES = (0, 2, 10, 25, 50, 75, 90, 98, 100)  # of the light of a picture
_SAMPLE = 4  # every so many lines and columns tell the light of all


def lit_as(reference: NDArray[Any], now: NDArray[Any]) -> Grey:
    """A plane (0 to 255) in the light of another: its quantiles are brought to where they are there."""
    there, here = _quantiles(reference), _quantiles(now)
    curve = np.interp(np.arange(257), here, there).astype(np.float32)
    level = np.clip(now, 0, 255)
    below = level.astype(np.uint8)
    start, slope = (cv2.LUT(below, table) for table in (curve[:-1], np.diff(curve)))
    return cast("Grey", start + (level - below) * slope)


def _quantiles(plane: NDArray[Any]) -> NDArray[np.float64]:
    """The quantiles of a plane, in a fifth of the time that NumPy's percentiles take."""
    levels = np.sort(plane[::_SAMPLE, ::_SAMPLE], axis=None)
    places = np.array(QUANTILES) / 100 * (levels.size - 1)
    return cast("NDArray[np.float64]", np.interp(places, np.arange(levels.size), levels))
