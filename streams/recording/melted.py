"""Melted recordings: one series after another in the file, put together in time, as the stream would have brought them.

What looks at several series of a station or at a neighbour would else find nobody there. A recording whose series go side by
side is passed on page by page; it is known for one when its second series has been seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from storage.series.paging import picked
from streams.recording.judging import Page

APART = 86_400_000_000_000  # ns that a series must begin before what stands above it in the file


def together(pages: Iterable[Page]) -> Iterator[Page]:
    """The rows of a recording; where one series stands after another, in the order of time. A late reading stays late."""
    coming, held = iter(pages), list[Page]()
    for page in coming:
        held.append(page)
        found = _whole([one.batch for one in held])
        if _is_melted(found):
            yield from _sorted([*held, *coming])
            return
        if len(found.names) > 1:
            break
    yield from chain(held, coming)


def _is_melted(batch: Batch) -> bool:
    """Whether a series begins long before the rows above it end."""
    if not len(batch):
        return False
    first = np.unique(batch.series, return_index=True)[1]
    above = np.maximum.accumulate(batch.at)[first[first > 0] - 1]
    return bool((batch.at[first[first > 0]] < above - APART).any())


def _sorted(pages: Sequence[Page]) -> Iterator[Page]:
    """Every row that has no reading; then all readings in order."""
    whole = _whole([page.batch for page in pages])
    for page in pages:
        yield replace(page, batch=picked(page.batch, slice(0)))
    order = np.argsort(_newest(whole), kind="stable")
    yield Page(first=pages[-1].first + pages[-1].rows, rows=0, batch=picked(whole, order), reasons={})


def _newest(batch: Batch) -> NDArray[np.int64]:
    """For each reading the newest instant of its series so far."""
    newest = np.empty(len(batch), np.int64)
    order = np.argsort(batch.series, kind="stable")
    for of_series in np.split(order, np.flatnonzero(np.diff(batch.series[order])) + 1):
        newest[of_series] = np.maximum.accumulate(batch.at[of_series])
    return newest


def _whole(batches: Sequence[Batch]) -> Batch:
    """Several batches as one, rows in order."""
    if len(batches) == 1:
        return batches[0]
    names = tuple(dict.fromkeys(name for one in batches for name in one.names))
    place = {name: i for i, name in enumerate(names)}
    series = [np.array([place[name] for name in one.names], np.int32)[one.series] for one in batches]
    columns = {name: np.concatenate([getattr(one, name) for one in batches]) for name in ("at", "value", "mark", "seq", "got")}
    return Batch(names=names, series=np.concatenate(series), **columns)
