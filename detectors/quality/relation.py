"""Relation: a change without the change of another quantity that always goes with it (QARTOD test 9, multi-variate).

The readings of one message come one after the other, in an order that the device chose. So a fast change is judged when the
next reading of its series has come, as a spike is: by then the other quantity has spoken too.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT = int(Flag.GOOD), int(Flag.SUSPECT)
SECOND = 1e9  # ns
KEPT = 4  # newest changes of a series that others may look for
RULE = np.dtype(
    [("rate", "f8"), ("related_rate", "f8"), ("within", "i8"), ("who", "i4"), ("on", "u1")], align=True
)  # units a second of each; ns; its row; off for a series that only is related to others
MEMORY = np.dtype(
    [
        ("at", "i8"),
        ("value", "f8"),
        ("moved_at", "i8", (KEPT,)),
        ("moved", "f8", (KEPT,)),  # units a second
        ("moves", "u4"),  # how many changes there were
        ("seen", "u1"),
        ("alone", "u1"),  # whether the newest reading has changed so fast that it needs company
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that do not move alone, each with the one that it moves with."""
    return {name: (one.related,) for name, one in site.quality.relations.items()}


def of(site: Site, series: str, row_of: RowOf) -> tuple[float, ...]:
    """One row of `RULE`."""
    given = site.quality.relations.get(series)
    if given is None:
        return (np.nan, np.nan, 0, 0, False)
    return (given.rate, given.related_rate, round(given.within * 1e9), row_of(given.related), True)


@njit(cache=True, nogil=True)
def _company(other: NDArray[np.void], rule: NDArray[np.void], at: int) -> int:
    """Say 1 if the other moved enough around an instant, 3 if it did not, 0 if it said nothing then."""
    said = 0
    for k in range(min(int(other["moves"]), KEPT)):
        if abs(other["moved_at"][k] - at) <= rule["within"]:
            if other["moved"][k] >= rule["related_rate"]:
                return GOOD
            said = SUSPECT
    return said


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], other: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> tuple[int, int, bool]:
    """Say whether one believed reading changed slowly enough to need no company, and whether its predecessor had it.

    Returns:
        1 if it needs none, else 0; the flag (1, 3; 0 = cannot be said) of the last believed reading before this one in its
        series; and true where this one needs company and is judged with its successor.
    """
    of_last = _company(other, limit, int(was["at"])) if was["alone"] else 0
    moved = 0.0
    if was["seen"]:
        moved = float(abs(value - was["value"]) / ((at - was["at"]) / SECOND))
        was["moved_at"][was["moves"] % KEPT], was["moved"][was["moves"] % KEPT] = at, moved
        was["moves"] += 1
    alone = bool(limit["on"] and moved > limit["rate"])
    was["at"], was["value"], was["seen"], was["alone"] = at, value, 1, alone
    return GOOD if limit["on"] and not alone else 0, of_last, alone
