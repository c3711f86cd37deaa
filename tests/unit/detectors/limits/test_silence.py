"""Silence, judged against ticks."""

from detectors.domain.event import Turn, event_id
from tests.unit.detectors.court.stand import SECOND, START, Hearing, series_of, site, station

QUIET = site(stations=[station("weir", silent_after=60.0), station("mill")])


def after(seconds: float) -> int:
    return START + round(seconds * SECOND)


def test_a_station_that_is_not_heard_is_silent_once() -> None:
    heard = Hearing(QUIET).judge(series_of([5])).tick(after(60)).tick(after(61)).tick(after(99))
    (event,) = heard.events
    assert (event.turn, event.rule, event.matter, event.value) == (Turn.RAISED, "silence", "silence", None)
    assert (event.series, event.station, event.quantity) == ("weir", "weir", "")
    assert (event.since, event.at, event.tell) == (START, after(61), True)
    assert event.id == event_id("silence", "weir", START)


def test_the_next_reading_ends_the_silence_even_if_it_is_old() -> None:
    heard = Hearing(QUIET).judge(series_of([5])).tick(after(61))
    old = series_of([5], start=after(-10))
    old.got[:] = after(70)
    heard.judge(old).tick(after(71))
    assert heard.turns == ["raised:silence@61", "cleared:silence@70"]
    assert len({event.id for event in heard.events}) == 1


def test_any_series_of_the_station_speaks_for_it() -> None:
    heard = Hearing(QUIET).judge(series_of([5])).judge(series_of([5], series="weir/ph", start=after(50))).tick(after(100))
    assert heard.turns == []


def test_a_station_without_a_time_is_never_silent() -> None:
    assert Hearing(QUIET).judge(series_of([5], series="mill/do")).tick(after(9e6)).turns == []


def test_a_station_that_the_site_does_not_know_is_never_silent() -> None:
    assert Hearing(QUIET).judge(series_of([5], series="barge/do")).tick(after(9e6)).turns == []
