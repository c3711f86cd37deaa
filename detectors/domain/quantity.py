"""Quantities: short lower-case names, one unit each, from one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows

COMPUTED = frozenset({"class", "multiple", "blackodour", "flowshare", "unlikely", "forecast"})  # out of others, by us


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What is measured, in the one unit riverwatch keeps it in."""

    name: str
    unit: str
    zh: str
    en: str
    hj212: str  # the code of HJ 212-2017 Table B.1, or "" where it has none
    source: str


@cache
def quantities() -> Mapping[str, Quantity]:
    """Every quantity of `quantities.csv` by its name."""
    return MappingProxyType({row["name"]: Quantity(**row) for row in rows(__name__, "quantities.csv")})
