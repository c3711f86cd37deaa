"""Limits with a schedule: at night, in the closed season, and whatever the clocks do."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain import schedule
from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent
from detectors.domain.instant import MINUTE
from detectors.limits import calendar
from tests.unit.detectors.court.stand import SECOND, SERIES, Hearing, limit, site

HOUR = 3600 * SECOND


def instant(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def readings(*said: tuple[str, float], zone: str = "Asia/Shanghai") -> Batch:
    return Batch.of([(SERIES, instant(f"2026-{when}", zone), value) for when, value in said])


def turns(events: list[GridEvent], zone: str = "Asia/Shanghai") -> list[str]:
    return [f"{event.turn} {datetime.fromtimestamp(event.at / SECOND, ZoneInfo(zone)):%d %H:%M}" for event in events]


@pytest.mark.parametrize(
    ("hours", "opens", "lasts", "again"),
    [
        pytest.param("22:00-05:00", 1320, 420, "22:00-05:00", id="over midnight"),
        pytest.param("08:30–17:00", 510, 510, "08:30-17:00", id="by day, with a dash"),
        pytest.param("18:00-24:00", 1080, 360, "18:00-00:00", id="until the day ends"),
        pytest.param("00:00-24:00", 0, 1440, "", id="all day"),
        pytest.param("", 0, 1440, "", id="nothing said"),
    ],
)
def test_hours_are_read(hours: str, opens: int, lasts: int, again: str) -> None:
    found = schedule.read(hours)
    assert (found.opens, found.lasts, found.hours) == (opens, lasts, again)


@pytest.mark.parametrize(
    ("months", "found", "spans"),
    [
        pytest.param("4-6", {4, 5, 6}, ((4, 6),), id="a season"),
        pytest.param("11-2", {11, 12, 1, 2}, ((11, 2),), id="over the new year"),
        pytest.param("3, 7-8", {3, 7, 8}, ((3, 3), (7, 8)), id="parts of a year"),
        pytest.param("1-12", set(range(1, 13)), (), id="the whole year"),
    ],
)
def test_months_are_read(months: str, found: set[int], spans: tuple) -> None:
    given = schedule.read(months=months)
    assert (given.months, given.spans, given.is_always) == (found, spans, not spans)


@pytest.mark.parametrize("hours", ["22-5", "25:00-05:00", "22:00", "05:00-05:00", "22:00-24:30", "9:00-10:00"])
def test_other_hours_are_refused(hours: str) -> None:
    with pytest.raises(Refused):
        schedule.read(hours)


@pytest.mark.parametrize("months", ["0", "4-13", "May", ",", "4--6"])
def test_other_months_are_refused(months: str) -> None:
    with pytest.raises(Refused):
        schedule.read(months=months)


def test_no_months_are_refused() -> None:
    with pytest.raises(Refused):
        schedule.months_of([])


@settings(deadline=None)
@given(
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
    st.integers(instant("1990-01-02T00:00:00"), instant("2059-12-30T00:00:00")),
)
def test_the_local_clock_is_that_of_the_zone(zone: str, at: int) -> None:
    ahead = datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).utcoffset()
    assert ahead is not None
    assert calendar.local_of(calendar.clock_of(zone), at) - at == ahead.total_seconds() * SECOND
    assert calendar.local_of(calendar.full(calendar.clock_of(zone)), at) - at == ahead.total_seconds() * SECOND


@settings(deadline=None)
@given(st.sampled_from(["22:00-05:00", "06:00-09:30", ""]), st.sampled_from(["4-6", "11-2,5", ""]), st.integers(0, 20_000))
def test_a_schedule_is_on_when_the_calendar_says_so(hours: str, months: str, hour: int) -> None:
    given = schedule.read(hours, months)
    at = instant("2024-01-01T00:00:00", "Europe/Berlin") + hour * HOUR
    local = datetime.fromtimestamp(at // SECOND, ZoneInfo("Europe/Berlin"))
    past = (local.hour * 60 + local.minute - given.opens) % 1440
    opens, _, bits = calendar.of(given)
    lasts = given.lasts * MINUTE
    assert calendar.is_on(opens, lasts, bits, calendar.clock_of("Europe/Berlin"), at) == (
        past < given.lasts and local.month in given.months
    )


@settings(deadline=None)
@given(st.sampled_from(["22:00-05:00", ""]), st.sampled_from(["4-6", "11-2,5"]), st.integers(0, 10_000), st.integers(0, 12_000))
def test_it_is_over_when_it_was_off_in_between(hours: str, months: str, hour: int, later: int) -> None:
    """For what began while it was on; held against every hour in between."""
    opens, _, bits = calendar.of(given := schedule.read(hours, months))
    clock, lasts = calendar.clock_of("Asia/Shanghai"), given.lasts * MINUTE
    since = instant("2024-01-01T00:00:00") + hour * HOUR
    every = range(since, since + later * HOUR + 1, HOUR)
    is_on = [calendar.is_on(opens, lasts, bits, clock, at) for at in every]
    if is_on[0]:
        assert calendar.is_over(opens, lasts, bits, clock, since, every[-1]) == (not all(is_on))


NIGHT = {"hours": "22:00-05:00"}
SPRING = {"months": "4-6"}


@pytest.mark.parametrize(
    ("when", "delay", "said", "found"),
    [
        pytest.param(NIGHT, 0, [("05-01T12:00", 9)], [], id="by day nothing is beyond it"),
        pytest.param(NIGHT, 0, [("05-01T22:00", 9)], ["raised 01 22:00"], id="it holds from its first minute"),
        pytest.param(NIGHT, 0, [("05-01T05:00", 9)], [], id="and no more when it ends"),
        pytest.param(
            NIGHT,
            0,
            [("05-01T23:00", 9), ("05-02T01:00", 9), ("05-02T05:10", 9), ("05-02T06:00", 9)],
            ["raised 01 23:00", "cleared 02 05:10"],
            id="what is open when it ends is cleared by the next reading",
        ),
        pytest.param(
            NIGHT,
            0,
            [("05-01T23:00", 9), ("05-02T22:30", 9), ("05-02T22:40", 9)],
            ["raised 01 23:00", "cleared 02 22:30", "raised 02 22:30"],
            id="another night is another episode, even if nobody was heard by day",
        ),
        pytest.param(
            NIGHT,
            1800,
            [("05-01T21:00", 9), ("05-01T22:10", 9), ("05-01T22:30", 9), ("05-01T22:40", 9)],
            ["raised 01 22:40"],
            id="the delay begins inside",
        ),
        pytest.param(
            NIGHT,
            1800,
            [("05-01T04:50", 9), ("05-01T22:10", 9), ("05-01T22:39", 9)],
            [],
            id="what waited the night before does not wait on",
        ),
        pytest.param(
            SPRING,
            0,
            [("03-31T23:59", 9), ("04-01T00:00", 9), ("06-30T23:59", 9), ("07-01T00:00", 9)],
            ["raised 01 00:00", "cleared 01 00:00"],
            id="a closed season is one episode",
        ),
        pytest.param(
            {"months": "4, 6"},
            0,
            [("04-30T12:00", 9), ("06-01T12:00", 9)],
            ["raised 30 12:00", "cleared 01 12:00", "raised 01 12:00"],
            id="and another season another one",
        ),
        pytest.param(
            NIGHT | SPRING,
            0,
            [("06-30T23:00", 9), ("07-01T01:00", 9)],
            ["raised 30 23:00", "cleared 01 01:00"],
            id="the month is that of the reading's own day",
        ),
    ],
)
def test_a_limit_holds_in_its_schedule(when: dict, delay: float, said: list, found: list[str]) -> None:
    heard = Hearing(site(limit(delay=delay, schedule=schedule.read(**when)), told_within=1e9)).judge(readings(*said))
    assert turns(heard.events) == found


def test_the_clocks_of_summer_move_the_night_with_them() -> None:
    """In Berlin it is 22:30 at 21:30 UTC on 28 March 2026, and at 20:30 UTC a day later."""
    of = site(limit(schedule=schedule.read("22:00-05:00")), timezone="Europe/Berlin", told_within=1e9)
    said = [("03-28T21:30", 9.0), ("03-28T22:30", 9.0), ("03-29T12:00", 7.0), ("03-29T21:30", 9.0), ("03-29T22:30", 9.0)]
    heard = Hearing(of).judge(readings(*said, zone="Europe/Berlin"))
    assert turns(heard.events, "Europe/Berlin") == ["raised 28 22:30", "cleared 29 12:00", "raised 29 22:30"]


def test_readings_outside_of_it_do_not_say_limit() -> None:
    heard = Hearing(site(limit(schedule=schedule.read("22:00-05:00")))).judge(readings(("05-01T21:59", 9), ("05-01T22:01", 9)))
    assert heard.tests == ["", "limit"]


def test_history_outside_of_it_is_no_late_finding() -> None:
    heard = Hearing(site(limit(schedule=schedule.read("22:00-05:00"))))
    heard.judge(readings(("05-02T12:00", 5.0)))
    heard.judge(readings(("05-01T21:30", 9.0), ("05-01T22:30", 9.0)))
    assert turns(heard.events) == ["late 01 22:30"]


def test_a_limit_without_one_knows_no_calendar() -> None:
    assert calendar.of(schedule.ALWAYS) == (0, 0, 0xFFF)
    assert np.isscalar(calendar.local_of(calendar.clock_of("Asia/Shanghai"), 0))
