"""What a composite rule says: readings computed from others, and turns of an episode with what decided them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.domain.event import Level, Turn
from detectors.domain.site import Site

DERIVED = np.dtype([("e", "i8"), ("at", "i8"), ("value", "f8"), ("out", "i4")], align=True)
# `e` is the settled reading that caused it, as offered; `out` which of the unit's derived series


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One turn of an episode that a composite keeps: all of a grid event but its place."""

    rule: str  # "class:franklin"
    series: str
    turn: Turn
    matter: str
    level: Level
    since: int  # ns since 1970 UTC
    at: int  # ns since 1970 UTC
    value: float | None = None
    limit: float | None = None
    code: str = ""
    standard: str = ""
    tell: bool = False
    facts: Mapping[str, str | float] = field(default_factory=dict)


class Composite(Protocol):
    """What the court needs of a rule that makes new readings out of settled good ones; a module is one.

    Its unit is what it remembers by, a station or a series. All series that feed a unit must be of one station, because only a
    station's readings meet in one partition.
    """

    RULE: "np.dtype[np.void]"  # what the site tells it, one row a unit
    MEMORY: "np.dtype[np.void]"  # what it remembers, one row a unit
    OUTS: int  # how many series a unit can derive

    def unit_of(self, site: Site, series: str) -> tuple[str, int] | None:
        """The unit that a series feeds, and its slot there; None if it feeds none."""
        ...

    def of(self, site: Site, unit: str) -> tuple[object, ...] | None:
        """One row of `RULE`; None if the site has no such unit (any more)."""
        ...

    def series_of(self, unit: str, out: int) -> str:
        """The name of a derived series, "station/quantity[.part]"; it feeds no unit of this composite."""
        ...

    def step(
        self,
        memory: NDArray[np.void],
        rule: NDArray[np.void],
        unit: NDArray[np.int32],
        slot: NDArray[np.int32],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        young: NDArray[np.bool_],
        sooner: NDArray[np.uint8],
    ) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """Walk settled readings in order; say what they derive (`DERIVED`, in order of `e`) and the turns of episodes.

        `young` says of each reading whether it may be told, `sooner` whether a breach upward (1) or downward (2) is borne out by
        others, as limits are told. The turns are an array of the composite's own, with at least `e` and `unit`. Compiled; depends
        on nothing but its arguments, so that the law of cuts holds.
        """
        ...

    def finding(self, site: Site, unit: str, turned: np.void) -> Finding:
        """One row of what `step` said turned, in words."""
        ...
