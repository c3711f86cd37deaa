"""A register: names in the order they came, with tables that have one row each, cut into blocks."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.court.rulebook import Table

FULL = 256 * 1024  # bytes at which a block takes no more rows: half of what it may have, so that limits can be added


class Register:
    """Rows by name; grows by doubling, forgets nothing."""

    def __init__(self, dtypes: Mapping[str, "np.dtype[np.void]"]) -> None:
        self.names: list[str] = []
        self.rows: dict[str, int] = {}
        self.tables: dict[str, Table] = {name: np.zeros(16, dtype) for name, dtype in dtypes.items()}
        self.block = np.zeros(16, np.int32)
        self.weights: list[int] = []  # bytes in each block, about
        self.changed: set[int] = set()

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_all_changed(self) -> bool:
        """Whether every block is marked already."""
        return len(self.changed) == len(self.weights)

    def add(self, names: Sequence[str], given: Mapping[str, Table]) -> slice:
        """Take in new names, with what is given for some of the tables; the rest is blank. Say which rows they got."""
        rows = slice(len(self.names), len(self.names) + len(names))
        self.names += names
        self.rows.update(zip(names, range(rows.start, rows.stop), strict=True))
        if rows.stop > len(self.block):
            size = max(rows.stop, 2 * len(self.block))
            self.block = np.concatenate([self.block, np.zeros(size - len(self.block), np.int32)])
            self.tables = {name: _longer(table, size) for name, table in self.tables.items()}
        for name, table in given.items():
            self.tables[name][rows] = table
        return rows

    def place(self, row: int, weight: int, block: int | None = None) -> None:
        """Put a row into the block it was in before, or else into the newest one that is not full."""
        if block is None:
            block = max(len(self.weights) - 1, 0)
            if block < len(self.weights) and self.weights[block] + weight > FULL:
                block += 1
        self.weights += [0] * (block + 1 - len(self.weights))
        self.weights[block] += weight
        self.block[row] = block
        self.changed.add(block)

    def touch(self, rows: NDArray[np.signedinteger]) -> None:
        """Mark the blocks of these rows as changed."""
        if self.is_all_changed:
            return
        hit = np.zeros(len(self.weights), np.bool_)
        hit[self.block[rows]] = True
        self.changed.update(np.flatnonzero(hit).tolist())

    def members(self, blocks: Iterable[int]) -> dict[int, NDArray[np.int64]]:
        """The rows of each of these blocks, in order."""
        of_each = self.block[: len(self.names)]
        return {block: np.flatnonzero(of_each == block) for block in blocks}


def _longer(table: Table, size: int) -> Table:
    """The same rows in a longer table, its new ones blank."""
    longer = np.zeros(size, table.dtype)
    longer[: len(table)] = table
    return longer
