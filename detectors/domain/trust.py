"""Trust: how many of a machine's reports must be right to be told unasked, by matter; what is not named is always told."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


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
    table = (files(__package__) / "trust.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["matter"]: _trust(row) for row in csv.DictReader(table.splitlines())})


def _trust(row: dict[str, str]) -> Trust:
    return Trust(last=int(row["last"]), least=int(row["least"]), bound=float(row["bound"]), source=row["source"])
