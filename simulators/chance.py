"""Chance that is a function of what it is asked about: the same seed and words, the same number, in any order."""

from hashlib import blake2b
from math import cos, log, pi, sqrt

_SPAN = float(1 << 64)


def uniform(seed: int, *words: object) -> float:
    """A number in (0, 1), equally likely everywhere, for this seed and these words."""
    return _two(seed, words)[0]


def gauss(seed: int, *words: object) -> float:
    """A number of the standard normal distribution for this seed and these words (Box and Muller)."""
    first, second = _two(seed, words)
    return sqrt(-2 * log(first)) * cos(2 * pi * second)


def _two(seed: int, words: tuple[object, ...]) -> tuple[float, float]:
    digest = blake2b(repr((seed, *words)).encode(), digest_size=16).digest()
    first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")
    return (first + 0.5) / _SPAN, (second + 0.5) / _SPAN
