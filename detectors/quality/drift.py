"""Drift: a whole day that lies where this series has no days; no river stays away from its habits for all of a day and night.

The lowest reading of a day must not be higher than any lowest reading is in that month, nor the highest one lower. Dissolved
oxygen is also held against the station's own water temperature, as a share of what fresh water takes up at sea level: at night
a river breathes and makes no oxygen, so a day whose lowest share is higher than ever belongs to the probe. Height above the sea
is in what was learnt.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.series import station_of
from detectors.domain.site import Site
from detectors.quality.climatology import DAY, HOUR, month_of
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
PARTS = 8  # of a day
LONG = 3 * HOUR
MOST_EMPTY = 1  # of them
FRESH = HOUR  # how old a temperature may be
LASTING = 3 * DAY  # after which it fails
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
        ("parts", "u1"),  # of them, those that have a reading
        ("shares", "u1"),
        ("since", "i8"),  # when the drift was first said
        ("drifts", "u1"),
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
    was["part"], was["seen"], was["parts"], was["shares"] = part, 1, 0, 0
    was["low"], was["high"], was["least"] = was["bed"].min(), was["top"].max(), was["share"].min()
    for k in range(PARTS):
        was["parts"] += was["bed"][k] < ANY
        was["shares"] += was["share"][k] < ANY


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
        was["at"], was["value"] = at[i], value[i]
        if not limit["on"]:
            continue
        part = at[i] // LONG
        if not was["seen"] or part != was["part"]:
            _turn(was, part)
        j = part % PARTS
        was["bed"][j], was["top"][j] = min(was["bed"][j], value[i]), max(was["top"][j], value[i])
        if limit["who"]:
            water = memory[limit["who"] - 1]
            if water["at"] and abs(at[i] - water["at"]) <= FRESH:
                was["share"][j] = min(was["share"][j], share_of(value[i], water["value"]))
        if at[i] // DAY != known:
            known, month = at[i] // DAY, month_of(at[i] // DAY)
        drifts = _drifts(was, limit, month)
        if drifts and not was["drifts"]:
            was["since"] = at[i]
        was["drifts"] = drifts
        flag[i] = GOOD if not drifts else FAIL if at[i] - was["since"] >= LASTING else SUSPECT
    return flag
