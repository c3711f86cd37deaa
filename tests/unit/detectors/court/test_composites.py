"""Composites in the court: what is derived is stored, judged by limits, and counted for nobody."""

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.judged import Outcome
from tests.unit.detectors.court import tally
from tests.unit.detectors.court.stand import SECOND, START, Hearing, limit, site, station

HIGH = limit("total", "weir/class", above=13.0, clear=12.0)


def heard(*batches: Batch, limits=(HIGH,)) -> Hearing:
    hearing = Hearing(site(*limits, stations=[station("weir", silent_after=60.0)]))
    hearing.court = Court(hearing.site, {"tally": tally})
    hearing.memory = hearing.court.blank()
    for batch in batches:
        hearing.judge(batch)
    return hearing


def batch(*rows: tuple[str, float, float]) -> Batch:
    return Batch.of([(name, START + round(at * SECOND), value) for name, at, value in rows])


def test_what_is_derived_stands_after_the_readings_with_its_own_series() -> None:
    judged = heard(batch(("weir/do", 0, 5), ("weir/ph", 1, 7), ("weir/stage", 2, 99))).verdicts[0].judged
    names = [judged.readings.names[series] for series in judged.readings.series]
    assert names[3:] == ["weir/class", "weir/multiple.do", "weir/class"]
    assert judged.readings.value[3:].tolist() == [5, 5, 12]
    assert judged.readings.at[3:].tolist() == [START, START, START + SECOND]
    assert judged.outcome.tolist() == [Outcome.JUDGED] * 3 + [Outcome.DERIVED] * 3
    assert (judged.flag[3:].tolist(), judged.readings.seq[3:].tolist()) == ([1, 1, 1], [-1, -1, -1])


def test_a_limit_on_a_derived_series_works_like_any_other() -> None:
    hearing = heard(batch(("weir/do", 0, 5), ("weir/ph", 1, 8.5), ("weir/do", 2, 3)))
    assert hearing.turns == ["raised:limit:total@1", "cleared:limit:total@2"]
    assert hearing.verdicts[0].by == (1, 2)
    assert hearing.final["weir/class", START + SECOND] == (1, "limit")


def test_an_episode_of_a_composite_becomes_an_event_with_its_facts_and_a_code() -> None:
    (event,) = heard(batch(("weir/do", 0, 9), ("weir/ph", 1, 8)), limits=()).events
    assert (event.rule, event.station, event.quantity, event.value) == ("tally:weir", "weir", "class", 17)
    assert event.facts == {"factor": "do", "multiple": 0.5}
    assert (event.code, event.standard) == ("06026", "GB/T 47678.5-2026")


def test_derived_readings_are_not_received_and_wake_nobody() -> None:
    hearing = heard(batch(("weir/do", 0, 5), ("weir/ph", 1, 7)))
    assert hearing.memory.counts() == {"weir": (2, 2, 0, 0)}
    hearing.tick(START + 100 * SECOND)
    assert [event.rule for event in hearing.events] == ["silence"]


def test_history_derives_nothing() -> None:
    hearing = heard(batch(("weir/do", 10, 5)), batch(("weir/do", 0, 9)))
    assert hearing.outcomes == ["JUDGED", "DERIVED", "DERIVED", "HISTORY"]


def test_only_blocks_of_units_that_were_heard_are_written_again() -> None:
    hearing = heard(batch(("weir/do", 0, 5)))
    assert sorted(hearing.memory.blocks()) == ["series.00000", "stations.00000", "tally.00000"]
    hearing.judge(batch(("weir/stage", 1, 5)))
    assert sorted(hearing.memory.blocks()) == ["series.00000", "stations.00000"]


def test_memory_outlives_a_composite_that_came_or_went() -> None:
    hearing = heard(batch(("weir/do", 0, 9)))
    blocks = hearing.memory.blocks(changed_only=False)
    plain = Court(hearing.site, {})
    assert plain.thaw(blocks).counts() == hearing.memory.counts()
    back = hearing.court.thaw(plain.thaw(blocks).blocks(changed_only=False))
    (event,) = hearing.court.judge(back, batch(("weir/do", 1, 20), ("weir/ph", 2, 1))).events[:1]
    assert event.value == 20


def test_a_unit_that_the_site_no_longer_has_is_left_out() -> None:
    blocks = heard(batch(("weir/do", 0, 9), ("weir/ph", 0, 3))).memory.blocks(changed_only=False)
    emptied = Court(site(stations=[station("mill")]), {"tally": tally})
    assert len(emptied.thaw(blocks).units["tally"]) == 0
