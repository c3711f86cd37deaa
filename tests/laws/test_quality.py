"""Laws of the tests of quality, each asked for by itself: what one forgets no other may carry, and each must have its say."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court, Memory, hearing
from detectors.court.rows import REMEMBERED
from detectors.court.seats import SEATED
from detectors.domain.batch import Batch
from detectors.domain.judged import TESTS
from detectors.domain.quality import Habits, Neighbour, Quality
from detectors.domain.site import Site
from detectors.domain.thresholds import Thresholds
from detectors.quality.roll import BIT
from tests.laws.test_judging import HOUR, QUALITY, SECOND, SERIES, SITE, THRESHOLDS, part, recording_of, recordings

Paced = Callable[[Batch], Batch]


def asked(*, quality: Quality | None = None, thresholds: tuple[str, ...] = ()) -> Site:
    """The site of the laws, asking only for this; thresholds are on every series."""
    given = {name: getattr(THRESHOLDS, name) for name in thresholds}
    every = {name: Thresholds(series=name, **given) for name in SERIES} if given else {}
    return dataclasses.replace(SITE, limits=(), sections={}, thresholds=every, quality=quality or Quality())


def habits(*names: str) -> Site:
    """A site with these habits only."""
    told = {one: {name: getattr(given, name) for name in names} for one, given in QUALITY.habits.items()}
    return asked(quality=Quality(habits={series: Habits(series=series, **given) for series, given in told.items()}))


def usual(**without: object) -> Site:
    """A site that knows what is usual, without a part of it."""
    return asked(quality=Quality(usual={name: dataclasses.replace(one, **without) for name, one in QUALITY.usual.items()}))


def as_it_came(batch: Batch) -> Batch:
    return batch


def every(ns: int, *, together: int = 1, names: tuple[str, ...] = SERIES) -> Paced:
    """Readings in order at this pace, some with the same instant, of these series."""

    def paced(batch: Batch) -> Batch:
        at = batch.seq // together * together * ns
        return dataclasses.replace(batch, names=names, at=at, got=at)

    return paced


def calm(*names: str, ns: int = HOUR) -> Paced:
    """These series in turn at this pace, with values that lie closer together."""

    def paced(batch: Batch) -> Batch:
        at, series = batch.seq * ns, (batch.seq % len(names)).astype(np.int32)
        return dataclasses.replace(batch, names=names, series=series, at=at, got=at, value=batch.value / 4 + 5)

    return paced


def over_years(batch: Batch) -> Batch:
    """Early and late as it came, but a second is a week and more."""
    return dataclasses.replace(batch, at=batch.at * 3600 * 200, got=batch.got * 3600 * 200)


BESIDE = Neighbour(series="a/do", neighbour="b/do", within=43_200, drift_low=-0.4, drift_high=0.4)
ALONE: Mapping[str, tuple[Site, Paced]] = {
    "gross_range": (asked(thresholds=("fail_low", "fail_high", "suspect_low", "suspect_high")), as_it_came),
    "spike": (asked(thresholds=("spike_suspect", "spike_fail")), as_it_came),
    "rate_of_change": (asked(thresholds=("rate",)), every(SECOND)),
    "flat_line": (asked(thresholds=("flat_tolerance", "flat_suspect", "flat_fail")), as_it_came),
    "mark": (asked(), as_it_came),
    "limit": (dataclasses.replace(asked(), limits=SITE.limits), as_it_came),
    "gap": (habits("gap"), as_it_came),
    "location": (asked(quality=Quality(moorings=QUALITY.moorings)), every(SECOND, together=2, names=("a/lon", "a/lat", "b/do"))),
    "climatology": (asked(quality=Quality(seasons=QUALITY.seasons)), over_years),
    "multi_variate": (asked(quality=Quality(relations=QUALITY.relations)), every(SECOND)),
    "attenuated_signal": (
        habits("attenuated_by", "attenuated_over", "attenuated_suspect", "attenuated_fail", "attenuated_readings"),
        every(SECOND),
    ),
    "neighbour": (asked(quality=Quality(neighbours=QUALITY.neighbours)), as_it_came),
    "drift": (usual(moves=(), strays=()), calm("a/do", "a/temp", "b/do")),
    "apart": (asked(quality=Quality(neighbours=(BESIDE,))), calm("a/do", "b/do", ns=3 * HOUR // 2)),
    "stuck_at_limit": (habits("stuck_low", "stuck_high", "stuck_after"), as_it_came),
    "pattern_loss": (habits("pattern_suspect", "pattern_fail"), calm(*SERIES)),
    "unlikely": (usual(days=(), saturation=float("nan")), every(2 * HOUR)),
}
SAID_AS = {"apart": "drift"}  # the test whose name it goes by, where that is not its own
every_test = pytest.mark.parametrize("test", ALONE)


def hold(court: Court, memory: Memory, batch: Batch) -> tuple[list, ...]:
    """What is said of each reading, of earlier ones, and which are settled, as plain values."""
    tested = hearing.test(memory, memory.rows_of(batch.names)[batch.series], batch)
    columns = [getattr(tested, name).tolist() for name in ("outcome", "flag", "tests")]
    columns += [tested.said[name].tolist() for name in ("mark", "failed", "passed", "doubtful")]
    rows = list(zip(*columns, map(repr, tested.score.tolist()), strict=True))
    earlier = [(int(batch.seq[i]), *rest) for i, *rest in tested.amended.tolist()]
    return rows, earlier, [(int(batch.seq[i]), *rest) for i, *rest in tested.offered.tolist()]


@every_test
@settings(deadline=None, max_examples=25)
@given(recordings(), st.integers(0, 30))
def test_cutting_the_stream_changes_nothing_for_a_test(test: str, recording: Batch, cut: int) -> None:
    """Judged whole, or cut anywhere with the memory stored in blocks between, it says the same and remembers the same."""
    site, paced = ALONE[test]
    court, batch = Court(site), paced(recording)
    memory, first = court.blank(), court.blank()
    whole = hold(court, memory, batch)

    begun = hold(court, first, part(batch, slice(cut)))
    second = court.thaw(first.blocks(changed_only=False))
    ended = hold(court, second, part(batch, slice(cut, None)))

    assert whole == tuple(one + two for one, two in zip(begun, ended, strict=True))
    assert memory.blocks(changed_only=False) == second.blocks(changed_only=False)


@every_test
def test_a_test_has_its_say_and_no_other_speaks_for_it(test: str) -> None:
    """In sixty recordings as the laws make them it fires; what is not asked for does not."""
    site, paced = ALONE[test]
    court, random = Court(site), np.random.default_rng(1)
    fired = 0
    for _ in range(60):
        rows, earlier, _ = hold(court, court.blank(), paced(recording_of(random.integers(0, 240, (30, 5)))))
        for tests in (*(row[2] for row in rows), *(row[5] for row in earlier)):
            fired |= tests
    own = BIT[SAID_AS.get(test, test)]
    assert fired & own
    assert fired & ~(own | BIT["mark"]) == 0


def test_every_test_is_held_to_the_laws() -> None:
    assert ALONE.keys() == {*TESTS, *SAID_AS}


@pytest.mark.parametrize("rule", [*REMEMBERED, *(name for name, rule in SEATED.items() if hasattr(rule, "MEMORY"))])
def test_a_test_remembers_at_most_300_bytes_of_a_series(rule: str) -> None:
    memory = REMEMBERED[rule] if rule in REMEMBERED else SEATED[rule].MEMORY
    assert memory.itemsize <= 300
