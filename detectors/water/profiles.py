"""Profiles: standards of other places than China, as bounds on statistics of a season's samples.

EU 2006/7/EC (bathing water), EPA (recreation, aquatic life), WHO (cyanobacteria). Percentiles are those of annex II of the
directive: the antilog of mean plus 1.65 (95 %) or 1.282 (90 %) standard deviations of the log10 of the samples.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.rating import Bound
from detectors.domain.table import rows

COLUMNS = ("profile", "quantity", "statistic", "class", "bound", "unit", "source")
DEVIATIONS = MappingProxyType({"p95": 1.65, "p90": 1.282, "gm": 0.0})
MAY_PASS = 0.1  # share of the samples that may be above a statistical threshold value (EPA 2012)


@cache
def profiles() -> tuple[Bound, ...]:
    """The rows of `profiles.csv`."""
    return tuple(bound_of(row) for row in rows(__name__, "profiles.csv"))


def bound_of(row: Mapping[str, str]) -> Bound:
    """One row of a table with `COLUMNS`.

    Raises:
        Refused: if the row is not one.
    """
    try:
        bound = float(row["bound"])
    except ValueError as fault:
        raise Refused("a bound that is no number", row["bound"]) from fault
    return Bound(
        profile=row["profile"],
        quantity=row["quantity"],
        statistic=row["statistic"],
        level=row["class"],
        bound=bound,
        source=row["source"],
    )


def is_met(bound: Bound, values: NDArray[np.float64]) -> bool:
    """Whether samples meet a bound; none do not."""
    if not len(values):
        return False
    if bound.statistic == "stv":
        return float((values > bound.bound).mean()) <= MAY_PASS
    if bound.statistic == "least":
        return bool(values.min() >= bound.bound)
    return statistic(bound.statistic, values) <= bound.bound


def statistic(name: str, values: NDArray[np.float64], detection: float = 1.0) -> float:
    """A percentile or geometric mean of samples, zeros taken as the detection limit; or the greatest."""
    if name == "most":
        return float(values.max())
    logs = np.log10(np.where(values > 0, values, detection))
    spread = float(logs.std(ddof=1)) if len(logs) > 1 else 0.0
    return float(10 ** (logs.mean() + DEVIATIONS[name] * spread))


def level_of(profile: str, samples: Mapping[str, NDArray[np.float64]], table: Sequence[Bound] = ()) -> str:
    """The best class of a profile all of whose bounds are met by the quantities that were sampled; "" if none is."""
    rows = [one for one in table or profiles() if one.profile == profile and one.quantity in samples]
    for level in dict.fromkeys(one.level for one in rows):
        if all(is_met(one, samples[one.quantity]) for one in rows if one.level == level):
            return level
    return ""
