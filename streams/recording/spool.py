"""A spool: pages of a stretch kept in a file of their own, so that what cost much to read is read again cheaply."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np

from detectors.domain import batch
from detectors.domain.batch import Batch
from detectors.domain.judged import Judged, Outcome
from storage.series.paging import picked

_LENGTH = struct.Struct("<q")


class Spool:
    """Readings page by page, as often as wanted; `seq` of a reading is its row in the stretch. Gone when it is closed."""

    def __init__(self, pages: Iterable[Judged]) -> None:
        self._pages = pages
        self._file = tempfile.TemporaryFile(suffix=".pages")  # noqa: SIM115  closed by `__exit__`
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def fill(self) -> Iterator[Batch]:
        """The pages as they are read, without readings that were derived: the court derives them again."""
        for page in self._pages:
            told = page.outcome != Outcome.DERIVED
            readings = page.readings if told.all() else picked(page.readings, told)
            readings = replace(readings, seq=np.arange(self.rows, self.rows + len(readings)))
            self.rows += len(readings)
            data = batch.write(readings)
            self._file.write(_LENGTH.pack(len(data)) + data)
            yield readings

    def __iter__(self) -> Iterator[Batch]:
        self._file.seek(0)
        while head := self._file.read(_LENGTH.size):
            yield batch.read(self._file.read(*_LENGTH.unpack(head)))
