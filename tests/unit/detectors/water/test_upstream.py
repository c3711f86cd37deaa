"""Where a breach may have come from, and where it goes: proposed with the arithmetic shown."""
# ruff: noqa: E501  tables of cases are read by their rows

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.pace import Pace
from detectors.water.breach import Breach, Trace
from detectors.water.network import Network
from detectors.water.related import DOWN, UP, are_related, related, table
from detectors.water.upstream import trace, wanted

from .rivers import NOON, SECOND, a_record, a_river

HOUR = 3600
PACE = Pace(speed=1.0, spread=1.25)
NETWORK = Network(a_river(upper=PACE, brook=PACE, middle=PACE, lower=PACE))
CLEAN, DIRTY = {-9 * HOUR: 8.0, -4 * HOUR: 8.0, 0: 8.0}, {-9 * HOUR: 8.0, -4 * HOUR: 3.0, 0: 8.0}


def traced(said: dict[str, dict[int, float]], station: str = "bridge", quantity: str = "do") -> Trace:
    found = trace(NETWORK, Breach(station=station, quantity=quantity, since=NOON), {}, a_record(said))
    assert found is not None
    return found


def standings(found: Trace) -> dict[tuple[str, int], str]:
    return {(one.reach, round(one.end / 1000)): one.standing for one in found.pieces}


def every_ten_minutes(value: float) -> dict[int, float]:
    return dict.fromkeys(range(-12 * HOUR, 12 * HOUR, 600), value)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            {"source/do": every_ten_minutes(8.0), "mill/do": every_ten_minutes(8.0)},
            {("middle", 8): "likely", ("upper", 10): "likely", ("brook", 3): "likely"},
            id="both feeders were clean: it came in below them",
        ),
        pytest.param(
            {"source/do": every_ten_minutes(3.0), "mill/do": every_ten_minutes(8.0)},
            {("middle", 8): "passed", ("upper", 10): "passed", ("brook", 3): "likely", ("upper", 1): "likely"},
            id="a station above saw it: it came from above that",
        ),
        pytest.param(
            {"mill/cond": every_ten_minutes(100.0)},
            {("middle", 8): "likely", ("upper", 10): "likely", ("brook", 3): "likely", ("upper", 1): "beyond"},
            id="a station that says nothing cannot end the search",
        ),
    ],
)  # fmt: skip
def test_the_likely_stretch(said: dict[str, dict[int, float]], expected: dict[tuple[str, int], str]) -> None:
    """From the station up to those that were clean while this water passed them."""
    assert {where: how for where, how in standings(traced(said)).items() if where[1]} == expected


def test_only_what_was_said_while_this_water_passed_counts() -> None:
    """The source lies 17 km above: at 1 m/s its water took 4 h 43 min."""
    late = {second: 3.0 if second > -2 * HOUR else 8.0 for second in every_ten_minutes(8.0)}

    (source,) = (one for one in traced({"source/do": late}).witnesses if one.station == "source")

    assert source.said == "clean"
    assert source.passed_from == pytest.approx(NOON - 17_000 * 1.25 * SECOND, rel=1e-6)
    assert source.passed_until == pytest.approx(NOON - 17_000 * 0.89 / 1.25 * SECOND, rel=1e-6)


@pytest.mark.parametrize(
    ("said", "case", "heard"),
    [
        pytest.param({}, "unheard", 0, id="it says nothing"),
        pytest.param({"works/flow": every_ten_minutes(0.0)}, "still", 0, id="nothing flowed"),
        pytest.param({"works/flow": every_ten_minutes(0.2)}, "discharging", 0, id="it flowed"),
        pytest.param({"works/nh3n": every_ten_minutes(20.0)}, "beyond", 1, id="it was beyond its limit"),
        pytest.param({"works/nh3n": every_ten_minutes(2.0)}, "unheard", 1, id="within its limits, but its flow meter says nothing"),
        pytest.param({"works/nh3n": {-3 * HOUR: 20.0}}, "beyond", 1, id="its last reading before speaks for it"),
        pytest.param({"works/nh3n": {-20 * HOUR: 20.0}}, "unheard", 0, id="but not one of yesterday"),
    ],
)  # fmt: skip
def test_what_an_outfall_said_of_the_time_it_would_have_left(said: dict[str, dict[int, float]], case: str, heard: int) -> None:
    works = next(one for one in traced(said).suspects if one.station == "works")

    assert {term.name: term.case for term in works.terms}["own"] == case
    assert (works.worst is not None) == bool(heard)


