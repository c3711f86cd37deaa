"""Judging again: a record repaired by history is the record as if all had come in time, and what lives stays as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Turn
from detectors.domain.site import Site
from storage.casebook import Casebook, Episode
from storage.repairs import CORRECTED, HOUR, REJUDGED, Repairs
from storage.series import Store, open_store
from streams.rejudging import Rejudging
from tests.unit.detectors.court.stand import SECOND, START, limit, of_quality, site

SITE = site(
    limit(above=8.0, clear=7.5, delay=2.0),
    thresholds=[
        of_quality(
            fail_low=0, fail_high=20, spike_suspect=2, spike_fail=4, rate=2.5, flat_tolerance=0.1, flat_suspect=3, flat_fail=9
        )
    ],
)
NAME = "weir/do"
Rows = Sequence[tuple[str, int, float]]


@dataclass
class River:
    """A court that lives, and the record it keeps."""

    site: Site
    store: Store
    book: Casebook
    repairs: Repairs

    def __post_init__(self) -> None:
        self.court = Court(self.site)
        self.memory = self.court.blank()

    def hear(self, rows: Rows | Batch, got: int | None = None) -> None:
        """Judge, note, write and keep, as the worker does."""
        batch = rows if isinstance(rows, Batch) else Batch.of(rows, got=got)
        verdict = self.court.judge(self.memory, batch)
        self.repairs.note(verdict.judged, self.store)
        self.store.write(verdict.judged)
        for event in verdict.events:
            self.book.take(event)

    def record(self, name: str = NAME) -> list[tuple[int, float, int, int]]:
        """Instant, value, flag and tests of every reading."""
        found = self.store.read(name, START - 10**18, START + 10**18)
        columns = (found.at, found.value, found.flag, found.tests)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def live(self) -> list[Episode]:
        """The episodes that were raised in their time."""
        return [one for one in self.book.events(10_000) if not one.late]

    def mend(self) -> Rejudging:
        return Rejudging(self.site, self)


@pytest.fixture
def river(tmp_path: Path) -> Callable[[str], River]:
    def new(name: str, site: Site = SITE) -> River:
        folder = tmp_path / name
        return River(
            site,
            open_store(f"sqlite:///{folder}/series.db"),
            Casebook(folder / "book.db", site),
            Repairs(folder / "repairs.db"),
        )

    return new


def every_second(values: Sequence[float], first: int = 0) -> list[tuple[str, int, float]]:
    return [(NAME, START + (first + i) * SECOND, value) for i, value in enumerate(values)]


VALUES = st.lists(st.sampled_from([5.0, 5.0, 5.05, 6.0, 7.0, 8.5, 9.0, 9.5, 9.9, 12.0, 19.0, 25.0]), min_size=3, max_size=30)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, st.data())
def test_however_history_comes_in_the_record_is_that_of_readings_in_time(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], data: st.DataObject
) -> None:
    """Some readings come late, in any order and in any pieces, some with another value first."""
    folder = tmp_path_factory.mktemp("rivers")
    in_time, late = (
        River(
            SITE, open_store(f"sqlite:///{folder}/{name}.db"), Casebook(folder / f"{name}.book", SITE),
            Repairs(folder / f"{name}.repairs"),
        )
        for name in ("in-time", "late")
    )  # fmt: skip
    rows = every_second(values)
    held = sorted(data.draw(st.sets(st.integers(0, len(rows) - 2), max_size=len(rows) - 1)))
    wrong = data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=3)) - set(held)
    in_time.hear(rows)
    late.hear([(name, at, value + 1.5 * (i in wrong)) for i, (name, at, value) in enumerate(rows) if i not in held])
    before = late.live()
    for i in data.draw(st.permutations([*held, *sorted(wrong)])):
        late.hear([rows[i]], got=START + HOUR)
    assert late.live() == before
    late.mend().repaired(quiet=-HOUR)
    assert late.record() == in_time.record()
    assert late.live() == before
    assert late.repairs.waiting() == []


def test_judging_again_twice_changes_nothing(river: Callable[[str], River]) -> None:
    here = river("here")
    rows = every_second([5, 5.5, 5, 5.5, 9, 5, 5.5, 5, 5.5])
    here.hear([row for i, row in enumerate(rows) if i != 4])
    here.hear([rows[4]])
    mend = here.mend()
    first = mend.stretch(["weir"], START, START + 9 * SECOND)
    second = mend.stretch(["weir"], START, START + 9 * SECOND)
    assert (first.readings, second.readings, second.amended, second.late) == (9, 9, 0, [])
    assert first.amended > 0
    assert [flag for _, _, flag, _ in here.record()] == [1, 1, 1, 1, 3, 3, 1, 1, 1]


def test_a_repair_that_clears_a_flag_keeps_what_was_said(river: Callable[[str], River]) -> None:
    """What looked like a jump after an outage is a slope once the readings between have come."""
    here = river("here")
    here.hear(every_second([5, 5.05, 5]))
    here.hear(every_second([9, 9.4, 9.2], first=6))
    jump = here.record()[3]
    here.hear(every_second([6, 7, 8], first=3), got=START + HOUR)
    done = here.mend().stretch(["weir"], START, START + 10 * SECOND)
    in_time = river("in-time")
    in_time.hear(every_second([5, 5.05, 5, 6, 7, 8, 9, 9.4, 9.2]))
    assert here.record() == in_time.record()
    kept = here.repairs.revisions(NAME)
    assert len(kept) == done.amended
    assert all(one.why == REJUDGED and one.was == one.value for one in kept)
    assert jump[0] not in {one.at for one in kept} or (jump[2] in {one.was_flag for one in kept})


def test_a_corrected_value_replaces_the_earlier_one_and_says_what_stood_there(river: Callable[[str], River]) -> None:
    here = river("here")
    here.hear(every_second([5, 5.5, 5, 5.5]))
    here.hear([(NAME, START + SECOND, 6.25)], got=START + HOUR)
    here.hear([(NAME, START + SECOND, 6.25)], got=START + 2 * HOUR)  # said again: no news
    (kept,) = here.repairs.revisions(NAME)
    assert (kept.at, kept.made, kept.why, kept.was, kept.value) == (START + SECOND, START + HOUR, CORRECTED, 5.5, 6.25)
    assert here.record()[1][:2] == (START + SECOND, 6.25)


def test_an_exceedance_that_began_in_history_is_a_late_finding_and_is_not_told(river: Callable[[str], River]) -> None:
    """Found on arrival, by the hour; judged again, nothing is said a second time."""
    here = river("here")
    here.hear([*every_second([5, 5.05, 5]), *every_second([5, 5.05, 5], first=20)])
    here.hear(every_second([7, 8.5, 9, 8.8, 9, 7, 5], first=5), got=START + HOUR)
    found = [one for one in here.book.events() if one.rule == "limit:high"]
    assert [(one.late, one.told) for one in found] == [(True, False)]
    done = here.mend().repaired(quiet=-HOUR)
    assert done.late == []
    assert [one for one in here.book.events() if one.rule == "limit:high"] == found


def test_an_exceedance_that_only_judging_again_shows_is_a_late_finding(river: Callable[[str], River]) -> None:
    """The site has a stricter limit since: what went by then is found now, and those who were not told are not told now."""
    lax = site(limit(above=30.0, clear=29.0), thresholds=SITE.thresholds.values())
    here = river("here", lax)
    here.hear(every_second([5, 7, 8.5, 9, 8.8, 9, 7, 5, 5.05]))
    here.site = SITE
    (late,) = here.mend().stretch(["weir"], START, START + 10 * SECOND).late
    assert (late.turn, late.since, late.tell) == (Turn.LATE, START + 2 * SECOND, False)
    assert [(one.late, one.told, one.state) for one in here.book.events()] == [(True, False, "over")]
    assert here.mend().stretch(["weir"], START, START + 10 * SECOND).late == []


def test_a_stretch_waits_until_nothing_more_comes(river: Callable[[str], River]) -> None:
    """What comes while it is judged keeps it waiting."""
    here = river("here")
    rows = every_second([5, 5.5, 5, 5.5, 5, 5.5])
    here.hear([rows[0], rows[5]])
    here.hear([rows[2]])
    assert here.mend().repaired(quiet=HOUR).readings == 0
    (waiting,) = here.repairs.waiting()
    here.hear([rows[3]])
    here.repairs.done([waiting])
    (grown,) = here.repairs.waiting()
    assert (grown.first, grown.last) == (rows[2][1], rows[3][1])
    assert here.mend().repaired(quiet=-HOUR).readings == 4
    assert here.repairs.waiting() == []


def test_stretches_far_from_each_other_stay_apart(river: Callable[[str], River]) -> None:
    here = river("here")
    here.hear([(NAME, START + 40 * HOUR, 5.0)])
    for hours in (0, 20, 3):
        here.hear([(NAME, START + hours * HOUR, 5.0)])
    assert [(one.first - START) // HOUR for one in here.repairs.waiting()] == [0, 20]
    assert [(one.last - START) // HOUR for one in here.repairs.waiting()] == [3, 20]


def test_a_batch_without_history_notes_nothing(river: Callable[[str], River]) -> None:
    here = river("here")
    verdict = here.court.judge(here.memory, Batch.of(every_second([5, 6])))
    assert here.repairs.note(verdict.judged, here.store) == 0
    assert not np.any(verdict.judged.outcome)
