"""Seated tests: those that few series ask for, so that only these have a row in their tables.

Such a test is a module with `RULE`, perhaps `MEMORY`, and two functions that say who asks for it and with what. It has `say` of
one reading, which a pass compiles in, or a `step` over a batch. The row of a series stands in `seat`: -1 for one that takes no
part, which costs nothing more.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from detectors.domain.site import Site

RowOf = Callable[[str], int]


class Seated(Protocol):
    """What the court needs of such a test."""

    RULE: "np.dtype[np.void]"

    def asked(self, site: Site) -> Mapping[str, tuple[str, ...]]:
        """The series that ask for it, each with the other series that it needs beside it."""
        ...

    def of(self, site: Site, series: str, row_of: RowOf) -> tuple[object, ...]:
        """One row of `RULE`; `row_of` says the row of another series."""
        ...
