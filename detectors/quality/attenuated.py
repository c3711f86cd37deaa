"""Attenuated signal: a series that hardly moves any more over hours, though it is not quite flat (QARTOD test 10).

The window is kept in at most nine cells, each an eighth of it long or one reading. Readings leave with the last of their cell,
so that a window of many readings is up to an eighth longer than was asked for, and one of at most eight is exact. Each cell
holds what can be added up: mean and squares for the standard deviation (Chan et al. 1979), lowest and highest for the range.
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
RULE = np.dtype(
    [("suspect", "f8"), ("fail", "f8"), ("enough", "f8"), ("over", "i8"), ("readings", "i8"), ("by_range", "u1")], align=True
)  # the quantity's unit, NaN = never; the range or variance that is good; ns; how many there must be; else by standard deviation
MEMORY = np.dtype(
    [
        ("a", "f8", (PARTS + 1,)),
        ("b", "f8", (PARTS + 1,)),
        ("last", "i8", (PARTS + 1,)),  # the newest reading of each cell
        ("n", "u4", (PARTS + 1,)),
        ("began", "i8"),  # the newest cell
        ("rest_a", "f8"),  # all cells but the newest as one
        ("rest_b", "f8"),
        ("rest_n", "u4"),
        ("used", "u1"),
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that say how lively they are."""
    habits = site.quality.habits
    return {name: () for name, one in habits.items() if not np.isnan([one.attenuated_suspect, one.attenuated_fail]).all()}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[float, ...]:
    """One row of `RULE`."""
    one = site.quality.habits[series]
    bounds, by_range = (one.attenuated_suspect, one.attenuated_fail), one.attenuated_by == "range"
    lively = max(float(np.nanmax(bounds)), 0.0)
    return (*bounds, lively if by_range else lively**2, round(one.attenuated_over * 1e9), one.attenuated_readings, by_range)


@njit(cache=True, nogil=True)
def _joined(a: float, b: float, n: int, c: float, d: float, m: int, by_range: bool) -> tuple[float, float]:
    """Two parts of a window as one."""
    if by_range:
        return min(a, c), max(b, d)
    apart, share = c - a, m / (n + m)
    return a + apart * share, b + d + apart * apart * n * share


@njit(cache=True, nogil=True)
def _close(was: NDArray[np.void], cell: int, by_range: bool) -> None:
    """Add a cell to the rest: it is not the newest any more."""
    a, b, n, m = was["a"][cell], was["b"][cell], int(was["rest_n"]), int(was["n"][cell])
    if n > 0:
        a, b = _joined(float(was["rest_a"]), float(was["rest_b"]), n, a, b, m, by_range)
    was["rest_a"], was["rest_b"], was["rest_n"] = a, b, n + m


@njit(cache=True, nogil=True)
def _forget(was: NDArray[np.void], until: int, by_range: bool) -> None:
    """Let go of the cells whose last reading is not newer than an instant."""
    gone, used = 0, int(was["used"])
    while gone < used and was["last"][gone] <= until:
        gone += 1
    for j in range(gone, used):
        was["a"][j - gone], was["b"][j - gone] = was["a"][j], was["b"][j]
        was["last"][j - gone], was["n"][j - gone] = was["last"][j], was["n"][j]
    was["used"], was["rest_n"] = used - gone, 0
    for j in range(used - gone - 1):
        _close(was, j, by_range)


@njit(cache=True, nogil=True)
def _take(was: NDArray[np.void], at: int, value: float, over: int, by_range: bool) -> None:
    """Put a reading into the newest cell, or into a new one when that is an eighth of the window old."""
    newest = int(was["used"]) - 1
    high = value if by_range else 0.0
    if newest >= 0 and at - was["began"] < over // PARTS:
        n = int(was["n"][newest])
        was["a"][newest], was["b"][newest] = _joined(was["a"][newest], was["b"][newest], n, value, high, 1, by_range)
        was["n"][newest], was["last"][newest] = n + 1, at
        return
    if newest >= 0:
        _close(was, newest, by_range)
    newest += 1
    was["a"][newest], was["b"][newest], was["n"][newest], was["last"][newest] = value, high, 1, at
    was["used"], was["began"] = newest + 1, at


@njit(cache=True, nogil=True)
def _moves(was: NDArray[np.void], limit: NDArray[np.void], by_range: bool) -> bool:
    """Say whether the cells before the newest one alone move enough: with it they move no less."""
    rest = int(was["rest_n"])
    if rest < limit["readings"] or rest == 0:
        return False
    if by_range:
        return bool(was["rest_b"] - was["rest_a"] >= limit["enough"])
    return bool(was["rest_b"] >= limit["enough"] * (rest + was["n"][was["used"] - 1]))


@njit(cache=True, nogil=True)
def _liveliness(was: NDArray[np.void], readings: int, by_range: bool) -> float:
    """The standard deviation or the range of the window, NaN if too few readings are in it."""
    newest, rest = int(was["used"]) - 1, int(was["rest_n"])
    a, b, n = was["a"][newest], was["b"][newest], int(was["n"][newest])
    if n + rest < readings:
        return np.nan
    if rest > 0:
        a, b = _joined(float(was["rest_a"]), float(was["rest_b"]), rest, a, b, n, by_range)
    return float(b - a if by_range else np.sqrt(b / (n + rest)))


@njit(cache=True, nogil=True, forceinline=True)
def say(was: NDArray[np.void], limit: NDArray[np.void], at: int, value: float) -> int:
    """Say 1, 3 or 4 of one believed reading by how much its series has moved up to it; 0 while too few readings are known."""
    by_range, over = bool(limit["by_range"] != 0), int(limit["over"])
    if was["used"] > 0 and was["last"][0] <= at - over:
        _forget(was, at - over, by_range)
    _take(was, at, value, over, by_range)
    if _moves(was, limit, by_range):
        return GOOD
    lively = _liveliness(was, int(limit["readings"]), by_range)
    if np.isnan(lively):
        return 0
    return FAIL if lively < limit["fail"] else SUSPECT if lively < limit["suspect"] else GOOD
