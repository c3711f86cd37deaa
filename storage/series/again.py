"""History that says again what is stored: a device repeats itself after an outage, and its readings were judged long ago."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import Judged, Outcome
from storage.series.port import Columns

Stored = Callable[[str, int, int], Columns]  # series, start, end -> what is stored there
_Rows = NDArray[np.intp]
_Which = NDArray[np.bool_]


def unsaid(judged: Judged, rows: _Rows, stored: Stored) -> _Rows:
    """The rows, without those of history whose value stands at their key already, in the batch before them or in the store."""
    history = judged.outcome[rows] == Outcome.HISTORY
    if not history.any():
        return rows
    readings = judged.readings
    series, at, value = readings.series[rows], readings.at[rows], readings.value[rows]
    first, again = _in_batch(series, at, value)
    for number in np.unique(series[history & first]):
        asked = np.flatnonzero(history & first & (series == number))
        span = int(at[asked].min()), int(at[asked].max()) + 1
        again[asked] = _known(stored(readings.names[number], *span), at[asked], value[asked])
    left: _Rows = rows[~(history & again)]
    return left


def _in_batch(series: NDArray[np.int32], at: NDArray[np.int64], value: NDArray[np.float64]) -> tuple[_Which, _Which]:
    """Which rows are the first of their key, and which others have the value of the one before them."""
    order = np.lexsort((at, series))  # stable: rows of one key stay in their order
    key_before = (np.diff(series[order]) == 0) & (np.diff(at[order]) == 0)
    first, again = np.ones(len(at), np.bool_), np.zeros(len(at), np.bool_)
    first[order[1:]] = ~key_before
    again[order[1:]] = key_before & (value[order][1:] == value[order][:-1])
    return first, again


def _known(stored: Columns, at: NDArray[np.int64], value: NDArray[np.float64]) -> _Which:
    """Which of the instants are stored with this value."""
    if not len(stored):
        return np.zeros(len(at), np.bool_)
    place = np.minimum(np.searchsorted(stored.at, at), len(stored) - 1)
    known: _Which = (stored.at[place] == at) & (stored.value[place] == value)
    return known
