"""How far a repair reaches back: a successor makes a spike of the reading before it, or unmakes it."""

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import TESTS, Judged

_UNBELIEVED = np.uint16(1 << TESTS.index("gross_range") | 1 << TESTS.index("mark"))


class Reach:
    """From where on what is said of each series may be amended: its last believed reading before the stretch."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._first: dict[str, int] = {}

    def take(self, page: Judged, tests: NDArray[np.uint16]) -> None:
        """Look at a page, and at what the court just said of its rows."""
        batch = page.readings
        rows = np.flatnonzero((batch.at < self._start) & (tests & _UNBELIEVED == 0))
        last = dict(zip(batch.series[rows].tolist(), batch.at[rows].tolist(), strict=True))  # the last of each key stays
        self._first |= {batch.names[number]: at for number, at in last.items()}

    def within(self, page: Judged) -> NDArray[np.bool_]:
        """Which rows may be amended."""
        first = np.array([self._first.get(name, self._start) for name in page.readings.names], np.int64)
        found: NDArray[np.bool_] = page.readings.at >= first[page.readings.series]
        return found
