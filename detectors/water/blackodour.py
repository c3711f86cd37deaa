"""Black-odorous water (城市黑臭水体): the grade of a sample, a point, a stretch and a whole water body.

城市黑臭水体整治工作指南 (2015). 0 is none, 1 mild, 2 severe. Which share of the data makes a point severe, and how many points a
stretch or a body, is from one source; that a point is mild by the same shares is inferred.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from detectors.domain.rating import Indicator
from detectors.domain.table import rows

COLUMNS = ("quantity", "worse", "mild", "severe", "source")
NONE, MILD, SEVERE = 0, 1, 2
ONE_SHARE = 0.6  # of the data of one indicator
TWO_SHARE, TWO = 0.3, 2  # of the data of so many indicators
IN_A_ROW = 3  # severe points that make their stretch severe
BODY_SHARE = 0.6  # of severe points that makes the whole body severe
SHALLOW, OF_DEPTH = 25.0, 0.4  # cm; in shallower water the bound of transparency is this share of the depth


@cache
def indicators() -> tuple[Indicator, ...]:
    """The rows of `blackodour.csv`."""
    return tuple(indicator_of(row) for row in rows(__name__, "blackodour.csv"))


def indicator_of(row: Mapping[str, str]) -> Indicator:
    """One row of a table with `COLUMNS`.

    Raises:
        Refused: if the row is not one.
    """
    if row["quantity"] not in quantities():
        raise Refused("an unknown quantity", row["quantity"])
    if row["worse"] not in ("below", "above"):
        raise Refused("worse is neither below nor above", row["worse"])
    try:
        mild, severe = float(row["mild"]), float(row["severe"])
    except ValueError as fault:
        raise Refused("an indicator with a bound that is no number", dict(row)) from fault
    return Indicator(quantity=row["quantity"], below=row["worse"] == "below", mild=mild, severe=severe, source=row["source"])


def bounds(indicator: Indicator, depth: float = float("inf")) -> tuple[float, float]:
    """From where on a value is mild, and beyond what it is severe; `depth` of the water in cm, if known, for transparency."""
    if indicator.quantity == "transparency" and depth < SHALLOW:
        return OF_DEPTH * depth, min(indicator.severe, OF_DEPTH * depth)
    return indicator.mild, indicator.severe


def grades(indicator: Indicator, values: NDArray[np.float64], depth: float = float("inf")) -> NDArray[np.uint8]:
    """The grade of each value; `depth` of the water in cm, if known, for transparency."""
    mild, severe = bounds(indicator, depth)
    is_severe = values < severe if indicator.below else values > severe
    is_mild = values <= mild if indicator.below else values >= mild
    return np.where(is_severe, SEVERE, np.where(is_mild, MILD, NONE)).astype(np.uint8)


def point(of_each: Mapping[str, NDArray[np.uint8]]) -> int:
    """The grade of a point, from the grades of each indicator's data."""
    for grade in (SEVERE, MILD):
        shares = [float((found >= grade).mean()) for found in of_each.values() if len(found)]
        if max(shares, default=0.0) >= ONE_SHARE or sum(share >= TWO_SHARE for share in shares) >= TWO:
            return grade
    return NONE


def stretches(points: Sequence[int]) -> tuple[int, ...]:
    """The grade of the stretch that each point stands for, points in the order of the water: severe where enough in a row are."""
    out = [min(grade, MILD) for grade in points]
    run = 0
    for i, grade in enumerate([*points, NONE]):
        if grade == SEVERE:
            run += 1
            continue
        if run >= IN_A_ROW:
            out[i - run : i] = [SEVERE] * run
        run = 0
    return tuple(out)


def body(points: Sequence[int]) -> int:
    """The grade of a whole water body: severe if enough of its points are, mild if any point is black-odorous at all."""
    if not points:
        return NONE
    if sum(grade == SEVERE for grade in points) / len(points) >= BODY_SHARE:
        return SEVERE
    return MILD if any(points) else NONE
