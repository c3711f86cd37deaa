"""Judging again: a repaired stretch of the store before the same court, as if all of it had come in time."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Turn
from detectors.domain.instant import DAY, HOUR
from detectors.domain.judged import Flag, Judged, Outcome
from detectors.domain.series import station_of
from detectors.domain.site import Site
from storage.casebook import Casebook, Episode
from storage.repairs import REJUDGED, Repairs, Revision
from storage.series import Store
from storage.series.paging import picked, some
from streams.reach import Reach
from streams.recording.judging import Judgement
from streams.recording.spool import Spool

LEAD = 30 * DAY  # ns before a stretch that the court hears to warm up, and after it, as far as a repair can reach
_EVER = 2**63 - 1


@dataclass(slots=True, kw_only=True)
class Rejudged:
    """What judging again has changed."""

    readings: int = 0  # heard, lead-in and all
    amended: int = 0  # readings whose flag or tests changed
    cleared: int = 0  # of these, those that had been suspect or worse and are good now
    late: list[GridEvent] = field(default_factory=list)  # exceedances nobody had found

    def __add__(self, other: "Rejudged") -> "Rejudged":
        return Rejudged(
            readings=self.readings + other.readings,
            amended=self.amended + other.amended,
            cleared=self.cleared + other.cleared,
            late=self.late + other.late,
        )


class Kept(Protocol):
    """Where a record and its repairs are kept."""

    @property
    def store(self) -> Store:
        """The series store."""

    @property
    def book(self) -> Casebook:
        """The casebook."""

    @property
    def repairs(self) -> Repairs:
        """What was repaired."""


class Rejudging:
    """The court of a site, and the parts whose record it mends. Doing it twice changes nothing."""

    def __init__(self, site: Site, parts: Kept, *, lead: int = LEAD, clock: Callable[[], int] = time.time_ns) -> None:
        self._site, self._parts, self._lead, self._clock = site, parts, lead, clock
        self._court = Court(site)

    def stretch(self, stations: Sequence[str], start: int, end: int) -> Rejudged:
        """Judge [start, end) of some stations again, with all that share their partitions, and amend what was said of it.

        The court begins with a blank memory as long as `lead` before the stretch. What it says of readings up to as long
        after it counts too: a repair reaches as far as a rule remembers.
        """
        places = {self._site.partition_of(station) for station in stations}
        known = self._parts.store.series()
        done = Rejudged()
        for place in sorted(places):
            series = [name for name in known if self._site.partition_of(station_of(name)) == place]
            done += self._partition(series, start, end)
        return done

    def repaired(self, quiet: int) -> Rejudged:
        """Judge again every stretch to which nothing was added for `quiet` ns."""
        waiting = self._parts.repairs.waiting(self._clock() - quiet)
        done = Rejudged()
        for stretch in waiting:
            done += self.stretch([station_of(stretch.series)], stretch.first, stretch.last + 1)
            self._parts.repairs.done([stretch])
        return done

    def _partition(self, series: Sequence[str], start: int, end: int) -> Rejudged:
        """Judge one partition again: hear all of it, and only then write what is different."""
        judgement, memory, reach = Judgement(), self._court.blank(), Reach(start)
        with Spool(self._parts.store.stretch(series, start - self._lead, end + self._lead)) as spool:
            for page in spool.fill():
                verdict = self._court.judge(memory, page.readings)
                judgement.grow(len(page))
                judgement.take(verdict)
                reach.take(page, judgement.tests[page.readings.seq])
                self._derive(verdict.judged, start)
            done = Rejudged(readings=spool.rows)
            for page in spool:
                self._amend(page, judgement, reach, done)
        known = self._parts.book.events(limit=1_000_000, since=start - self._lead)
        done.late = [late for late in unknown(judgement.events, known, start, end) if self._parts.book.take(late)]
        for late in done.late:
            self._parts.store.write_event(late)
        return done

    def _amend(self, page: Judged, judgement: Judgement, reach: Reach, done: Rejudged) -> None:
        """Write what is said differently now; keep what was said before."""
        seq = page.readings.seq
        flag, tests = judgement.flag[seq], judgement.tests[seq]
        rows = np.flatnonzero(((flag != page.flag) | (tests != page.tests)) & reach.within(page))
        if not len(rows):
            return
        readings = picked(page.readings, rows)
        self._parts.repairs.revise(list(_revisions(readings, some(page, rows), flag[rows], tests[rows], self._clock())))
        amended = np.full(len(rows), Outcome.AMENDED, np.uint8)
        self._parts.store.write(Judged(readings=readings, flag=flag[rows], tests=tests[rows], outcome=amended))
        done.amended += len(rows)
        done.cleared += int(((page.flag[rows] > Flag.NOT_EVALUATED) & (flag[rows] <= Flag.NOT_EVALUATED)).sum())

    def _derive(self, judged: Judged, start: int) -> None:
        """Write what the readings of the stretch make derived readings of."""
        derived = (judged.outcome == Outcome.DERIVED) & (judged.readings.at >= start)
        if derived.any():
            self._parts.store.write(some(judged, derived))


def _revisions(readings: Batch, was: Judged, flag: NDArray[np.uint8], tests: NDArray[np.uint16], made: int) -> Iterator[Revision]:
    """What stands differently from now on: the value stays, flag and tests change."""
    columns = (readings.series, readings.at, readings.value, was.flag, flag, was.tests, tests)
    for series, at, value, was_flag, now_flag, was_tests, now_tests in zip(*(one.tolist() for one in columns), strict=True):
        name = readings.names[series]
        yield Revision(name, at, made, REJUDGED, value, value, was_flag, now_flag, was_tests, now_tests)


def unknown(events: Sequence[GridEvent], known: Sequence[Episode], start: int, end: int) -> Iterator[GridEvent]:
    """Exceedances that began in [start, end) and that the casebook has neither live nor late, as late findings."""
    over = {event.id: event.at for event in events if event.turn is Turn.CLEARED}
    for event in events:
        if event.turn is not Turn.RAISED or not event.rule.startswith("limit:") or not start <= event.since < end:
            continue
        until = over.get(event.id, _EVER)
        mine = (one for one in known if (one.rule, one.series) == (event.rule, event.series))
        if not any(one.since <= until and _last(one) >= event.since for one in mine):
            yield msgspec.structs.replace(event, turn=Turn.LATE, tell=False)


def _last(one: Episode) -> int:
    """Until when an episode is known to have lasted; what was found on arrival stands for its hour."""
    if one.late:
        return one.since + HOUR - 1
    return _EVER if one.cleared_at is None else one.cleared_at
