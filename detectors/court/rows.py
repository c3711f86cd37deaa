"""Rows: which row a series, a station and a limit have in the tables of one partition."""

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court.register import Register
from detectors.court.rulebook import WITH_MEMORY, WITH_RULE, Rulebook, Table
from detectors.court.seats import SEAT, Seats
from detectors.domain.series import station_of
from detectors.domain.site import Limit
from detectors.limits import limit as limits
from detectors.limits import silence

PLACE = np.dtype([("first", "i4"), ("last", "i4"), ("station", "i4")])  # the rows of its limits; the row of its station
FEED = np.dtype([("unit", "i4"), ("slot", "i4")])  # of a composite: the row of the unit it feeds plus one, or 0; which input
OVERHEAD = 64  # bytes of a block that a row may cost beside its tables and names
REMEMBERED = {name: rule.MEMORY for name, rule in WITH_MEMORY.items()}
SERIES = REMEMBERED | {f"{name}.rule": rule.RULE for name, rule in WITH_RULE.items()} | {"place": PLACE, "seat": SEAT}


@njit(cache=True, nogil=True)
def of_each(of_names: NDArray[np.int32], series: NDArray[np.int32]) -> NDArray[np.int32]:
    """The row of each reading, out of those of a batch's names; several times as fast as NumPy, which doubts the edge."""
    row = np.empty(len(series), np.int32)
    for i in range(len(series)):
        row[i] = of_names[series[i]]
    return row


class Rows:
    """Who has which row; whoever is heard of for the first time gets a blank one."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.series = Register(SERIES | {f"{name}.feed": FEED for name in book.composites})
        self.stations = Register({"silence": silence.MEMORY, "silence.rule": silence.RULE})
        self.limits = Register({"limit": limits.MEMORY, "limit.rule": limits.RULE})
        self.limit_of: list[Limit] = []  # beside the rows of `limits`
        self.seats = Seats(book.site)
        self.units = {
            name: Register({"memory": rule.MEMORY, "rule": rule.RULE, "out": np.dtype([("row", "i4", (rule.OUTS,))])})
            for name, rule in book.composites.items()
        }  # of each composite; `out`: the rows of its derived series plus one, or 0
        self.gathered: dict[tuple[str, ...], tuple[Table, ...]] = {}  # tables by who takes them, until anybody is met
        self._latest: tuple[tuple[str, ...], NDArray[np.int32]] = ((), np.zeros(0, np.int32))  # names asked for, and their rows

    def rows_of(self, names: Sequence[str]) -> NDArray[np.int32]:
        """The row of each series, not to be written to; one that was never heard of gets one."""
        rows = self.series.rows
        if names == self._latest[0]:  # the same stations send the same series, record after record
            return self._latest[1]
        try:
            found = np.fromiter(map(rows.__getitem__, names), np.int32, len(names))
        except KeyError:
            self.meet([name for name in names if name not in rows])
            return self.rows_of(names)
        found.flags.writeable = False
        self._latest = (tuple(names), found)
        return found

    def meet(self, names: Sequence[str], block: int | None = None) -> None:
        """Give rows to new series, their limits and their stations."""
        self.gathered.clear()  # a longer table is another one
        names = list(dict.fromkeys(names))
        given = {f"{rule}.rule": self.book.rows(rule, names) for rule in WITH_RULE}
        of_station = [station_of(name) for name in names]
        self.know([station for station in dict.fromkeys(of_station) if station not in self.stations.rows])
        bounds = [(self._take_limits(name), len(self.limits), self.stations.rows[station])
                  for name, station in zip(names, of_station, strict=True)]  # fmt: skip
        given |= {"place": np.array(bounds, PLACE), "seat": self.seats.meet(names)}
        given |= {f"{composite}.feed": self._feed(composite, names) for composite in self.units}
        start = self.series.add(names, given).start
        fixed = sum(dtype.itemsize for dtype in REMEMBERED.values()) + OVERHEAD
        for row, name in enumerate(names, start):
            own = sum(limits.MEMORY.itemsize + OVERHEAD + len(limit.name.encode()) for limit in self.book.limits_of(name))
            self.series.place(row, fixed + len(name.encode()) + own, block)

    def _take_limits(self, series: str) -> int:
        """Give rows to the limits of one series; say which is the first."""
        given = self.book.limits_of(series)
        first = len(self.limits)
        if given:
            self.limits.add([f"{series}\n{limit.name}" for limit in given], {"limit.rule": self.book.limit_rows(given)})
            self.limit_of += given
        return first

    def _feed(self, composite: str, names: Sequence[str]) -> NDArray[np.void]:
        """Which units series feed; new units get rows."""
        fed = [self.book.composites[composite].unit_of(self.book.site, name) for name in names]
        self.join(composite, [unit for unit, _ in filter(None, fed)])
        rows = self.units[composite].rows
        return np.array([(rows[to[0]] + 1, to[1]) if to else (0, 0) for to in fed], FEED)

    def join(self, composite: str, units: Sequence[str], block: int | None = None) -> None:
        """Give rows to new units of a composite; what the site does not know is left out."""
        rule, register = self.book.composites[composite], self.units[composite]
        told = {unit: rule.of(self.book.site, unit) for unit in units if unit not in register.rows}
        new = {unit: row for unit, row in told.items() if row is not None}
        if not new:
            return
        start = register.add(list(new), {"rule": np.array(list(new.values()), rule.RULE)}).start
        for row, name in enumerate(new, start):
            register.place(row, rule.MEMORY.itemsize + OVERHEAD + len(name.encode()), block)

    def know(self, stations: Sequence[str], block: int | None = None) -> None:
        """Give rows to new stations."""
        if not stations:
            return
        start = self.stations.add(stations, {"silence.rule": self.book.silence_rows(stations)}).start
        for row, name in enumerate(stations, start):
            self.stations.place(row, silence.MEMORY.itemsize + OVERHEAD + len(name.encode()), block)
