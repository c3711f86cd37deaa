"""Lines of a recording as columns of text: one row for every line, in order, whatever is in it.

A line is a row: quotes around a field are taken off, but no field goes over more than one line, so that a stray quote cannot
swallow the rows after it. Empty lines are no rows.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from detectors.domain.errors import Refused

NEEDED = ("series", "at", "value")
KNOWN = (*NEEDED, "mark")
BLOCK = 8 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Some lines that follow each other, as columns of text."""

    first: int  # the row of the first of them in the recording, from 0
    columns: dict[str, pa.Array]  # of `KNOWN`; "" where a line has no such field
    broken: NDArray[np.int64]  # lines that have too few or too many fields, counted from `first`

    def __len__(self) -> int:
        return len(self.columns["series"])


class Recording:
    """A CSV file whose header names the columns, in any order: series, at, value and perhaps mark."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _opened(path) as file:
            header = file.readline().decode("utf-8-sig", "replace")
        self.fields = [name.strip(' \t\r\n"').lower() for name in header.split(",")]
        missing = [name for name in NEEDED if self.fields.count(name) != 1]
        if missing:
            raise Refused(f"{path}: the first line must name the columns series, at, value (and mark); wrong is", missing)

    def __iter__(self) -> Iterator[Lines]:
        row = 0
        with _opened(self.path) as file:
            file.readline()
            while block := file.read(BLOCK):
                lines = self._parsed(block + file.readline(), row)
                row += len(lines)
                yield lines

    def _parsed(self, block: bytes, first: int) -> Lines:
        """Split a block of whole lines into fields."""
        broken: list[tuple[int, str]] = []
        text = _one_line_a_row(block)
        if not text:
            return self._whole([[]] * len(self.fields), [], first)

        def set_aside(line: pa.csv.InvalidRow) -> str:
            broken.append((line.number - 1, line.text))
            return "skip"

        table = pa.csv.read_csv(
            io.BytesIO(text),
            pa.csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self._unique()),
            pa.csv.ParseOptions(invalid_row_handler=set_aside, quote_char=False),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self._unique(), pa.utf8()), strings_can_be_null=False, check_utf8=False
            ),
        ).combine_chunks()
        whole = [table.column(place).combine_chunks() for place in range(table.num_columns)]
        return self._whole(whole, broken, first)

    def _unique(self) -> list[str]:
        return [str(place) for place in range(len(self.fields))]

    def _whole(self, whole: list[pa.Array], broken: list[tuple[int, str]], first: int) -> Lines:
        """Put broken lines back where they stood, with such of their fields as they have."""
        rows = len(whole[0]) + len(broken)
        at = np.array([row for row, _ in broken], np.int64)
        split = [line.split(",") for _, line in broken]
        order = np.empty(rows, np.int64)
        sound = np.ones(rows, np.bool_)
        sound[at] = False
        order[sound], order[at] = np.arange(rows - len(at)), np.arange(rows - len(at), rows)
        columns = {}
        for name in KNOWN:
            place = self.fields.index(name) if name in self.fields else None
            column = pa.array([""] * (rows - len(at)) if place is None else whole[place], pa.utf8())
            if broken:
                rest = [fields[place] if place is not None and place < len(fields) else "" for fields in split]
                column = pa.concat_arrays([column, pa.array(rest, pa.utf8())]).take(pa.array(order))
            columns[name] = pc.ascii_trim(column, ' \t"')
        return Lines(first=first, columns=columns, broken=at)


def _one_line_a_row(block: bytes) -> bytes:
    """The block without empty lines, other ends of line, bytes that are no text, and NUL."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if b"\0" in block:
        block = block.replace(b"\0", b" ")
    if not block.isascii():
        block = block.decode("utf-8", "replace").encode()
    block = block.lstrip(b"\n")
    while b"\n\n" in block:
        block = block.replace(b"\n\n", b"\n")
    return block


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked if its name says that it is packed.

    Raises:
        Refused: if it cannot be read, be it in the middle of it: a packed file may have been cut short on its way.
    """
    if path.is_dir() or not path.exists():
        raise Refused("a folder is no recording" if path.is_dir() else "there is no such recording", str(path))
    try:
        with io.BufferedReader(pa.input_stream(str(path), compression="detect")) as stream:
            yield stream
    except (OSError, pa.ArrowException) as fault:
        raise Refused(f"cannot read the recording ({fault})", str(path)) from fault
