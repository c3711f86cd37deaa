"""Drift: a whole day that lies where this series has no days; no river stays away from its habits for all of a day and night.

The lowest reading of a day must not be higher than any lowest reading is in that month, nor the highest one lower. Dissolved
oxygen is also held against the station's own water temperature, as a share of what fresh water takes up at sea level: at night
a river breathes and makes no oxygen, so a day whose lowest share is higher than ever belongs to the probe. Height above the sea
is in what was learnt.

Bounds that were learnt elsewhere, or in another year, may not fit. So it counts how a day came to lie out there. With a jump, it
is the probe's, for as long as it lasts, up to two months. From the first day on, it is taken for this water's after ten days.
Slowly, it is taken for this water's after five days, and doubted only of a series that was at home for thirty before.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import DAY, HOUR
from detectors.domain.judged import Flag
from detectors.domain.series import station_of
from detectors.domain.site import Site
from detectors.quality.climatology import month_of
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
PARTS = 8  # of a day
LONG = 3 * HOUR
MOST_EMPTY = 1  # of them
FRESH = HOUR  # how old a temperature may be
LASTING = 3 * DAY  # after which it fails
FARTHER, SHARE = 4.0, 0.5  # times the largest step of late, and of the day's range, is a jump
FADING = 0.8  # of a largest step is left after each part of the day
NEAR = 2 * DAY  # a jump, or the beginning, so long before a day that lies elsewhere is why it does
BRIEF = 2 * DAY  # at home for no longer, it drifts on
JUMPED, BEGUN, SLOW, OTHERWISE = 0, 1, 2, 3  # how a drift came
AT_MOST = np.array([60 * DAY, 10 * DAY, 5 * DAY, 0])  # how long it is one
SETTLED = 30 * DAY  # at home for so long, a series may drift slowly
ANY = 1e300
TEMPERATURE = "temp"
RULE = np.dtype(
    [("below", "f8", (12,)), ("above", "f8", (12,)), ("saturation", "f8"), ("who", "i4"), ("on", "u1")], align=True
)  # the quantity's unit; a share; the row of the temperature plus one, or 0; off for a series that only is a temperature
MEMORY = np.dtype(
    [
        ("at", "i8"),
        ("value", "f8"),
        ("part", "i8"),
        ("bed", "f8", (PARTS,)),
        ("top", "f8", (PARTS,)),
        ("share", "f8", (PARTS,)),  # the lowest of each part
        ("low", "f8"),  # of all parts but the present one
        ("high", "f8"),
        ("least", "f8"),
        ("step", "f4"),  # the largest of the present part, from one reading to the next
        ("stride", "f4"),  # the largest before it, fading
        ("parts", "u1"),  # of them, those that have a reading
        ("shares", "u1"),
        ("since", "i8"),  # when the days began to lie elsewhere
        ("home", "i8"),  # when they began to lie where they do
        ("began", "i8"),  # the first reading after none for a day
        ("jumped", "i8"),  # the last reading that jumped
        ("how", "u1"),  # the drift came
        ("away", "u1"),
        ("drifted", "u1"),  # whether there was one
        ("seen", "u1"),
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series whose days are known, each with the temperature it needs."""
    known = {name: one for name, one in site.quality.usual.items() if one.days or not np.isnan(one.saturation)}
    return {name: () if np.isnan(one.saturation) else (_temperature(name),) for name, one in known.items()}


def _temperature(series: str) -> str:
    return f"{station_of(series)}/{TEMPERATURE}"


