"""Neighbour: a value further from that of a station nearby than the two ever are (QARTOD test 11)."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT = int(Flag.GOOD), int(Flag.SUSPECT)
MOST = 3  # neighbours of one series
RULE = np.dtype(
    [
        ("within", "i8", (MOST,)),  # ns
        ("low", "f8", (MOST,)),  # of the difference, in the quantity's unit
        ("high", "f8", (MOST,)),
        ("who", "i4", (MOST,)),
        ("known", "u1"),  # how many neighbours it has; those that only are neighbours have none
    ],
    align=True,
)
MEMORY = np.dtype([("at", "i8"), ("value", "f8"), ("seen", "u1")], align=True)  # of the newest clean reading


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that have neighbours."""
    found: dict[str, tuple[str, ...]] = {}
    for one in site.quality.neighbours:
        found[one.series] = (*found.get(one.series, ()), one.neighbour)
    return found


def of(site: Site, series: str, row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`."""
    given = [one for one in site.quality.neighbours if one.series == series]
    rest = [0] * (MOST - len(given))
    return (
        [*(round(one.within * 1e9) for one in given), *rest],
        [*(one.low for one in given), *rest],
        [*(one.high for one in given), *rest],
        [*(row_of(one.neighbour) for one in given), *rest],
        len(given),
    )


@njit(cache=True, nogil=True, forceinline=True)
def _add(said: int, other: NDArray[np.void], rule: NDArray[np.void], k: int, at: int, value: float) -> int:
    """Add neighbour `k` to what those before it said of one believed reading: 1 if any agrees, 3 if none, 0 if nobody knows."""
    if said == GOOD or not other["seen"] or abs(at - other["at"]) > rule["within"][k]:
        return said
    return GOOD if rule["low"][k] <= value - other["value"] <= rule["high"][k] else SUSPECT


@njit(cache=True, nogil=True, forceinline=True)
def say(values: NDArray[np.void], rule: NDArray[np.void], at: int, value: float) -> int:
    """Say 1 of one believed reading if any of its neighbours agrees, 3 if none does, 0 if nobody knows."""
    said = 0
    for k in range(rule["known"]):
        said = _add(said, values[rule["who"][k]], rule, k, at, value)
    return said


@njit(cache=True, nogil=True, forceinline=True)
def keep(was: NDArray[np.void], at: int, value: float, clean: bool) -> None:
    """Remember a reading if it is clean: if no other test doubts it.

    Who disagrees with a neighbour is still one: of two, nobody knows which one lies.
    """
    if clean:
        was["at"], was["value"], was["seen"] = at, value, 1
