"""What the event's page says of up and down the river: the arithmetic, and nothing that names the guilty."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.desk.glance import Glance
from dashboards.desk.strip import LETTER, strip
from dashboards.desk.views.joint import joint
from dashboards.desk.views.upstream import span, upstream
from dashboards.desk.words import words
from detectors.water.breach import Breach, Trace
from detectors.water.network import Network
from detectors.water.upstream import trace
from tests.unit.detectors.water.rivers import NOON, a_record, a_river

from .conftest import EVIL, S, episode

ZH, EN = words("zh"), words("en")
HOUR = 3600
NETWORK = Network(a_river())
SAID = {
    "works/nh3n": dict.fromkeys(range(-24 * HOUR, 0, HOUR), 20.0),
    "source/do": dict.fromkeys(range(-60 * HOUR, 0, HOUR), 3.0),
    "ford/do": dict.fromkeys(range(0, 24 * HOUR, HOUR), 3.0),
}


def traced(station: str = "bridge", said: Mapping[str, Mapping[int, float]] = SAID) -> Trace:
    found = trace(NETWORK, Breach(station=station, quantity="do", since=NOON), {}, a_record(said))
    assert found is not None
    return found


def test_a_trace_is_shown_with_its_arithmetic() -> None:
    said = str(upstream(Glance(site=NETWORK.site, now=NOON), NETWORK, traced(), EN))

    assert "does not say who did it" in said
    assert "place 3×0.2 + readings 4×1 + match 1×0.7 + nearness 2×0.45) / 10" in said
    assert "6.00 km" in said
    assert "÷ 0.4 m/s (0.1–1.6) = 4.17 h" in said
    assert "beyond its limit too" in said
    assert "beyond its limit in that time" in said
    assert "Jobson" in said


@pytest.mark.parametrize("station", ["bridge", "sea", "source", "works"])
@pytest.mark.parametrize("language", [ZH, EN], ids=["zh", "en"])
def test_every_station_has_its_strip(station: str, language: object) -> None:
    said = str(upstream(Glance(site=NETWORK.site, now=NOON), NETWORK, traced(station), language))  # type: ignore[arg-type]

    assert "None" not in said
    assert "dot here" in said


@given(st.sampled_from(["bridge", "ford", "sea", "source", "mill", "works"]), st.sampled_from(sorted(LETTER)))
def test_a_strip_keeps_to_its_width_and_no_name_meets_another(station: str, language: str) -> None:
    """Whatever the station: shares of the width, and names on one level apart from each other."""
    titles = {name: name * 3 for name in NETWORK.spots}
    drawn = strip(NETWORK, traced(station), titles, LETTER[language])

    assert all(0 <= line.start <= line.end <= 1 and line.lane < drawn.lanes for line in drawn.lines)
    assert all(0 <= stop.x <= 1 and stop.lane < drawn.lanes and stop.level < drawn.levels for stop in drawn.stops)
    named = [stop for stop in drawn.stops if stop.kind != "suspect"]
    assert len({(round(stop.x, 3), stop.level) for stop in named}) == len(named)
    order = {stop.station: stop.x for stop in named}
    assert all(order[one.station] <= order[station] for one in traced(station).witnesses)
    assert all(order[one.station] >= order[station] for one in traced(station).arrivals)


def test_a_feeder_has_a_lane_of_its_own() -> None:
    assert strip(NETWORK, traced(), {name: name for name in NETWORK.spots}, 0.02).lanes == 2


@pytest.mark.parametrize(("seconds", "said"), [(59, "59 s"), (119, "119 s"), (600, "10 min"), (9000, "2.5 h"), (864_000, "10 d")])
def test_a_span(seconds: float, said: str) -> None:
    assert span(seconds, EN) == said


def test_a_joint_event_is_a_timeline_and_a_lone_one_is_none(glance: Glance) -> None:
    first = episode(id="e0", since=1, station=EVIL, series=f"{EVIL}/do", cleared_at=5 * S)
    second = episode(part_of="e0", follows="e0")
    both = glance.but(episodes=(second, first))

    said = str(joint(both, second, EN))

    assert str(joint(both, first, EN)) == said
    assert said.index('href="/event/e0"') < said.index('href="/event/e1"')
    assert "open until all its parts are over" in said
    assert "<img src=x" not in said
    assert "all its parts are over" in str(joint(glance.but(episodes=(first, episode(part_of="e0", cleared_at=6))), first, EN))
    assert str(joint(glance, episode(), EN)) == ""
