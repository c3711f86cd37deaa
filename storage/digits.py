"""Numbers as decimal digits in a byte buffer, compiled.

A sensor's value is a decimal with few places, so for k = 0, 1, … try the whole number m nearest to value * 10^k: while
m < 2^53 and 10^k <= 10^22 both are exact doubles, and IEEE 754 division is correctly rounded, as is every reader of
decimals; so m / 10^k == value proves that the text "m with k places" reads back as this very value (W. D. Clinger,
How to Read Floating Point Numbers Accurately, PLDI 1990). Values without such a k take Python's shortest repr.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

MANY = -1  # places of a value with more digits than the quick way knows
_MOST_PLACES = 12
_POWERS = np.array([10.0**k for k in range(_MOST_PLACES + 1)])
_EXACT = 2.0**53
_POINT, _MINUS, _ZERO = ord("."), ord("-"), ord("0")


@njit(cache=True)
def decimals(value: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """The digits of each finite value, without sign, as a whole number, and its places behind the point, or MANY."""
    digits = np.zeros(len(value), np.int64)
    places = np.full(len(value), MANY, np.int64)
    for i in range(len(value)):
        size = abs(value[i])
        for k in range(len(_POWERS)):
            whole = np.rint(size * _POWERS[k])
            if not whole < _EXACT:
                break
            if whole / _POWERS[k] == size:
                digits[i], places[i] = np.int64(whole), k
                break
    return digits, places


@njit(cache=True)
def put_decimal(out: Bytes, to: int, digits: int, places: int) -> int:
    """Digits >= 0, the last `places` of them behind a point, at `to`; where they end."""
    width, rest = 1, digits // 10
    while rest > 0:
        width, rest = width + 1, rest // 10
    if places > 0:
        width = max(width, places + 1) + 1
    for i in range(width - 1, -1, -1):
        if places > 0 and i == width - 1 - places:
            out[to + i] = _POINT
        else:
            out[to + i] = _ZERO + digits % 10
            digits //= 10
    return to + width


@njit(cache=True)
def put_integer(out: Bytes, to: int, number: int) -> int:
    """Any int64 at `to`; where it ends."""
    if number >= 0:
        return put_decimal(out, to, number, 0)
    out[to] = _MINUS
    to += 1
    rest, last = -(number + 1) // 10, -(number + 1) % 10 + 1  # the smallest int64 has no positive twin
    if last == 10:
        rest, last = rest + 1, 0
    if rest > 0:
        to = put_decimal(out, to, rest, 0)
    out[to] = _ZERO + last
    return to + 1
