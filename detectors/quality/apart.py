"""Apart: a series that drifts away from its neighbour's, slowly or at once, and of the two the one that moved.

Held against each other are days, not readings: the median of eight means of three hours, of the series less its neighbour. So a
flood on its way, a cloud or a spike say nothing. Where the days lie apart as they never did, that series is doubted which has
moved farther since the two last lay as they do. Two that never did were not learnt here: nothing is said of them.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import DAY, HOUR
from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
PARTS, LONG = 8, 3 * HOUR  # of a day
ENOUGH = 6  # parts of a day that are known
HOME = 0.25  # of the span from low to high, inside which the two lie as they do
LASTING = 3 * DAY  # after which it fails
AT_MOST = 60 * DAY  # after which it is taken for how they lie
RULE = np.dtype([("within", "i8"), ("low", "f8"), ("high", "f8"), ("who", "i4"), ("on", "u1")], align=True)
MEMORY = np.dtype(
    [
        ("at", "i8"),  # the newest believed reading
        ("value", "f8"),
        ("part", "i8"),
        ("own", "f8", (PARTS,)),  # means of the parts before the present one; NaN = nothing is known
        ("apart", "f8", (PARTS,)),
        ("own_total", "f8"),  # of the present one
        ("apart_total", "f8"),
        ("n", "u4"),
        ("home", "i8"),  # when the two last lay as they do; 0 = never
        ("home_own", "f8"),
        ("home_apart", "f8"),
        ("since", "i8"),  # when they began to lie apart
        ("away", "u1"),
        ("said", "u1"),  # of the day before the present part
        ("seen", "u1"),
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series of which it is known how far they lie from a neighbour's, each with its first such neighbour."""
    found: dict[str, tuple[str, ...]] = {}
    for one in site.quality.neighbours:
        if not np.isnan([one.drift_low, one.drift_high]).all():
            found.setdefault(one.series, (one.neighbour,))
    return found


def of(site: Site, series: str, row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`."""
    if series not in asked(site):
        return (0, np.nan, np.nan, 0, False)
    other = asked(site)[series][0]
    given = next(one for one in site.quality.neighbours if (one.series, one.neighbour) == (series, other))
    low, high = np.nan_to_num(given.drift_low, nan=-np.inf), np.nan_to_num(given.drift_high, nan=np.inf)
    return (round(given.within * 1e9), low, high, row_of(other), True)


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], part: int) -> None:
    """End the present part; forget what is a day old."""
    if not was["seen"] or part - was["part"] > PARTS:
        was["own"][:], was["apart"][:] = np.nan, np.nan
    elif was["n"]:
        j = was["part"] % PARTS
        was["own"][j], was["apart"][j] = was["own_total"] / was["n"], was["apart_total"] / was["n"]
    for k in range(max(int(was["part"]) + 1, part - PARTS), part):
        was["own"][k % PARTS], was["apart"][k % PARTS] = np.nan, np.nan
    was["part"], was["seen"], was["n"], was["own_total"], was["apart_total"] = part, 1, 0, 0.0, 0.0


@njit(cache=True, nogil=True)
def _said(was: NDArray[np.void], limit: NDArray[np.void], at: int) -> int:
    """Say 1, 3 or 4 of the day before an instant; 0 where too little is known."""
    if np.isfinite(was["apart"]).sum() < ENOUGH:
        return 0
    own, apart = np.nanmedian(was["own"]), np.nanmedian(was["apart"])
    if limit["low"] <= apart <= limit["high"]:
        was["away"], inner = 0, HOME * (limit["high"] - limit["low"])
        if not np.isfinite(inner) or limit["low"] + inner <= apart <= limit["high"] - inner:
            was["home"], was["home_own"], was["home_apart"] = at, own, apart
        return GOOD
    if not was["home"]:
        return 0
    if not was["away"]:
        was["away"], was["since"] = 1, at
    moved, parted = own - was["home_own"], apart - was["home_apart"]
    if abs(moved) < abs(moved - parted) or at - was["since"] >= AT_MOST:
        return GOOD
    return FAIL if at - was["since"] >= LASTING else SUSPECT


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    seat: NDArray[np.int32],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Say 3 of each believed reading before which the days lie apart, 4 once that has lasted, 1 of the others; 0 = unknown."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        own = seat[row[i]]
        if own < 0 or not believed[i]:
            continue
        was, limit = memory[own], rule[own]
        was["at"], was["value"] = at[i], value[i]
        if not limit["on"]:
            continue
        if not was["seen"] or at[i] // LONG != was["part"]:
            _turn(was, at[i] // LONG)
            was["said"] = _said(was, limit, at[i])
        other = memory[limit["who"]]
        if other["at"] and abs(at[i] - other["at"]) <= limit["within"]:
            was["own_total"] += value[i]
            was["apart_total"] += value[i] - other["value"]
            was["n"] += 1
        flag[i] = was["said"]
    return flag
