"""Silence: a station that has not been heard for longer than it may."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

RULE = np.dtype([("after", "i8")])  # ns; 0 = never
MEMORY = np.dtype([("heard", "i8"), ("since", "i8"), ("known", "u1"), ("silent", "u1")], align=True)
HEARD = np.dtype([("i", "i8"), ("since", "i8")])


def of(seconds: float) -> tuple[int]:
    """One row of `RULE`."""
    return (round(seconds * 1e9),)


@njit(cache=True, nogil=True, forceinline=True)
def hear(was: NDArray[np.void], got: int) -> bool:
    """Take note that a reading of a station was received; say whether a silence ended with it, that has lasted since `since`."""
    if was["known"] and got <= was["heard"]:
        return False
    ended = bool(was["silent"])
    was["heard"], was["known"], was["silent"] = got, 1, 0
    return ended


@njit(cache=True, nogil=True)
def step(memory: NDArray[np.void], rule: NDArray[np.void], instant: int) -> NDArray[np.int64]:
    """Judge all stations against one tick; say which fell silent."""
    fell = np.empty(len(memory), np.int64)
    n = 0
    for station in range(len(memory)):
        was, after = memory[station], rule[station]["after"]
        if was["known"] and after > 0 and not was["silent"] and instant - was["heard"] > after:
            was["silent"], was["since"] = 1, was["heard"]
            fell[n] = station
            n += 1
    return fell[:n]
