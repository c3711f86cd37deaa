"""Limits with delay and hysteresis, by their turns."""

import pytest

from detectors.domain.event import Level, Turn, event_id
from tests.unit.detectors.court.stand import SECOND, SERIES, START, Hearing, limit, of_quality, series_of, site, station

BELOW = {"above": None, "below": 3.0, "clear": 3.5}
SPIKE = {"spike_suspect": 2, "spike_fail": 4}


@pytest.mark.parametrize(
    ("facts", "values", "turns"),
    [
        pytest.param({"delay": 2}, [7, 7, 7], [], id="calm water says nothing"),
        pytest.param({"delay": 2}, [9, 9, 9], ["raised@2"], id="high for the delay raises once"),
        pytest.param({"delay": 2}, [9, 9, 9, 9, 9], ["raised@2"], id="and not again"),
        pytest.param({"delay": 2}, [9, 9, 9, 7.8], ["raised@2"], id="back, but not below the clearing line, stays raised"),
        pytest.param({"delay": 2}, [9, 9, 9, 7.5], ["raised@2"], id="on the clearing line stays raised"),
        pytest.param({"delay": 2}, [9, 9, 9, 7.4], ["raised@2", "cleared@3"], id="below the clearing line clears"),
        pytest.param({"delay": 2}, [9, 7, 9, 9], [], id="a dip starts the delay anew"),
        pytest.param({}, [8], [], id="the limit itself is not beyond it"),
        pytest.param({}, [8.1, 7, 8.1], ["raised@0", "cleared@1", "raised@2"], id="without a delay each rise is one"),
        pytest.param(BELOW, [3, 2.9, 3.5, 3.6], ["raised@1", "cleared@3"], id="below is the mirror of above"),
    ],
)
def test_a_limit_turns(facts: dict, values: list[float], turns: list[str]) -> None:
    heard = Hearing(site(limit(**facts))).judge(series_of(values))
    assert turns == [turn.replace(":limit:high", "") for turn in heard.turns]


@pytest.mark.parametrize(
    ("values", "marks", "turns"),
    [
        pytest.param([5, 5, 9, 5, 5], "", [], id="a spike raises nothing"),
        pytest.param([5, 5, 9, 9, 9], "", ["raised@3"], id="a step raises when its second reading bears it out"),
        pytest.param([5, 7.5, 9, 9.5], "", ["raised@2"], id="a rise without a jump raises at once"),
        pytest.param([5, 5, 9, 9, 5, 9, 9], "", ["raised@3"], id="a spike downwards clears nothing"),
        pytest.param([5, 9], "D.", ["raised@1"], id="the first believed reading has nothing to jump from"),
        pytest.param([9, 9, 9], "TTT", ["raised@2"], id="readings that fail raise an instrument matter"),
        pytest.param([9, 9, 9], "MMM", ["raised@2"], id="maintenance raises an instrument matter, and no alarm"),
        pytest.param([9, 9, 9], "SSS", [], id="suspect readings raise nothing"),
        pytest.param([5, 5, 8.1, 7.3, 5], "", ["raised@3", "cleared@3"], id="a jump that its successor bears out was one")
    ],
)  # fmt: skip
def test_quality_comes_first(values: list[float], marks: str, turns: list[str]) -> None:
    heard = Hearing(site(limit(), thresholds=[of_quality(**SPIKE)])).judge(series_of(values, marks=marks))
    assert turns == [turn.replace(":limit:high", "").replace(":quality:mark", "") for turn in heard.turns]
    assert all(event.matter == ("instrument" if marks in {"TTT", "MMM"} else "pollution") for event in heard.events)


def test_every_reading_beyond_a_limit_says_so() -> None:
    heard = Hearing(site(limit(delay=60))).judge(series_of([7, 8.5, 8, 9], marks="...M"))
    assert heard.tests == ["", "limit", "", "mark"]


def test_several_limits_on_one_series_turn_apart() -> None:
    of = site(limit("high"), limit("low", **BELOW), limit("very-high", above=9.0, clear=8.0), limit("else", series="weir/ph"))
    heard = Hearing(of).judge(series_of([8.5, 9.5, 7.9, 2]))
    assert heard.turns == [
        "raised:limit:high@0",
        "raised:limit:very-high@1",
        "cleared:limit:very-high@2",
        "cleared:limit:high@3",
        "raised:limit:low@3",
    ]


def test_an_event_says_where_and_what() -> None:
    """Code and standard of pollution are the default of a limit that names none."""
    place = station("weir", cell="330104001002003", reach="middle")
    heard = Hearing(site(limit(delay=1, level=Level.ALARM), stations=[place])).judge(series_of([9, 9.5]))
    (event,) = heard.events
    assert (event.cell, event.reach, event.code, event.standard) == ("330104001002003", "middle", "06026", "GB/T 47678.5-2026")
    assert (event.level, event.matter, event.station, event.quantity) == (Level.ALARM, "pollution", "weir", "do")
    assert (event.since, event.at, event.value, event.limit) == (START, START + SECOND, 9.5, 8.0)
    assert event.id == event_id("limit:high", SERIES, START)


def test_a_limit_keeps_its_own_code() -> None:
    heard = Hearing(site(limit(matter="hazard"), limit("b", code="01067", standard="own"))).judge(series_of([9]))
    assert [(event.code, event.standard) for event in heard.events] == [("", ""), ("01067", "own")]


def late(values: list[float], hours: list[float]) -> Hearing:
    """A reading now, and then some of the past."""
    heard = Hearing(site(limit())).judge(series_of([5]))
    for value, hour in zip(values, hours, strict=True):
        heard.judge(series_of([value], start=START - round(hour * 3600) * SECOND))
    return heard


def test_history_is_told_of_once_an_hour_and_never_told() -> None:
    heard = late([9, 9.5, 7, 9], [5.2, 5.1, 5.0, 2])
    assert [event.turn for event in heard.events] == [Turn.LATE, Turn.LATE]
    assert not any(event.tell for event in heard.events)
    assert [(START - event.since) // (3600 * SECOND) for event in heard.events] == [5, 2]
    assert heard.outcomes == ["JUDGED"] + ["HISTORY"] * 4


@pytest.mark.parametrize(
    ("delay_of", "turns"),
    [
        pytest.param([0, 0, 0, 0], ["raised tell", "cleared tell"], id="young readings are told"),
        pytest.param([9000, 9000, 9000, 9000], ["raised", "cleared"], id="a long outage, over before it is known, is not"),
        pytest.param([0, 0, 9000, 9000], ["raised tell", "cleared"], id="an end that comes late is not"),
        pytest.param(
            [9000, 9000, 0, 0], ["raised", "raised tell", "cleared tell"], id="what began long ago and goes on is told now"
        ),
        pytest.param([9000, 9000, 9000, 0], ["raised", "cleared"], id="nobody hears of the end who never heard of the beginning"),
    ],
)
def test_told_in_time(delay_of: list[float], turns: list[str]) -> None:
    """Told within two hours and a half at most; readings arrive so many seconds after their instant."""
    heard = Hearing(site(limit(), told_within=8999))
    for i, (value, delay) in enumerate(zip([5, 9, 9, 5], delay_of, strict=True)):
        batch = series_of([value], start=START + i * SECOND)
        batch.got[:] += round(delay * SECOND)
        heard.judge(batch)
    assert [f"{event.turn}{' tell' if event.tell else ''}" for event in heard.events] == turns
    assert len({event.id for event in heard.events}) == 1
