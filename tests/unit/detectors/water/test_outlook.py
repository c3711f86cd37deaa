"""Outlooks: when a notice rises, what it says, and when it is over."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from detectors.court import Court
from detectors.domain import schedule
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.instant import HOUR
from detectors.domain.site import Limit, Site, Title
from detectors.water import outlook

SERIES = "weir/do"
START = 20_000 * 24 * HOUR
LOW = Limit(name="low", series=SERIES, below=7.3, clear=7.5, outlook=6.0)
HIGH = Limit(name="high", series=SERIES, above=8.7, clear=8.5, outlook=6.0)


def site(*limits: Limit) -> Site:
    return Site(name="stand", title=Title(zh="台", en="stand"), limits=limits)


def wave(hours: np.ndarray, height: float = 1.0) -> np.ndarray:
    """A day with its lowest, 8 less the height, at 6 h and its highest at 18 h."""
    return 8 - height * np.sin(hours / 24 * 2 * np.pi)


def batch(hours: np.ndarray, values: np.ndarray, late: float = 0.0) -> Batch:
    rows = [(SERIES, START + round(hour * HOUR), float(value)) for hour, value in zip(hours, values, strict=True)]
    whole = Batch.of(rows)
    return replace(whole, got=whole.at + round(late * HOUR))


def heard(*limits: Limit, hours: np.ndarray, values: np.ndarray, late: float = 0.0) -> list[GridEvent]:
    court = Court(site(*limits))
    return list(court.judge(court.blank(), batch(hours, values, late)).events)


def turns(events: list[GridEvent]) -> list[str]:
    """Each turn of each rule with the hour of the day."""
    return [f"{one.rule} {one.turn} at {(one.at - START) / HOUR % 24:g}" for one in events]


QUARTERS = np.arange(0, 5 * 24, 0.25)


def test_a_low_that_comes_every_day_is_said_hours_before() -> None:
    events = [one for one in heard(LOW, hours=QUARTERS, values=wave(QUARTERS)) if one.at >= START + 90 * HOUR]
    names = turns(events)
    raised = events[0]
    assert [one.rule for one in events[:3]] == ["outlook:low", "limit:low", "outlook:low"]
    assert names[1:3] == ["limit:low raised at 3", "outlook:low cleared at 3"]
    facts = raised.facts
    assert (raised.matter, raised.level, raised.limit, raised.code, facts["horizon"]) == ("outlook", "notice", 7.3, "", 6.0)
    assert START + 98.5 * HOUR < facts["expected_at"] < START + 99.4 * HOUR  # it is 3 h after 96
    assert raised.at < facts["earliest_at"] <= facts["expected_at"] <= facts["latest_at"]
    assert facts["evidence"] == "forecast"
    assert 6.8 < facts["expected_low"] <= facts["expected"] <= facts["expected_high"] < 7.3
    assert facts["probability"] >= 0.8


def test_the_day_is_foreseen_upwards_too() -> None:
    names = turns([one for one in heard(HIGH, hours=QUARTERS, values=wave(QUARTERS)) if one.at >= START + 100 * HOUR])
    assert [name.rpartition(" at ")[0] for name in names[:3]] == [
        "outlook:high raised", "limit:high raised", "outlook:high cleared",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "height", "said"),
    [
        pytest.param([LOW], 0.5, [], id="a day that stays above the limit says nothing"),
        pytest.param([replace(LOW, outlook=0.0)], 1.0, [], id="nor does a limit without an outlook"),
        pytest.param([replace(LOW, outlook=0.25)], 1.0, [], id="nor one that looks less than half an hour ahead"),
        pytest.param([LOW], 1.0, ["low"], id="a day that passes it does"),
        pytest.param([LOW, HIGH], 1.0, ["low", "high"], id="and each limit speaks for itself"),
    ],
)
def test_who_is_warned(limits: list[Limit], height: float, said: list[str]) -> None:
    values = wave(QUARTERS, height) + np.random.default_rng(1).normal(0, 0.01, len(QUARTERS))
    events = [one for one in heard(*limits, hours=QUARTERS, values=values) if one.matter == "outlook"]
    assert list(dict.fromkeys(one.rule.removeprefix("outlook:") for one in events)) == said


def test_what_does_not_come_is_over_before_its_time() -> None:
    """The water turns half an hour after the notice, and stays above the limit."""
    values = wave(QUARTERS)
    first = heard(LOW, hours=QUARTERS, values=values)
    raised = next(one for one in first if one.matter == "outlook" and one.at > START + 90 * HOUR)
    turned = (raised.at - START) / HOUR < QUARTERS
    values = np.where(turned, values + np.minimum(1.5, (QUARTERS - (raised.at - START) / HOUR) * 1.0), values)
    after = [one for one in heard(LOW, hours=QUARTERS, values=values) if one.at >= raised.at]
    assert [f"{one.rule} {one.turn}" for one in after[:2]] == ["outlook:low raised", "outlook:low cleared"]
    assert after[1].facts == {}
    assert after[1].id == after[0].id


def test_a_delay_of_the_limit_is_waited_for() -> None:
    slow = replace(LOW, delay=3600.0)
    names = turns([one for one in heard(slow, hours=QUARTERS, values=wave(QUARTERS)) if one.at >= START + 90 * HOUR])
    assert names[1:3] == ["limit:low raised at 4", "outlook:low cleared at 4"]


@pytest.mark.parametrize(
    ("hours", "said", "expected"),
    [
        pytest.param("14:00-20:00", ["limit:low raised at 6", "outlook:low cleared at 6"], 6, id="when the schedule begins"),
        pytest.param("08:00-13:00", ["limit:low raised at 3", "outlook:low cleared at 3"], 3, id="within it, as ever"),
        pytest.param("18:00-24:00", [], 0, id="never outside of it"),
    ],
)
def test_a_limit_with_a_schedule_is_foreseen_in_it(hours: str, said: list[str], expected: float) -> None:
    """The water is low from 3 to 9 in UTC, 11 to 17 in Shanghai."""
    at_times = replace(LOW, schedule=schedule.read(hours))
    found = heard(at_times, hours=QUARTERS, values=wave(QUARTERS))
    events = [one for one in found if START + 90 * HOUR <= one.at <= START + 106 * HOUR]
    assert turns(events)[1:3] == said
    assert [one.rule for one in events if one.turn == "raised"] == (["outlook:low", "limit:low"] if said else [])
    if said:
        assert abs(events[0].facts["expected_at"] - START - (96 + expected) * HOUR) < 0.6 * HOUR


def test_what_a_schedule_ended_is_foreseen_anew() -> None:
    """A limit that was raised when its schedule ended is not raised any more the next day, although the water never rose."""
    at_times = replace(LOW, schedule=schedule.read("08:00-13:00"))
    values = np.where(QUARTERS > 98, np.minimum(wave(QUARTERS), 7.2), wave(QUARTERS))
    names = turns([one for one in heard(at_times, hours=QUARTERS, values=values) if one.at >= START + 98 * HOUR])
    assert names[:3] == ["limit:low raised at 2.25", "outlook:low cleared at 2.25", "limit:low cleared at 5"]


def test_nothing_is_foreseen_while_the_limit_is_raised() -> None:
    """Noise about the bound, which never passes the clearing line: one episode of the limit, and no notice within it."""
    values = wave(QUARTERS) + np.where(QUARTERS > 96, np.random.default_rng(2).normal(0, 0.06, len(QUARTERS)), 0)
    events = [one for one in heard(LOW, hours=QUARTERS, values=values) if one.at >= START + 96 * HOUR]
    spans = [one for one in events if one.rule == "limit:low"]
    assert [one.turn for one in spans[:2]] == ["raised", "cleared"]
    within = [one for one in events if spans[0].at < one.at < spans[1].at]
    assert within == []


def test_a_short_pass_is_none_for_the_limit_and_leaves_the_notice() -> None:
    slow = replace(LOW, delay=3600.0)
    values = wave(QUARTERS)
    values[np.abs(QUARTERS - 98.5) < 0.1] = 7.2  # one reading beyond the limit, half an hour before its time
    names = turns([one for one in heard(slow, hours=QUARTERS, values=values) if one.at >= START + 90 * HOUR])
    assert [name.rpartition(" at ")[0] for name in names[:3]] == [
        "outlook:low raised", "limit:low raised", "outlook:low cleared",
    ]  # fmt: skip


def test_what_came_late_is_recorded_and_told_only_if_it_goes_on() -> None:
    court = Court(site(LOW))
    memory = court.blank()
    old = QUARTERS[QUARTERS < 97.5]
    past = [one for one in court.judge(memory, batch(old, wave(old), late=5)).events if one.matter == "outlook"]
    assert not any(one.tell for one in past)
    assert past[-1].turn == "raised"
    new = np.array([97.5, 97.75])
    (again,) = court.judge(memory, batch(new, wave(new))).events
    assert (again.id, again.turn, again.tell) == (past[-1].id, "raised", True)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([HIGH, LOW], id="one more, before it"),
        pytest.param([LOW, HIGH], id="one more, after it"),
        pytest.param([replace(LOW, likely=0.7)], id="the same, less strict"),
    ],
)
def test_a_notice_outlives_a_change_of_limits(other: list[Limit]) -> None:
    court = Court(site(LOW))
    memory = court.blank()
    before = QUARTERS[QUARTERS < 98]
    raised = court.judge(memory, batch(before, wave(before))).events[-1]
    assert (raised.rule, raised.turn) == ("outlook:low", "raised")

    changed = Court(site(*other))
    thawed = changed.thaw(memory.blocks(changed_only=False))
    after = QUARTERS[(QUARTERS >= 98) & (QUARTERS <= 99.5)]
    events = [one for one in changed.judge(thawed, batch(after, wave(after))).events if one.rule == "outlook:low"]

    assert [(one.turn, one.id) for one in events] == [("cleared", raised.id)]


def test_a_limit_that_lost_its_outlook_leaves_no_memory() -> None:
    court = Court(site(LOW))
    memory = court.blank()
    court.judge(memory, batch(QUARTERS, wave(QUARTERS)))
    plain = Court(site(replace(LOW, outlook=0.0)))
    assert len(plain.thaw(memory.blocks(changed_only=False)).units["outlook"]) == 0


def test_notices_of_a_limit_take_turns() -> None:
    hours = np.arange(0, 30 * 24, 0.25)
    values = wave(hours, 0.8) + np.random.default_rng(3).normal(0, 0.15, len(hours))
    mine = [one for one in heard(LOW, hours=hours, values=values) if one.matter == "outlook"]
    assert len(mine) > 20
    assert all(a.turn != b.turn for a, b in pairwise(mine))
    assert all(a.id == b.id for a, b in pairwise(mine) if a.turn == "raised")


def test_a_unit_is_a_series_with_an_outlook_and_derives_nothing() -> None:
    mine = site(LOW, *(replace(HIGH, name=f"high{k}") for k in range(5)))
    assert outlook.unit_of(mine, SERIES) == (SERIES, 0)
    assert outlook.unit_of(mine, "weir/ph") is None
    assert outlook.of(mine, "weir/ph") is None
    row = outlook.of(mine, SERIES)
    assert row is not None
    assert [len(column) for column in row] == [*[outlook.MOST] * 10, 2]
    assert outlook.series_of(SERIES, 0) == SERIES