def of(site: Site, series: str, row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`."""
    below, above = np.full(12, -ANY), np.full(12, ANY)
    if series not in asked(site):
        return (below, above, ANY, 0, False)
    given = site.quality.usual[series]
    for span in sorted(given.days, key=lambda span: span.of):
        months = slice(None) if span.of == 0 else int(span.of) - 1
        below[months], above[months] = np.nan_to_num(span.low, nan=-ANY), np.nan_to_num(span.high, nan=ANY)
    if np.isnan(given.saturation):
        return (below, above, ANY, 0, True)
    return (below, above, given.saturation, row_of(_temperature(series)) + 1, True)


@njit(cache=True, nogil=True)
def share_of(oxygen: float, temperature: float) -> float:
    """The share of saturation at sea level, GB 3838-2002 table 1: 468 / (31.6 + t) mg/L."""
    return oxygen * (31.6 + temperature) / 468.0


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], part: int) -> None:
    """Begin a new part, and forget those that are a day old."""
    first = part - PARTS + 1
    if was["seen"]:
        first = max(first, int(was["part"]) + 1)
    for k in range(first, part + 1):
        was["bed"][k % PARTS], was["top"][k % PARTS], was["share"][k % PARTS] = ANY, -ANY, ANY
    was["stride"], was["step"] = max(FADING * was["stride"], was["step"]), 0.0
    was["part"], was["seen"], was["parts"], was["shares"] = part, 1, 0, 0
    was["low"], was["high"], was["least"] = was["bed"].min(), was["top"].max(), was["share"].min()
    for k in range(PARTS):
        was["parts"] += was["bed"][k] < ANY
        was["shares"] += was["share"][k] < ANY


@njit(cache=True, nogil=True)
def _hear(was: NDArray[np.void], at: int, value: float, on: bool) -> None:
    """Take in a believed reading, and whether it jumped; of a series that is only a temperature, the reading alone."""
    if at - was["at"] > DAY:
        was["began"], was["home"], was["drifted"] = at, at, 0
    step = abs(value - was["value"]) if was["seen"] else 0.0
    was["at"], was["value"] = at, value
    if not on:
        return
    if not was["seen"] or at // LONG != was["part"]:
        _turn(was, at // LONG)
    j = was["part"] % PARTS
    if step > FARTHER * max(was["step"], was["stride"]) > 0 and step > SHARE * (was["high"] - was["low"]):
        was["jumped"] = at
    was["step"] = max(was["step"], step)
    was["bed"][j], was["top"][j] = min(was["bed"][j], value), max(was["top"][j], value)


@njit(cache=True, nogil=True)
def _drifts(was: NDArray[np.void], rule: NDArray[np.void], month: int) -> bool:
    """Say whether the day up to now lies where there are no days."""
    j = was["part"] % PARTS
    if was["parts"] + 1 < PARTS - MOST_EMPTY:
        return False
    if min(was["low"], was["bed"][j]) > rule["above"][month] or max(was["high"], was["top"][j]) < rule["below"][month]:
        return True
    known = was["shares"] + (was["share"][j] < ANY)
    return bool(known >= PARTS - MOST_EMPTY and min(was["least"], was["share"][j]) > rule["saturation"])


@njit(cache=True, nogil=True)
def _said(was: NDArray[np.void], at: int, away: bool) -> int:
    """Take in whether the day up to an instant lies elsewhere; say 1, 3 or 4."""
    if not away:
        if was["away"]:
            was["home"] = at
        was["away"] = 0
        return GOOD
    if not was["away"]:
        if not was["drifted"] or at - was["home"] > BRIEF:
            was["since"] = at
            settled = was["home"] and at - was["home"] >= SETTLED
            was["how"] = SLOW if settled else OTHERWISE
            if at - was["began"] <= NEAR:
                was["how"] = BEGUN
        if was["jumped"] and at - was["jumped"] <= NEAR:
            was["how"] = JUMPED
        was["away"], was["drifted"] = 1, 1
    lasted = at - was["since"]
    if lasted >= AT_MOST[was["how"]]:
        return GOOD
    return FAIL if lasted >= LASTING else SUSPECT


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
    """Say 3 of each believed reading after which the day up to it has drifted, 4 once that has lasted; 1 of the others."""
    flag = np.zeros(len(row), np.uint8)
    known, month = np.int64(-1 << 40), 0  # the day whose month was worked out last
    for i in range(len(row)):
        own = seat[row[i]]
        if own < 0 or not believed[i]:
            continue
        was, limit = memory[own], rule[own]
        _hear(was, at[i], value[i], limit["on"])
        if not limit["on"]:
            continue
        if limit["who"]:
            water, j = memory[limit["who"] - 1], was["part"] % PARTS
            if water["at"] and abs(at[i] - water["at"]) <= FRESH:
                was["share"][j] = min(was["share"][j], share_of(value[i], water["value"]))
        if at[i] // DAY != known:
            known, month = at[i] // DAY, month_of(at[i] // DAY)
        flag[i] = _said(was, at[i], _drifts(was, limit, month))
    return flag
