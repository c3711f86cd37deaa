"""Trust: how many of a machine's reports must be right to be told unasked, by matter; what is not named is always told."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detectors.domain.table import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The bound under which telling is withdrawn."""

    last: int  # reviewed reports that count, newest first
    least: int  # reviewed reports before anything is withdrawn
    bound: float  # share of them that must be right
    source: str

    def is_lost(self, right: int, reviewed: int) -> bool:
        """Whether so few of the last reviewed reports were right that people look before anybody is told."""
        return reviewed >= self.least and right < self.bound * reviewed


@cache
def trusts() -> Mapping[str, Trust]:
    """The bounds of `trust.csv`, by matter."""
    return MappingProxyType({row["matter"]: _trust(row) for row in rows(__name__, "trust.csv")})


def _trust(row: dict[str, str]) -> Trust:
    return Trust(last=int(row["last"]), least=int(row["least"]), bound=float(row["bound"]), source=row["source"])
