"""A spool: pages of a stretch kept in a file of their own, so that what cost much to read is read again cheaply."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np

from detectors.domain import judged
from detectors.domain.judged import Judged, Outcome
from storage.series.paging import some

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

    def fill(self) -> Iterator[Judged]:
        """The pages as they are read, without readings that were derived: the court derives them again."""
        for page in self._pages:
            told = some(page, page.outcome != Outcome.DERIVED)
            if not len(told):
                continue
            numbers = np.arange(self.rows, self.rows + len(told))
            numbered = replace(told, readings=replace(told.readings, seq=numbers))
            self.rows += len(told)
            data = judged.write(numbered)
            self._file.write(_LENGTH.pack(len(data)) + data)
            yield numbered

    def __iter__(self) -> Iterator[Judged]:
        self._file.seek(0)
        while head := self._file.read(_LENGTH.size):
            yield judged.read(self._file.read(*_LENGTH.unpack(head)))
