"""Light: one picture's grey levels brought to another's, so that a lamp, a cloud or another exposure is no change."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

QUANTILES = (0, 2, 10, 25, 50, 75, 90, 98, 100)  # of the light of a picture
_SAMPLE = 4  # every so many lines and columns tell the light of all


def lit_as(reference: NDArray[Any], now: Grey) -> Grey:
    """A plane (0 to 255) in the light of another: its quantiles are brought to where they are there."""
    there, here = (np.percentile(plane[::_SAMPLE, ::_SAMPLE], QUANTILES) for plane in (reference, now))
    curve = np.interp(np.arange(257), here, there).astype(np.float32)
    level = np.clip(now, 0, 255)
    below = level.astype(np.uint8)
    return cast("Grey", curve[below] + (level - below) * (curve[below + np.uint16(1)] - curve[below]))
