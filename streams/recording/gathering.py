"""Gathering: all readings of some recordings, series by series."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from streams.recording.lines import Recording
from streams.recording.values import read


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """The readings of one series in the order of the files."""

    at: NDArray[np.int64]  # ns since 1970 UTC
    value: NDArray[np.float64]
    mark: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """What recordings hold."""

    series: Mapping[str, Columns]
    rows: int
    refused: int  # rows without a reading
    why: str = ""  # what most of them lack


def gather(recordings: Iterable[Recording]) -> Gathered:
    """Read recordings from beginning to end."""
    parts: dict[str, list[Columns]] = {}
    rows = refused = 0
    why: Counter[str] = Counter()
    for recording in recordings:
        for lines in recording:
            batch, reasons = read(lines)
            rows, refused = rows + len(lines), refused + len(reasons)
            why.update(reasons.values())
            for name, columns in _by_series(batch).items():
                parts.setdefault(name, []).append(columns)
    most = "".join(reason for reason, _ in why.most_common(1))
    return Gathered(series={name: _joined(parts[name]) for name in sorted(parts)}, rows=rows, refused=refused, why=most)


def _by_series(batch: Batch) -> dict[str, Columns]:
    order = np.argsort(batch.series, kind="stable")
    borders = np.searchsorted(batch.series[order], np.arange(len(batch.names) + 1)).tolist()
    return {
        name: Columns(at=batch.at[rows], value=batch.value[rows], mark=batch.mark[rows])
        for name, (start, end) in zip(batch.names, pairwise(borders), strict=True)
        if len(rows := order[start:end])
    }


def _joined(parts: list[Columns]) -> Columns:
    return Columns(
        at=np.concatenate([part.at for part in parts]),
        value=np.concatenate([part.value for part in parts]),
        mark=np.concatenate([part.mark for part in parts]),
    )
