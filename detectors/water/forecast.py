"""Forecasts: where a series will be within the next hours, by what it did in the days before.

Most of what a river does within a few hours it did yesterday at the same time. So the memory of a series holds the shape of
its day, a value for each hour, learnt a little anew each day. The forecast begins at the newest value and adds three things,
each by a weight: how the shape goes on from now; how strange the value is, which means how far from the shape (it falls back,
some of the way); and by how much stranger it became within the last hour (it goes on, some of the way). The weights for
1, 3 and 6 hours are learnt by least squares that forget within weeks and hear errors above the usual size no louder than that
(Huber, 1964). A river without a daily cycle loses the weight of the shape, and what is left is the newest value.

Around the forecast lie the bounds that its own errors have kept to: a twentieth of them lay below, a twentieth above. Each
error moves a bound by a small step (adaptive conformal inference: Gibbs and Candès, 2021). Between the hours that are learnt
weights and bounds are interpolated. What is not heard at least once in an hour teaches no weights, and gets no forecast.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import HOUR

DAY = 24  # hours
AHEAD = (1, 3, 6)  # hours that weights and bounds are learnt for
STEPS, STEP = 12, HOUR // 2  # of a forecast: every half hour for six hours
MOST_HOURS = STEPS * STEP / HOUR
RING = 8  # hours that learning looks back on
SHAPE_RATE = 0.25  # share of a new day in the shape
FORGET = 0.998  # what an hour leaves of what least squares knew: a half after two weeks
RIDGE = 1e-3  # share of its inputs by which least squares holds to its first belief: that all follows the shape
BOUND_RATE, BEYOND = (
    0.2,
    0.04,
)  # usual errors by which an error moves the bounds; the share beyond either: less than a twentieth, as bounds trail
LEARNT = 3 * DAY  # hours heard until there is a forecast, of which the first two days teach only the shape
MOST_VALUE = 1e15  # what is larger cannot be squared in single precision
FIELDS = (
    ("shape", "f4", (DAY,)),  # of the day, by the hour of UTC
    ("known", "f4", (RING,)),  # the first value of each of the last hours; NaN = none
    ("strange", "f4", (RING,)),  # how far it was from the shape
    ("gram", "f4", (3, 6)),  # least squares, for each of `AHEAD`: inputs with inputs
    ("moment", "f4", (3, 3)),  # and inputs with what came of it
    ("low", "f4", (3,)),  # a twentieth of errors lies below
    ("high", "f4", (3,)),  # and above
    ("hour", "i4"),  # the newest, since 1970 UTC
    ("heard", "u4"),  # hours heard
)


@njit(cache=True, nogil=True)
def _shape(was: NDArray[np.void], at: int) -> float:
    """The shape of the day at an instant."""
    hour = at // HOUR
    part = (at - hour * HOUR) / HOUR
    return float(was["shape"][hour % DAY] * (1 - part) + was["shape"][(hour + 1) % DAY] * part)


@njit(cache=True, nogil=True)
def _stranger(was: NDArray[np.void], at: int, strange: float) -> float:
    """By how much stranger the series became within the last hour; 0 if it was not heard then."""
    hour = at // HOUR
    part = (at - hour * HOUR) / HOUR
    change = strange - (was["strange"][(hour - 1) % RING] * (1 - part) + was["strange"][hour % RING] * part)
    return float(change) if np.isfinite(change) else 0.0


@njit(cache=True, nogil=True)
def weights(was: NDArray[np.void], j: int) -> tuple[float, float, float]:
    """What the shape's going on, strangeness and becoming stranger count for in `AHEAD[j]` hours: least squares in reason."""
    gram, moment = was["gram"][j], was["moment"][j]
    a, b, c = np.float64(gram[0]), np.float64(gram[1]), np.float64(gram[2])
    d, e, f = np.float64(gram[3]), np.float64(gram[4]), np.float64(gram[5])
    hold = RIDGE * (a + d + f)
    if not hold > 0:
        return 1.0, 0.0, 0.0
    a, d, f = a + hold, d + hold, f + hold
    x, y, z = moment[0] + hold, np.float64(moment[1]), np.float64(moment[2])
    d, e, y = d - b * b / a, e - b * c / a, y - b * x / a  # Gauss; `hold` keeps every pivot above zero
    f, z = f - c * c / a, z - c * x / a
    f, z = f - e * e / d, z - e * y / d
    third = z / f
    second = (y - e * third) / d
    first = (x - b * second - c * third) / a
    return min(max(first, 0.0), 1.2), min(max(second, -1.0), 0.3), min(max(third, -1.5), 1.5)


@njit(cache=True, nogil=True)
def _bound(was: NDArray[np.void], j: int, error: float) -> float:
    """Move the bounds by one error; say how large errors usually were before it."""
    size, usual = abs(error), (was["high"][j] - was["low"][j]) / 4
    if was["heard"] < LEARNT:  # the first errors are only averaged
        usual = usual + (size - usual) / 6 if usual > 0 else size
        was["low"][j], was["high"][j] = -2 * usual, 2 * usual
        return float(usual)
    usual = max(usual, 0.01 * size)
    stride = BOUND_RATE * usual
    was["low"][j] += stride * (BEYOND - (1.0 if error < was["low"][j] else 0.0))
    was["high"][j] -= stride * (BEYOND - (1.0 if error > was["high"][j] else 0.0))
    return float(usual)


