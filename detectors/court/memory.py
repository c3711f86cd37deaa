"""Memory: all that the rules of one partition remember, in blocks that can be stored apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detectors.court import freeze
from detectors.court.register import Register
from detectors.court.rows import REMEMBERED, Rows
from detectors.court.rulebook import Rulebook, Table
from detectors.domain.batch import Batch

SEATS = "quality-"  # before the names of seated tests in those of blocks


class Memory(Rows):
    """What one partition remembers; made blank or thawed, changed by judging, stored in blocks.

    A block need not be stored in the same instant as the others: each knows the newest record that is in it, and `fresh`
    leaves out what a block has already.
    """

    def __init__(self, book: Rulebook) -> None:
        super().__init__(book)
        self.newest = 0  # the newest `got` judged, ns since 1970 UTC
        self.offset = -1  # of the newest record judged, if the court is told of them
        self.restored = np.zeros(0, np.int64)  # for each block of series: the offset it was thawed with

    def counts(self) -> dict[str, tuple[int, int, int, int]]:
        """For each station how many readings were received, judged, history and repeated, since the memory was blank."""
        order, known = self.series["order"][: len(self.series)], len(self.stations)
        station = self.series["place"]["station"][: len(self.series)]
        of_each = np.zeros((known, 3), np.int64)
        for column, outcome in enumerate(("judged", "history", "repeated")):
            np.add.at(of_each[:, column], station, order[outcome])
        return {name: (j + h + r, j, h, r) for name, (j, h, r) in zip(self.stations.names, of_each.tolist(), strict=True)}

    def fresh(self, batch: Batch, offset: int) -> Batch:
        """The batch without the readings of blocks that have it already: those thawed from a state newer than `offset`."""
        if offset < 0 or not (self.restored >= offset).any():
            return batch
        row = self.rows_of(batch.names)
        has = np.append(self.restored, np.full(len(self.series.weights) - len(self.restored), -1)) >= offset
        keep = ~has[self.series.block[row]][batch.series]
        return Batch(
            names=batch.names,
            series=batch.series[keep],
            at=batch.at[keep],
            value=batch.value[keep],
            mark=batch.mark[keep],
            seq=batch.seq[keep],
            got=batch.got[keep],
        )

    def blocks(self, changed_only: bool = True) -> dict[str, bytes]:
        """Blocks of at most 512 KiB, by name, that `Court.thaw` makes this memory of again; they are clean from now on."""
        out = {}
        registers: list[tuple[str, Register, Callable[[NDArray[np.int64]], freeze.FrozenBlock]]] = [
            ("series", self.series, self._series),
            ("stations", self.stations, self._stations),
        ]
        registers += [(name, units, partial(self._units, units)) for name, units in self.units.items()]
        registers += [(f"{SEATS}{test}", seats, partial(self._units, seats)) for test, seats in self._remembering()]
        for kind, register, freeze_one in registers:
            chosen = sorted(register.changed) if changed_only else range(len(register.weights))
            for block, rows in register.members(chosen).items():
                out[f"{kind}.{block:05}"] = freeze.to_bytes(freeze_one(rows))
            register.changed.clear()
        return out

    def _series(self, rows: NDArray[np.int64]) -> freeze.FrozenBlock:
        names = tuple(self.series.names[row] for row in rows)
        tables = {name: freeze.frozen(self.series[name][rows]) for name in REMEMBERED}
        place = self.series["place"][rows]
        own = [(i, limit) for i, at in enumerate(place) for limit in range(at["first"], at["last"])]
        tables["limit"] = freeze.frozen(self.limits["limit"][[limit for _, limit in own]])
        told = tuple((i, self.limit_of[limit].name) for i, limit in own)
        return freeze.FrozenBlock(self.offset, names, tables, told, self.newest)

    def _stations(self, rows: NDArray[np.int64]) -> freeze.FrozenBlock:
        names = tuple(self.stations.names[row] for row in rows)
        return freeze.FrozenBlock(self.offset, names, {"silence": freeze.frozen(self.stations["silence"][rows])}, (), self.newest)

    def _units(self, units: Register, rows: NDArray[np.int64]) -> freeze.FrozenBlock:
        names = tuple(units.names[row] for row in rows)
        return freeze.FrozenBlock(self.offset, names, {"memory": freeze.frozen(units["memory"][rows])}, (), self.newest)

    @classmethod
    def thaw(cls, book: Rulebook, blocks: Mapping[str, bytes]) -> "Memory":
        """The memory that wrote these blocks; what the site has no rule for any more is left out.

        Raises:
            Refused: if a block is something else.
        """
        memory = cls(book)
        offsets: dict[int, int] = {}
        seats = {f"{SEATS}{test}": register for test, register in memory._remembering()}
        for key in sorted(blocks, key=lambda key: (key.startswith(("series.", "stations.")), key)):  # units before who feeds them
            kind, _, number = key.partition(".")
            block, tables = freeze.from_bytes(blocks[key])
            memory.newest = max(memory.newest, block.instant)
            memory.offset = max(memory.offset, block.offset)
            if kind in seats:
                memory.seats.sit(kind.removeprefix(SEATS), block.names, int(number))
                _fill(seats[kind], block.names, tables)
            elif kind in memory.units:
                memory.join(kind, block.names, int(number))
                _fill(memory.units[kind], block.names, tables)
            elif kind == "stations":
                memory.know([name for name in block.names if name not in memory.stations.rows], int(number))
                _fill(memory.stations, block.names, tables)
            elif kind == "series":
                offsets[int(number)] = block.offset
                memory.meet([name for name in block.names if name not in memory.series.rows], int(number))
                _fill(memory.series, block.names, tables)
                memory._recall(block, tables)
        memory.restored = np.array([offsets.get(block, -1) for block in range(len(memory.series.weights))], np.int64)
        for register in (memory.series, memory.stations, *memory.units.values(), *seats.values()):
            register.changed.clear()
        return memory

    def _remembering(self) -> Iterator[tuple[str, Register]]:
        """The seats of tests that remember anything."""
        return ((test, register) for test, register in self.seats.of.items() if "memory" in register.tables)

    def touch(self, of_names: NDArray[np.signedinteger]) -> None:
        """Mark what is remembered of these series and their stations as changed."""
        self.series.touch(of_names)
        if not self.stations.is_all_changed:
            self.stations.touch(self.series["place"]["station"][of_names])
        self.seats.touch(self.series["seat"], of_names)

    def _recall(self, block: freeze.FrozenBlock, tables: Mapping[str, Table]) -> None:
        """Bring back the memory of limits that still stand, by the names of their series and their own."""
        if "limit" in tables:
            _fill(self.limits, [f"{block.names[row]}\n{name}" for row, name in block.limits], {"limit": tables["limit"]})


def _fill(register: Register, names: Sequence[str], tables: Mapping[str, Table]) -> None:
    """Copy rows by name into the tables and rows that the register still has."""
    kept = [i for i, name in enumerate(names) if name in register.rows]
    rows = [register.rows[names[i]] for i in kept]
    for name in tables.keys() & register.tables.keys():
        blank = np.zeros(len(rows), register[name].dtype)
        freeze.copy(tables[name][kept], blank)
        register[name][rows] = blank
