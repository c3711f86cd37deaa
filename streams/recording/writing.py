"""Writing a judged recording: every row as it came, with flag, tests and findings."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from detectors.domain.judged import names_of
from streams.recording.judging import Judgement
from streams.recording.lines import Lines, Recording

NAMES = ("series", "at", "value", "flag", "tests", "findings")


def write(recording: Recording, judgement: Judgement, out: BinaryIO, *, progress: Callable[[int], None] = lambda _: None) -> None:
    """Read the recording a second time and write it with what was said of it: by now every flag is final."""
    out.write(",".join(NAMES).encode() + b"\n")
    findings = {row: "+".join(found) for row, found in judgement.findings.items()}
    refused = {row: f"refused:{reason}" for row, reason in judgement.refused.items()}
    for lines in recording:
        out.write(_csv(_table(lines, judgement, refused, findings)))
        progress(lines.first + len(lines))


def _csv(table: pa.Table) -> memoryview:
    """The rows as CSV: without quotes, unless a field has one inside."""
    for style in ("none", "needed"):
        sink = pa.BufferOutputStream()
        with suppress(pa.ArrowInvalid):
            pa.csv.write_csv(table, sink, pa.csv.WriteOptions(include_header=False, quoting_style=style))
            break
    return memoryview(sink.getvalue())


def _table(lines: Lines, judgement: Judgement, refused: Mapping[int, str], findings: Mapping[int, str]) -> pa.Table:
    rows = slice(lines.first, lines.first + len(lines))
    seen, fired = np.unique(judgement.tests[rows], return_inverse=True)
    named = [names_of(int(tests)) for tests in seen]
    columns = [
        *(lines.columns[name] for name in ("series", "at", "value")),
        pa.array(judgement.flag[rows]),
        _texts(fired.astype(np.int32), named, refused, rows),
        _texts(np.zeros(len(lines), np.int32), [""], findings, rows),
    ]
    return pa.table(columns, names=NAMES)


def _texts(code: NDArray[np.int32], texts: list[str], other: Mapping[int, str], rows: slice) -> pa.Array:
    """A column of few different texts, but for the rows that have one of their own."""
    texts = list(texts)
    places: dict[str, int] = {}
    for row in other.keys() & set(range(rows.start, rows.stop)) if other else ():
        place = places.setdefault(other[row], len(texts))
        if place == len(texts):
            texts.append(other[row])
        code[row - rows.start] = place
    return pa.DictionaryArray.from_arrays(pa.array(code), pa.array(texts, pa.utf8())).dictionary_decode()
