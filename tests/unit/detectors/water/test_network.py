"""How far and how long: along the water, never against it."""
# ruff: noqa: E501  tables of cases are read by their rows

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from detectors.domain.pace import Pace
from detectors.domain.site import Reach
from detectors.water import velocity
from detectors.water.network import Network, along, length, metres
from detectors.water.velocity import speed

from .rivers import TITLE, a_river, point

NAN = float("nan")


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres((120.0, 31.0), (120.0, 32.0)) == pytest.approx(111_195, abs=1)
    assert metres((120.0, 60.0), (121.0, 60.0)) == pytest.approx(111_195 / 2, rel=1e-3)


def test_a_reach_is_as_long_as_its_line_and_a_place_lies_where_the_line_is_nearest() -> None:
    reach = Reach(name="r", title=TITLE, line=(point(0), point(0), point(4), point(10)))

    assert length(reach) == pytest.approx(10_000, rel=1e-4)
    assert along(reach, point(6, 0.01)) == pytest.approx(6_000, rel=1e-4)
    assert along(reach, point(-3)) == 0
    assert along(reach, point(30)) == pytest.approx(length(reach))


@pytest.mark.parametrize(
    ("above", "below", "kilometres"),
    [
        pytest.param("works", "bridge", 6, id="on one reach"),
        pytest.param("source", "ford", 24, id="over three reaches"),
        pytest.param("bridge", "bridge", 0, id="no way at all"),
        pytest.param("bridge", "works", None, id="not against the water"),
        pytest.param("ford", "source", None, id="nor up from the mouth"),
        pytest.param("source", "mill", None, id="nor from one feeder into the other"),
        pytest.param("well", "ford", None, id="nor from a place on no reach"),
    ],
)
def test_a_way(above: str, below: str, kilometres: float | None) -> None:
    """The water's way from one station to another."""
    way = Network(a_river()).way(above, below)

    assert (way is None) == (kilometres is None)
    if way is not None and kilometres is not None:
        assert sum(leg.metres for leg in way) == pytest.approx(kilometres * 1000, rel=1e-3)


def test_what_lies_below_comes_in_the_order_of_the_water() -> None:
    network = Network(a_river())

    assert list(network.below("works")) == ["drain", "tank", "bridge", "ford", "hut", "sea"]
    assert list(network.below("sea")) == []
    assert network.feeders("middle") == ("brook", "upper")


def test_a_circle_ends() -> None:
    site = a_river()
    circle = {**site.reaches, "lower": replace(site.reaches["lower"], into="middle")}

    assert Network(replace(site, reaches=circle)).way("ford", "source") is None


@given(start=st.floats(0, 29), first=st.floats(0, 29), second=st.floats(0, 29), stage=st.floats(1, 500))
def test_travel_time_grows_with_distance(start: float, first: float, second: float, stage: float) -> None:
    """Whoever lies farther down is reached later: soonest, likely and latest; and each interval holds the likely time."""
    start, first, second = sorted((start, first, second))
    site = a_river(middle=Pace(speed=0.7, gauge="stage", at=100.0))
    names = {"bridge": start, "ford": first, "sea": second}
    reaches = ("upper", "middle", "lower")
    moved = {
        name: replace(site.stations[name], place=point(at), reach=reaches[min(int(at // 10), 2)]) for name, at in names.items()
    }
    network = Network(replace(site, stations=moved))
    gauges = {"bridge/stage": stage}

    near, far = (network.travel(way, gauges) for name in ("ford", "sea") if (way := network.way("bridge", name)) is not None)

    assert near.metres <= far.metres + 1e-6
    for one, other in ((near.soonest, far.soonest), (near.likely, far.likely), (near.latest, far.latest)):
        assert one <= other + 1e-6
    assert far.soonest <= far.likely <= far.latest


def test_the_gauge_nearest_to_the_head_sets_the_speed_of_a_reach() -> None:
    network = Network(a_river(middle=Pace(speed=0.6, gauge="stage", at=100.0)))

    assert network.speed("middle", {"bridge/stage": 100.0}).likely == pytest.approx(0.6)
    assert network.speed("middle", {"ford/stage": 50.0}).how == "ungauged"


@pytest.mark.parametrize(
    ("pace", "gauges", "how", "likely"),
    [
        pytest.param({}, {}, "nothing", 0.4, id="nothing is known"),
        pytest.param({}, {"stage": 80.0}, "nothing", 0.4, id="a stage alone says nothing"),
        pytest.param({}, {"flow": 10.0}, "flow", 0.25 * 10**0.34, id="by the flow, as Leopold and Maddock have it"),
        pytest.param({}, {"flow": 0.0}, "nothing", 0.4, id="no flow is no speed"),
        pytest.param({"speed": 0.6}, {"flow": 10.0}, "ungauged", 0.6, id="measured, without what it was measured at"),
        pytest.param({"speed": 0.6, "gauge": "flow", "at": 5.0}, {}, "ungauged", 0.6, id="measured, and no gauge today"),
        pytest.param({"speed": 0.6, "gauge": "flow", "at": 5.0}, {"flow": 10.0}, "measured", 0.6 * 2**0.34, id="brought to today's flow"),
        pytest.param({"speed": 0.6, "gauge": "flow", "at": 5.0, "exponent": 1.0}, {"flow": 10.0}, "measured", 1.2, id="with an exponent of its own"),
        pytest.param({"speed": 0.6, "gauge": "stage", "at": 70.0, "bed": 20.0}, {"stage": 120.0}, "measured", 0.6 * 2**0.667, id="by the depth above the bed"),
        pytest.param({"speed": 0.6, "gauge": "stage", "at": 70.0, "bed": 20.0}, {"stage": 10.0}, "ungauged", 0.6, id="a dry bed is no gauge"),
        pytest.param({"roughness": 0.03, "slope": 0.0009}, {"stage": 100.0}, "channel", 1.0, id="Manning by the stage"),
        pytest.param({"roughness": 0.03, "slope": 0.0009, "width": 10.0}, {"flow": 10.0}, "channel", 1.0, id="Manning by the flow"),
        pytest.param({"roughness": 0.03, "slope": 0.0009}, {}, "nothing", 0.4, id="Manning without a depth"),
    ],
)  # fmt: skip
def test_speed(pace: dict[str, Any], gauges: dict[str, float], how: str, likely: float) -> None:
    """What the site knows comes first; the less is known the wider it is."""
    found = speed(Pace(**pace), gauges)

    assert (found.how, found.likely) == (how, pytest.approx(likely, rel=1e-3))
    spread = velocity.defaults()[f"spread_{how}"]
    assert (found.low, found.high) == (pytest.approx(found.likely / spread), pytest.approx(found.likely * spread))


def test_a_spread_of_the_site_stands() -> None:
    assert speed(Pace(speed=1.0, spread=3.0), {}).high == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"speed": 0.0}, "not above zero"),
        ({"slope": -0.1}, "not above zero"),
        ({"spread": 0.5}, "spread below 1"),
        ({"gauge": "moon"}, "neither flow nor stage"),
        ({"gauge": "stage", "at": 10.0, "bed": 20.0}, "not above the bed"),
    ],
)
def test_a_pace_that_cannot_be_is_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        Pace(**wrong)


def test_every_default_says_where_it_comes_from() -> None:
    assert set(velocity.sources()) == set(velocity.defaults())
    assert all(velocity.sources().values())
