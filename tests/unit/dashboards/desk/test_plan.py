"""The plan of the river."""

import itertools
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from dashboards.desk import plan
from dashboards.desk.plan import Plan
from detectors.domain.site import Site, Title

SHARES = st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8))


def test_everything_with_a_place_lies_on_the_drawing(site: Site) -> None:
    drawing = Plan.of(site, 1.5)
    points = [station.place for station in site.stations.values()] + [p for reach in site.reaches.values() for p in reach.line]

    assert all(0 < x < 1 and 0 < y < 1 for x, y in map(drawing.spot, points))


def test_north_is_up_and_east_is_right(site: Site) -> None:
    drawing = Plan.of(site, 1.5)

    assert drawing.spot((120.0, 31.1))[1] < drawing.spot((120.0, 31.0))[1]
    assert drawing.spot((120.0, 31.0))[0] < drawing.spot((120.1, 31.0))[0]


def test_a_site_without_places_can_still_be_drawn() -> None:
    assert Plan.of(Site(name="x", title=Title(zh="空", en="empty")), 1.5).metres() > 0


def test_arrows_point_where_the_water_goes() -> None:
    assert {round(angle) for _, angle in plan.arrows([(0.1, 0.5), (0.9, 0.5)], 1.0)} == {0}
    assert {round(angle) for _, angle in plan.arrows([(0.5, 0.1), (0.5, 0.9)], 1.0)} == {90}


@given(st.lists(SHARES, min_size=2, max_size=6, unique=True))
def test_marks_are_pushed_until_each_can_be_touched(spots: list[tuple[float, float]]) -> None:
    moved = plan.apart(spots, 1.0)

    assert all(hypot(a[0] - b[0], a[1] - b[1]) > 0.02 for a, b in itertools.combinations(moved, 2))


def test_labels_of_neighbours_stand_on_different_sides() -> None:
    assert len(set(plan.sides([(0.5, 0.5), (0.54, 0.5)], [0.2, 0.2]))) == 2


def test_a_label_stays_on_the_drawing_where_it_has_room_on_another_side() -> None:
    assert plan.sides([(0.9, 0.5)], [0.3]) == ["left"]
    assert plan.sides([(0.9, 0.5)], [0.05]) == ["right"]


def test_the_scale_bar_is_round() -> None:
    assert plan.scale(9300)[1] == "2 km"
    assert plan.scale(900)[1] == "200 m"