def test_a_score_is_its_terms_added_up() -> None:
    works = next(one for one in traced({"works/nh3n": every_ten_minutes(20.0)}).suspects if one.station == "works")
    near = 1 / (1 + works.travel.metres / 5000)

    assert [(term.name, term.case) for term in works.terms] == [
        ("place", "likely"),
        ("own", "beyond"),
        ("match", "related"),
        ("near", "metres"),
    ]
    assert works.score == pytest.approx((3 * 1 + 4 * 1 + 1 * 0.7 + 2 * near) / 10)
    assert works.left == pytest.approx(NOON - 6_000 * SECOND, rel=1e-6)


def test_the_limit_of_the_breach_holds_where_a_station_has_none() -> None:
    site = replace(NETWORK.site, limits=())
    said = a_record({"source/do": every_ten_minutes(3.0), "mill/do": every_ten_minutes(8.0), "ford/do": every_ten_minutes(4.0)})
    breach = Breach(station="bridge", quantity="do", since=NOON)

    found = [trace(Network(site), one, {}, said) for one in (breach, replace(breach, below=5.0), replace(breach, above=5.0))]

    assert [{one.station: one.said for one in way.witnesses} for way in found if way] == [
        {"source": "nothing", "mill": "nothing"},
        {"source": "beyond", "mill": "clean"},
        {"source": "clean", "mill": "beyond"},
    ]
    assert [one.seen is not None for way in found if way for one in way.arrivals if one.station == "ford"] == [False, True, False]


def test_outfalls_are_ranked_and_those_without_limits_or_readings_stand_too() -> None:
    found = traced(
        {
            "works/nh3n": every_ten_minutes(20.0),
            "works/flow": every_ten_minutes(1.0),
            "drain/temp": every_ten_minutes(9.0),
            "tank/level": every_ten_minutes(50.0),
        }
    )

    cases = {one.station: {term.name: term.case for term in one.terms} for one in found.suspects}
    assert [one.station for one in found.suspects] == ["works", "drain", "tank"]
    assert (cases["drain"]["own"], cases["drain"]["match"]) == ("discharging", "other")
    assert cases["tank"]["own"] == "within"


def test_an_outfall_that_measures_the_quantity_of_the_breach_matches_it() -> None:
    works = next(one for one in traced({}, quantity="nh3n").suspects if one.station == "works")

    assert {term.name: term.case for term in works.terms}["match"] == "same"


def test_the_next_stations_downstream_are_expected_and_seen_when_they_see_it() -> None:
    ford, sea = traced({"ford/do": every_ten_minutes(3.0)}).arrivals

    assert (ford.station, sea.station) == ("ford", "sea")
    assert ford.earliest < ford.likely < ford.latest
    assert ford.likely == pytest.approx(NOON + 7_000 * SECOND, rel=1e-6)
    assert ford.seen is not None
    assert ford.seen.limit == 5.0
    assert sea.seen is None


def test_a_station_on_no_reach_has_no_way() -> None:
    breach = Breach(station="well", quantity="do", since=NOON)

    assert trace(NETWORK, breach, {}, {}) is None
    assert list(wanted(NETWORK, breach, {})) == []


def test_what_is_wanted_covers_every_window_that_is_looked_at() -> None:
    breach = Breach(station="bridge", quantity="do", since=NOON)
    windows = {series: (start, end) for series, start, end in wanted(NETWORK, breach, {})}

    assert set(windows) == {
        "source/do", "source/cond", "mill/do", "mill/cond", "works/nh3n", "works/flow", "drain/temp", "tank/level",
        "ford/do", "ford/cond", "sea/cond",
    }  # fmt: skip
    found = traced({})
    for one in found.witnesses:
        assert windows[f"{one.station}/do"][0] <= one.passed_from
        assert windows[f"{one.station}/do"][1] >= one.passed_until
    for arrival in found.arrivals:
        assert windows[f"{arrival.station}/cond"] == (arrival.earliest, arrival.latest)


series = st.sampled_from(["source/do", "source/cond", "mill/do", "works/nh3n", "works/flow", "ford/do"])
values_said = st.dictionaries(st.integers(-12 * HOUR, 12 * HOUR), st.floats(0, 1000), max_size=8)


@given(st.dictionaries(series, values_said))
def test_whatever_was_said_a_score_is_a_share_and_the_ranking_goes_down(said: dict[str, dict[int, float]]) -> None:
    found = traced(said)

    scores = [one.score for one in found.suspects]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(one.left_from <= one.left <= one.left_until <= NOON for one in found.suspects)


def test_related_quantities_are_known_both_ways_and_every_row_has_a_source() -> None:
    assert related("do", DOWN)["turb"] == UP
    assert related("do", UP) == {}
    assert are_related("do", "cond")
    assert are_related("cond", "do")
    assert are_related("krypton", "krypton")
    assert not are_related("do", "krypton")
    assert all(row["source"] for row in table())
