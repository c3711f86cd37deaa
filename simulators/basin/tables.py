"""Tables: the constants of the basin and the waters that join in it, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Waters:
    """What one quantity is in the waters that make the river."""

    ground: float  # in the quantity's unit
    runoff: float
    wander: float  # how far it strays from day to day
    decay: float  # share a day that is lost on the way


@cache
def constants() -> Mapping[str, float]:
    """Every constant of `constants.csv` by its name."""
    return MappingProxyType({row["name"]: float(row["value"]) for row in rows(__name__, "constants.csv")})


@cache
def waters() -> Mapping[str, Waters]:
    """Every quantity that the water carries."""
    names = ("ground", "runoff", "wander", "decay")
    return MappingProxyType(
        {row["quantity"]: Waters(**{name: float(row[name]) for name in names}) for row in rows(__name__, "waters.csv")}
    )
