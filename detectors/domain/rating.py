"""Ratings: names that people give to the state of a section or a basin, grades of black-odorous water, bounds of profiles."""

from dataclasses import dataclass

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from detectors.domain.section import WORSE

INF = float("inf")
STATISTICS = ("p95", "p90", "gm", "stv", "most", "least")
Span = tuple[float, float]  # from the first on, below the second


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One row of the table of ratings: which classes of a section, or which shares of a basin's sections, it is for."""

    scope: str  # "section" or "basin"
    zh: str
    en: str
    colour: str
    source: str
    first: int = 1  # best class
    last: int = WORSE
    good: Span = (-INF, INF)  # share of sections of classes I to III
    worse: Span = (-INF, INF)  # share of sections worse than V

    def __post_init__(self) -> None:
        if self.scope not in ("section", "basin"):
            raise Refused("a rating of neither section nor basin", self.scope)
        if not 1 <= self.first <= self.last <= WORSE:
            raise Refused("a rating of classes that are none", (self.first, self.last))
        if not (self.good[0] < self.good[1] and self.worse[0] < self.worse[1]):  # NaN fails too
            raise Refused("a rating of an empty span of shares", self.en)

    def holds(self, good: float, worse: float) -> bool:
        """Whether it is for a basin with these shares of good sections and of sections worse than V."""
        return self.good[0] <= good < self.good[1] and self.worse[0] <= worse < self.worse[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of black-odorous water: from `mild` on it is mild, beyond `severe` severe."""

    quantity: str
    below: bool  # whether less is worse
    mild: float
    severe: float
    source: str

    def __post_init__(self) -> None:
        if not (self.severe < self.mild if self.below else self.severe > self.mild):  # NaN fails too
            raise Refused("an indicator whose severe bound is not beyond its mild one", self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One row of a profile: what a statistic of a quantity may at most be for a class; at least, where it is a least."""

    profile: str
    quantity: str
    statistic: str
    level: str  # the class's name
    bound: float
    source: str

    def __post_init__(self) -> None:
        if self.quantity not in quantities():
            raise Refused("an unknown quantity", self.quantity)
        if self.statistic not in STATISTICS:
            raise Refused(f"a statistic that is none of {', '.join(STATISTICS)}", self.statistic)
        if not self.bound > 0:  # NaN fails too
            raise Refused("a bound that is not above zero", self.quantity)
