"""The state of a station."""

import pytest

from dashboards.desk import situation
from dashboards.desk.situation import State
from detectors.domain.event import Level
from detectors.domain.site import Site

from .conftest import NOW, S, episode, reading


@pytest.mark.parametrize(
    ("state", "episodes"),
    [
        pytest.param(State.GOOD, [], id="nothing open is good"),
        pytest.param(State.WARNING, [episode()], id="an open warning warns"),
        pytest.param(State.NOTICE, [episode(level=Level.NOTICE)], id="a notice is noticed"),
        pytest.param(State.ALARM, [episode(), episode(id="e2", level=Level.ALARM)], id="the gravest of several holds"),
        pytest.param(State.GOOD, [episode(cleared_at=NOW)], id="what is over does not count"),
        pytest.param(State.GOOD, [episode(station="cam")], id="what is elsewhere does not count"),
        pytest.param(
            State.INSTRUMENT, [episode(matter="instrument", level=Level.ALARM)], id="an instrument is never a pollution alarm"
        ),
        pytest.param(
            State.SILENT, [episode(matter="silence"), episode(id="e2", level=Level.NOTICE)], id="silence outweighs a notice"
        ),
        pytest.param(State.WARNING, [episode(matter="silence"), episode()], id="a warning outweighs silence"),
    ],
)
def test_a_station_is_in_the_gravest_state_of_what_is_open(site: Site, state: State, episodes: list) -> None:
    assert state is situation.of_station(site.stations["up"], episodes, {"up/do": reading()}, NOW)


def test_a_station_that_never_spoke_is_silent(site: Site) -> None:
    assert situation.of_station(site.stations["up"], [], {}, NOW) is State.SILENT


def test_a_station_is_silent_after_twice_its_time_even_if_nobody_judges(site: Site) -> None:
    station = site.stations["up"]

    assert situation.of_station(station, [], {"up/do": reading(age=119)}, NOW) is State.GOOD
    assert situation.of_station(station, [], {"up/do": reading(age=121)}, NOW) is State.SILENT


def test_another_stations_readings_are_not_its_own(site: Site) -> None:
    assert situation.newest_of("up", {"upper/do": reading(), "up/do": reading(1.0)}) == {"do": reading(1.0)}


def test_what_a_station_sends_beyond_the_registry_is_shown_last(site: Site) -> None:
    assert situation.shown(site, "up", {"up/turb": reading(), "up/do": reading()}) == ["do", "ph", "turb"]
    assert NOW % S == 0


def test_of_a_camera_what_raises_events_comes_first_and_how_it_is_last(site: Site) -> None:
    said = {f"cam/{name}": reading() for name in ("brightness", "cover", "motion", "people")}

    assert situation.shown(site, "cam", said) == ["movers.gate", "motion", "people", "brightness", "cover"]
