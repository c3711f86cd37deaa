"""Weights: how much it takes to bear a breach out, from one table."""

from collections.abc import Mapping
from functools import cache

from detectors.domain.table import rows
from detectors.water.creep import Slow

With = tuple[float, int, float, float, int, int, int, Slow]  # what `confirm.step` takes


@cache
def settings() -> Mapping[str, float]:
    """The values of `confirm.csv`."""
    return {row["name"]: float(row["value"]) for row in rows(__name__, "confirm.csv")}


def numbers(given: Mapping[str, float]) -> With:
    """The settings as `With`: ns of memory, within, mean deviations, least share, readings, related, doubt; those of `creep`."""
    return (
        given["memory"] * 1e9,
        round(given["within"] * 1e9),
        given["move"],
        given["least"],
        int(given["warm"]),
        int(given["related"]),
        round(given["doubt"] * 1e9),
        (given["slow_memory"] * 1e9, round(given["slow_warm"] * 1e9), given["slow_move"], given["least"]),
    )