@njit(cache=True, nogil=True)
def _learn(was: NDArray[np.void], j: int, at: int, value: float) -> None:
    """Learn from what came of the forecast made `AHEAD[j]` hours ago."""
    then = at // HOUR - AHEAD[j]
    start, strange = np.float64(was["known"][then % RING]), np.float64(was["strange"][then % RING])
    stranger, came = strange - was["strange"][(then - 1) % RING], value - start
    if np.isnan(came):
        return
    went = _shape(was, at) - (start - strange)  # the shape of these hours has not learnt from this day yet
    if np.isnan(stranger):
        stranger = 0.0
    by = weights(was, j)
    error = came - by[0] * went - by[1] * strange - by[2] * stranger
    usual = _bound(was, j, error)
    loud = 1.0 if abs(error) <= usual else usual / abs(error)
    gram, moment = was["gram"][j], was["moment"][j]
    gram[:], moment[:] = FORGET * gram, FORGET * moment
    gram[0] += loud * went * went
    gram[1] += loud * went * strange
    gram[2] += loud * went * stranger
    gram[3] += loud * strange * strange
    gram[4] += loud * strange * stranger
    gram[5] += loud * stranger * stranger
    moment[0] += loud * went * came
    moment[1] += loud * strange * came
    moment[2] += loud * stranger * came


@njit(cache=True, nogil=True)
def _reshape(was: NDArray[np.void], hour: int, strange: float) -> None:
    """Learn the shape of the hours that are over; those without a reading lie between those with one."""
    gone = hour - was["hour"]
    rate = 1.0 if was["heard"] < DAY else 0.5 if was["heard"] < 2 * DAY else SHAPE_RATE
    first = was["strange"][was["hour"] % RING]
    for k in range(gone):
        was["shape"][(was["hour"] + k) % DAY] += rate * (first + (strange - first) * k / gone)


@njit(cache=True, nogil=True)
def take(was: NDArray[np.void], at: int, value: float) -> None:
    """Learn from a good reading: the first of an hour; the readings of a series come in order."""
    hour = int(at // HOUR)
    new = was["heard"] == 0
    if (not new and hour <= was["hour"]) or not abs(value) < MOST_VALUE:
        return
    if new:
        was["shape"][:], was["hour"] = value, hour - 1 - RING
    gone = int(hour - was["hour"])
    strange = value - _shape(was, at)
    if gone > DAY:  # away for long: the shape stays, where it lies is taken anew
        was["shape"][:] += strange
        strange = 0.0
    elif not new:
        _reshape(was, hour, strange)
    for silent in range(max(hour - gone + 1, hour - RING), hour):
        was["known"][silent % RING] = was["strange"][silent % RING] = np.nan
    was["heard"] += 1 if new else min(gone, DAY)
    if was["heard"] > 2 * DAY:
        for j in range(len(AHEAD)):
            _learn(was, j, at, value)
    was["known"][hour % RING], was["strange"][hour % RING], was["hour"] = value, strange, hour


@njit(cache=True, nogil=True)
def fan(was: NDArray[np.void], at: int, value: float, out: NDArray[np.float64]) -> bool:
    """Write the forecast from a reading on into `out`, a row (value, low, high) for each step; False before it has learnt."""
    if was["heard"] < LEARNT or was["high"][2] <= was["low"][2]:
        return False
    here = _shape(was, at)
    strange = value - here
    stranger = _stranger(was, at, strange)
    known = np.zeros((len(AHEAD) + 1, 6))  # hours, three weights, two bounds
    for j in range(len(AHEAD)):
        known[j + 1, 0] = AHEAD[j]
        known[j + 1, 1], known[j + 1, 2], known[j + 1, 3] = weights(was, j)
        known[j + 1, 4], known[j + 1, 5] = min(was["low"][j], 0.0), max(was["high"][j], 0.0)
    known[0, 1] = known[1, 1]
    j = 0
    for k in range(STEPS):
        hours = (k + 1) * STEP / HOUR
        if hours > known[j + 1, 0]:
            j += 1
        part = (hours - known[j, 0]) / (known[j + 1, 0] - known[j, 0])
        mine, last = known[j + 1], known[j]
        went = _shape(was, at + (k + 1) * STEP) - here
        middle = value + (last[1] + part * (mine[1] - last[1])) * went
        middle += (last[2] + part * (mine[2] - last[2])) * strange + (last[3] + part * (mine[3] - last[3])) * stranger
        out[k, 0] = middle
        out[k, 1] = middle + last[4] + part * (mine[4] - last[4])
        out[k, 2] = middle + last[5] + part * (mine[5] - last[5])
    return True
