"""Pattern loss: a series that should swing with the day, as dissolved oxygen and pH do, and no longer does.

The day is taken in eight parts of three hours; the swing is the highest of their means less the lowest, so that noise and a
single spike hardly count. It is known of the eight parts before the present one, if each of them has a reading.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
PARTS = 8
LONG = 3 * 3_600_000_000_000  # ns of one part
RULE = np.dtype([("suspect", "f8"), ("fail", "f8")])  # the least swing, in the quantity's unit; NaN = never
MEMORY = np.dtype(
    [
        ("mean", "f8", (PARTS,)),  # of the parts before the present one, by their number since 1970; NaN = no reading
        ("total", "f8"),  # of the present one
        ("until", "i8"),  # when it ends
        ("n", "u4"),
        ("said", "u1"),  # of the day before it
        ("seen", "u1"),
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that swing with the day."""
    habits = site.quality.habits
    return {name: () for name, one in habits.items() if not np.isnan([one.pattern_suspect, one.pattern_fail]).all()}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[float, float]:
    """One row of `RULE`."""
    return (site.quality.habits[series].pattern_suspect, site.quality.habits[series].pattern_fail)


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], limit: NDArray[np.void], at: int) -> None:
    """Begin the part of an instant: forget what is a day old, and judge the day before it."""
    part, ended = at // LONG, was["until"] // LONG - 1
    if was["seen"] and part - ended <= PARTS:
        was["mean"][ended % PARTS] = was["total"] / was["n"]
        for k in range(ended + 1, part):
            was["mean"][k % PARTS] = np.nan
    else:
        was["mean"][:] = np.nan
    was["until"], was["total"], was["n"], was["seen"] = (part + 1) * LONG, 0.0, 0, 1
    swing = was["mean"].max() - was["mean"].min()  # NaN if one of them is
    was["said"] = 0 if np.isnan(swing) else FAIL if swing < limit["fail"] else SUSPECT if swing < limit["suspect"] else GOOD


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> int:
    """Say 1, 3 or 4 of one believed reading by the swing of the day up to its three hours; 0 where a part is unknown."""
    if not was["seen"] or at >= was["until"]:
        _turn(was, limit, at)
    was["total"] += value
    was["n"] += 1
    return int(was["said"])
