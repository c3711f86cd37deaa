"""Location: a position on no globe, a leap, or one too far from where the station stands (QARTOD test 3).

A device that knows where it is says so as two quantities, `lon` and `lat`. The second of a pair with the same instant bears
what is said of the position.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.series import quantity_of, series_of, station_of
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
EARTH = 6_371_000.0  # m, the mean radius
OTHER = {"lon": "lat", "lat": "lon"}
RULE = np.dtype(
    [("lon", "f8"), ("lat", "f8"), ("step", "f8"), ("away", "f8"), ("who", "i4"), ("is_lat", "u1")], align=True
)  # the station's place in degrees; metres from the position before and from the place, NaN = any; the row of the other one
MEMORY = np.dtype(
    [("at", "i8"), ("value", "f8"), ("lon", "f8"), ("lat", "f8"), ("seen", "u1"), ("placed", "u1")], align=True
)  # its newest reading; the newest position that was completed by it


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """Longitude and latitude of each station that has a mooring."""
    return {series_of(name, one): (series_of(name, two),) for name in site.quality.moorings for one, two in OTHER.items()}


def of(site: Site, series: str, row_of: RowOf) -> tuple[float, ...]:
    """One row of `RULE`."""
    station, axis = station_of(series), quantity_of(series)
    given, place = site.quality.moorings[station], site.stations[station].place
    return (*place, given.step, given.away, row_of(series_of(station, OTHER[axis])), axis == "lat")


@njit(cache=True, nogil=True)
def metres(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """The way over the globe between two positions in degrees (haversine)."""
    north, east = np.radians(to_lat - lat), np.radians(to_lon - lon)
    part = np.sin(north / 2) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(to_lat)) * np.sin(east / 2) ** 2
    return float(2 * EARTH * np.arcsin(np.sqrt(min(part, 1.0))))


@njit(cache=True, nogil=True)
def _judged(was: NDArray[np.void], limit: NDArray[np.void], lon: float, lat: float) -> int:
    """Say 1, 3 or 4 of a whole position, and keep it if it lies on the globe."""
    if abs(lon) > 180 or abs(lat) > 90:
        return FAIL
    from_place = metres(float(limit["lon"]), float(limit["lat"]), lon, lat)
    from_last = metres(float(was["lon"]), float(was["lat"]), lon, lat) if was["placed"] else 0.0
    was["lon"], was["lat"], was["placed"] = lon, lat, 1
    return SUSPECT if from_place > limit["away"] or from_last > limit["step"] else GOOD


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
    """Say 1, 3 or 4 of each believed coordinate that completes a position, 4 of one that cannot be; 0 of the first of a pair."""
    flag = np.zeros(len(row), np.uint8)
    for i in range(len(row)):
        own = seat[row[i]]
        if own < 0 or not believed[i]:
            continue
        was, limit = memory[own], rule[own]
        was["at"], was["value"], was["seen"] = at[i], value[i], 1
        other = memory[limit["who"]]
        if other["seen"] and other["at"] == at[i]:
            lon, lat = (other["value"], value[i]) if limit["is_lat"] else (value[i], other["value"])
            flag[i] = _judged(was, limit, lon, lat)
        elif abs(value[i]) > (90 if limit["is_lat"] else 180):
            flag[i] = FAIL
    return flag
