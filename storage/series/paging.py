"""Stretches of the record: the readings of many series between two instants, page by page in the order of instant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged, concat
from storage.schema import EARLIEST, LATEST

PAGE = 262_144  # readings that a page aims at
_SPAN = 60_000_000_000  # ns of the first page; later ones are as long as what was found suggests
_FEWEST = 1024  # readings of one series that are asked for at least

Fetch = Callable[[int, int, int], list[Judged]]  # start, end, most -> the earliest `most` of each series, ascending


def pages(fetch: Fetch, series: int, start: int, end: int, rows: int = PAGE) -> Iterator[Judged]:
    """The readings of [start, end) in pages of about `rows`; no instant is cut in two.

    Args:
        fetch: what the store does.
        series: how many there are; a page holds at most `rows` readings and 1,024 of each.
        start: ns since 1970 UTC.
        end: ns since 1970 UTC.
        rows: that a page aims at.
    """
    start, end = max(start, EARLIEST), min(end, LATEST)
    most, span = max(rows // max(series, 1), _FEWEST), _SPAN
    while series and start < end:
        until = min(start + span, end)
        parts = fetch(start, until, most)
        cuts = [int(part.readings.at[-1]) + 1 for part in parts if len(part) >= most]
        found = sum(map(len, parts))
        if cuts:  # the others reach further than this one: what lies behind its last is read with the next page
            until = min(cuts)
            parts = [some(part, slice(np.searchsorted(part.readings.at, until))) for part in parts]
        page = [part for part in parts if len(part)]
        if page:
            yield ordered(concat(page))
        start, span = until, _next(until - start, found, rows)


def _next(span: int, found: int, rows: int) -> int:
    """How long the next page is: towards `rows` readings, and at most fourfold."""
    wanted = span * 4 if found * 4 < rows else span * rows // found
    return max(min(wanted, LATEST), 1)


def merged(streams: Sequence[Iterator[Judged]]) -> Iterator[Judged]:
    """Several streams of pages as one; each is in the order of instant and cuts no instant in two."""
    live = [(stream, head) for stream in streams if (head := next(stream, None)) is not None]
    while live:
        horizon = min(int(head.readings.at[-1]) for _, head in live)
        cuts = [int(np.searchsorted(head.readings.at, horizon, "right")) for _, head in live]
        yield ordered(concat([some(head, slice(cut)) for (_, head), cut in zip(live, cuts, strict=True) if cut]))
        rest = ((stream, some(head, slice(cut, None))) for (stream, head), cut in zip(live, cuts, strict=True))
        live = [(stream, head) for stream, left in rest if (head := left if len(left) else next(stream, None)) is not None]


def ordered(judged: Judged) -> Judged:
    """The same rows by instant, and by name within one."""
    places = np.argsort(np.argsort(judged.readings.names)).astype(np.int32)
    return some(judged, np.lexsort((places[judged.readings.series], judged.readings.at)))


def some(judged: Judged, which: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Judged:
    """Some rows, with what was said of them."""
    batch = judged.readings
    return Judged(
        readings=picked(batch, which), flag=judged.flag[which], tests=judged.tests[which], outcome=judged.outcome[which]
    )


def picked(batch: Batch, which: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Batch:
    """Some rows of a batch."""
    return replace(
        batch,
        series=batch.series[which],
        at=batch.at[which],
        value=batch.value[which],
        mark=batch.mark[which],
        seq=batch.seq[which],
        got=batch.got[which],
    )
