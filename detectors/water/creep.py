"""Creep: whether a series lies far from what it was over days, although it never moved by the hour.

What is usual by the day is learnt like what is usual by the hour, over five days instead of six hours. Nothing is raised by it,
and nothing sooner: it only lets an event say that related quantities came there together, or that one probe came there alone.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import SECOND

FIELDS = (
    ("slow_mean", "f8"),
    ("slow_apart", "f8"),
    ("began", "i8"),  # the first reading, plus 1 ns; 0 = none yet
    ("taught", "i8"),  # the newest that was learnt from
    ("crept", "i1"),
)
EVERY = 300 * SECOND  # what takes days is looked at no more often; a memory of five days does not gain by more
DILUTED = 0.5  # of what a series has crept its neighbour must have, at least: the same water, and what has joined it
Slow = tuple[float, int, float, float]  # ns of memory, ns before anything is called usual, mean deviations, least share


@njit(cache=True, nogil=True)
def step(was: NDArray[np.void], at: int, value: float, doubted: bool, with_: Slow) -> None:
    """Hold one reading against what is usual by the day, and learn from it unless it is in doubt."""
    if at - was["taught"] < EVERY and was["began"] != 0:
        return
    _judge(was, at, value, with_)
    if not doubted:
        _learn(was, at, value, with_)
        was["taught"] = at


@njit(cache=True, nogil=True)
def _judge(was: NDArray[np.void], at: int, value: float, with_: Slow) -> None:
    """Say whether one reading has crept."""
    _, warm, move, least = with_
    apart = value - was["slow_mean"]
    was["crept"] = 0
    known = was["began"] != 0 and at - was["began"] >= warm
    if known and abs(apart) > max(move * was["slow_apart"], least * abs(was["slow_mean"])):
        was["crept"] = 1 if apart > 0 else -1


@njit(cache=True, nogil=True)
def _learn(was: NDArray[np.void], at: int, value: float, with_: Slow) -> None:
    """Learn from one reading; a tenth as fast from one that has crept."""
    if was["began"] == 0:
        was["began"], was["slow_mean"] = at + 1, value
        return
    apart = value - was["slow_mean"]
    pace = min(float((at - was["taught"]) / max(min(with_[0], float(at - was["began"])), 1.0)), 0.5)
    if was["crept"] != 0:
        pace = pace / 10
    was["slow_mean"] += pace * apart
    was["slow_apart"] += pace * (abs(apart) - was["slow_apart"])


@njit(cache=True, nogil=True)
def went(was: NDArray[np.void], other: NDArray[np.void], neighbour: bool) -> bool:
    """Say whether another series crept, too; a neighbour, which is the same quantity, by a like amount."""
    if other["crept"] == 0:
        return False
    far = DILUTED * abs(was["value"] - was["slow_mean"]) if neighbour else 0.0
    return bool(abs(other["value"] - other["slow_mean"]) >= far)
