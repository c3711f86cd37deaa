"""Readings in InfluxDB 2: line protocol to write, InfluxQL to read."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent
from detectors.domain.judged import TESTS, Flag, Judged
from storage import schema
from storage.events import event_line
from storage.lines import Lines, lines
from storage.series import csv, influxql
from storage.series.again import unsaid
from storage.series.counts import Counts
from storage.series.fit import fit
from storage.series.http import Address, Pipe
from storage.series.paging import PAGE, pages
from storage.series.port import MOST_READ, Buckets, Columns, Reading, RejectedPoint, Written

MOST_LINES = 5000  # of one request, as InfluxData advises
_MANY = 200  # named series beyond which asking for all is cheaper
_DROPPED = re.compile(r"dropped=(\d+)")
_Bad = tuple[int, str]  # a line and the reason


class InfluxStore:
    """A `Store` in a bucket of an InfluxDB 2."""

    def __init__(self, url: str, token: str = "") -> None:
        self.pipe = Pipe(Address.of(url, token))

    def write(self, judged: Judged) -> Written:
        """Keep the readings; a point that InfluxDB refuses is found by halves, and the others are written."""
        good, refused = fit(judged)
        rows = unsaid(judged, np.flatnonzero(good), self.read)
        text = lines(judged, rows)
        edges = [*range(0, len(text), MOST_LINES), len(text)]
        bad = [found for first, last in pairwise(edges) for found in self._send(text, first, last)]
        late = tuple(_rejected(judged.readings, int(rows[line]), reason) for line, reason in bad)
        return Written(points=int(good.sum()) - len(late), refused=refused + late)

    def write_event(self, event: GridEvent) -> None:
        """Keep one turn of an episode, for boards."""
        self.pipe.write(event_line(event))

    def newest(self, series: Sequence[str] | None = None) -> dict[str, Reading]:
        """The newest reading of each series, or of those named."""
        asked = influxql.newest(series if series is not None and len(series) <= _MANY else None)
        found = {
            schema.join(*influxql.tags(one)): _reading(one)
            for one in (self.pipe.query(asked) if series is None or series else ())
        }
        return found if series is None else {name: found[name] for name in series if name in found}

    def read(self, series: str, start: int, end: int, most: int = MOST_READ) -> Columns:
        """The readings of [start, end), the earliest `most`."""
        at, value, flag, tests, seq = self._columns(influxql.read(series, start, end, most), 5)
        return Columns(
            at=np.array(at, np.int64),
            value=np.array(value, np.float64),
            flag=np.array(influxql.filled(flag, 2), np.uint8),
            tests=np.array(influxql.filled(tests, 0), np.uint16),
            seq=np.array(influxql.filled(seq, -1), np.int64),
        )

    def stretch(self, series: Sequence[str], start: int, end: int, rows: int = PAGE) -> Iterator[Judged]:
        """The readings of several series in [start, end), page by page."""

        def fetch(first: int, last: int, most: int) -> list[Judged]:
            asked = [(some, influxql.stretch(some, first, last, most)) for some in batched]
            return [part for some, query in asked for part in csv.columns(self.pipe.table(query), some)]

        batched = [series[i : i + _MANY] for i in range(0, len(series), _MANY)]
        yield from pages(fetch, len(series), start, end, rows)

    def downsampled(self, series: str, start: int, end: int, every: int) -> Buckets:
        """The readings of [start, end) in spans of `every` ns."""
        at, mean, low, high, count, flag = self._columns(influxql.downsampled(series, start, end, every), 6)
        return Buckets(
            at=np.array(at, np.int64),
            mean=np.array(mean, np.float64),
            low=np.array(low, np.float64),
            high=np.array(high, np.float64),
            count=np.array(count, np.int64),
            flag=np.array(influxql.filled(flag, 2), np.uint8),
        )

    def series(self) -> list[str]:
        """The names of all series that have a reading, sorted."""
        return sorted(schema.join(*influxql.tags(one)) for one in self.pipe.query(influxql.newest(None)))

    def count(self, series: str | None = None) -> int:
        """How many readings are stored, of one series or of all."""
        found = self.pipe.query(influxql.count(series))
        return int(found[0]["values"][0][1]) if found else 0

    def counts(self, series: Sequence[str], start: int, end: int) -> dict[str, Counts]:
        """How the readings of [start, end) are flagged; a query for each flag, and one for each test if any fired."""
        asked = series if len(series) <= _MANY else None
        found = {name: Counts() for name in series}
        for flag in Flag if series else ():
            for name, many in self._counted(influxql.flagged(asked, start, end, flag)):
                if name in found:
                    found[name].flags[int(flag)] = many
        every = (1 << len(TESTS)) - 1
        fired = bool(series) and bool(self.pipe.query(influxql.fired(asked, start, end, every)))
        for bit, test in enumerate(TESTS) if fired else ():
            for name, many in self._counted(influxql.fired(asked, start, end, 1 << bit)):
                if name in found:
                    found[name].tests[test] = many
        return {name: one for name, one in found.items() if one.flags}

    def _counted(self, query: str) -> Iterator[tuple[str, int]]:
        return ((schema.join(*influxql.tags(one)), int(one["values"][0][1])) for one in self.pipe.query(query))

    def close(self) -> None:
        """Let go of the connections."""
        self.pipe.close()

    def _send(self, text: Lines, first: int, last: int) -> Iterator[_Bad]:
        """Write the lines first, …, last - 1; the ones that will never be taken, with their reason."""
        try:
            self.pipe.write(text.span(first, last))
        except Refused as fault:
            dropped = _DROPPED.search(fault.reason)
            if last - first == 1 or (dropped and int(dropped[1]) == last - first):
                yield from ((line, fault.reason) for line in range(first, last))
                return
            middle = (first + last) // 2
            yield from self._send(text, first, middle)
            yield from self._send(text, middle, last)

    def _columns(self, query: str, width: int) -> Sequence[Sequence[float]]:
        found = self.pipe.query(query)
        return list(zip(*found[0]["values"], strict=True)) if found else [()] * width


def _rejected(readings: Batch, row: int, reason: str) -> RejectedPoint:
    return RejectedPoint(series=readings.names[readings.series[row]], at=int(readings.at[row]), reason=reason)


def _reading(one: influxql.Series) -> Reading:
    at, value, flag, tests, outcome = one["values"][0]
    return Reading(at=at, value=float(value), flag=flag or 2, tests=tests or 0, outcome=outcome or 0)
