"""Writing a judged recording: every row as it came, with flag, tests and findings."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.judged import names_of
from streams.recording.ahead import ahead
from streams.recording.judging import Judgement, Progress
from streams.recording.lines import Recording

NAMES = ("series", "at", "value", "flag", "tests", "findings")
SCORE = "score"
_INSTANT = pa.timestamp("ns", tz="UTC")


def write(recording: Recording, judgement: Judgement, out: BinaryIO, *, progress: Progress = lambda _: None) -> None:
    """Read the recording a second time and write it with what was said of it: by now every flag is final."""
    said = _Said(judgement)
    out.write(said.header)
    for lines in ahead(recording):
        out.write(_csv(said.table(lines.first, [lines.columns[name] for name in ("series", "at", "value")])))
        progress(lines.first + len(lines))


def write_readings(batches: Iterable[Batch], judgement: Judgement, out: BinaryIO, *, progress: Progress = lambda _: None) -> None:
    """The same of readings that each are a row, as of a `Spool`."""
    said = _Said(judgement)
    out.write(said.header)
    for batch in ahead(batches):
        series = pa.DictionaryArray.from_arrays(pa.array(batch.series), pa.array(batch.names, pa.utf8()))
        rows = [series.dictionary_decode(), _instants(pa.array(batch.at).view(_INSTANT)), pa.array(batch.value)]
        out.write(_csv(said.table(int(batch.seq[0]), rows)))
        progress(int(batch.seq[0]) + len(batch))


class _Said:
    """What was said of every row, as text."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self._names = NAMES if judgement.score is None else (*NAMES, SCORE)
        self.header = ",".join(self._names).encode() + b"\n"
        self._findings = {row: "+".join(found) for row, found in judgement.findings.items()}
        self._refused = {row: f"refused:{reason}" for row, reason in judgement.refused.items()}

    def table(self, first: int, rows_in: list[pa.Array]) -> pa.Table:
        """Rows as they came, from the `first` on, with flag, tests and findings."""
        rows = slice(first, first + len(rows_in[0]))
        seen, fired = np.unique(self._judgement.tests[rows], return_inverse=True)
        named = [names_of(int(tests)) for tests in seen]
        said = [
            pa.array(self._judgement.flag[rows]),
            _texts(fired.astype(np.int32), named, self._refused, rows),
            _texts(np.zeros(len(fired), np.int32), [""], self._findings, rows),
        ]
        if self._judgement.score is not None:
            said.append(_scores(self._judgement.score[rows]))
        return pa.table([*rows_in, *said], names=self._names)


def _instants(at: pa.Array) -> pa.Array:
    """Instants as text; several series have one in common, so each is written once."""
    coded = at.dictionary_encode()
    with suppress(pa.ArrowInvalid):  # parts of seconds are written only where there are any
        whole = coded.dictionary.cast(pa.timestamp("s", tz="UTC"))
        return whole.cast(pa.utf8()).take(coded.indices)
    return coded.dictionary.cast(pa.utf8()).take(coded.indices)


def _csv(table: pa.Table) -> memoryview:
    """The rows as CSV: without quotes, unless a field has one inside."""
    for style in ("none", "needed"):
        sink = pa.BufferOutputStream()
        with suppress(pa.ArrowInvalid):
            pa.csv.write_csv(table, sink, pa.csv.WriteOptions(include_header=False, quoting_style=style))
            break
    return memoryview(sink.getvalue())


def _scores(score: NDArray[np.float32]) -> pa.Array:
    """Three digits, as many as anybody will compare; empty where nothing is known."""
    return pa.array(np.round(score.astype(np.float64), 3), from_pandas=True)


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
