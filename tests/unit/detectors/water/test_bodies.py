"""Black-odorous waters: which points belong to one, in which order, and how it is graded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from detectors.domain.section import Section
from detectors.domain.site import Reach, Site, Station, Title
from detectors.water import bodies

TITLE = Title(zh="水", en="water")


def a_site(*names: str, **facts: object) -> Site:
    """Points a fifth of a degree apart along one ditch, the first upstream."""
    stations = {
        name: Station(name=name, title=TITLE, kind="water", place=(120.0, 31.0 - 0.2 * i), quantities=("do",), reach="ditch")
        for i, name in enumerate(names)
    }
    reach = Reach(name="ditch", title=TITLE, line=((120.0, 31.0), (120.0, 29.0)))
    held = {name: Section(station=name, black_odorous=True, body="ditch", **facts) for name in sorted(names)}
    return Site(name="s", title=TITLE, stations=stations, reaches={"ditch": reach}, sections=held)


def test_points_stand_in_the_order_of_the_water() -> None:
    assert bodies.watched(a_site("c", "a", "b")) == {"ditch": ("c", "a", "b")}


def test_a_water_is_a_body_or_else_a_basin_and_only_what_is_watched() -> None:
    site = a_site("a", "b", "c")
    held = dict(site.sections)
    held["b"] = replace(held["b"], body="", basin="valley")
    held["c"] = replace(held["c"], black_odorous=False)
    site = replace(site, sections=held)

    assert bodies.watched(site) == {"ditch": ("a",), "valley": ("b",)}
    assert {name.partition("/")[0] for name in bodies.series(site)} == {"a", "b"}


@pytest.mark.parametrize(
    ("oxygen", "grades", "along", "whole", "few"),
    [
        pytest.param([0.1, 0.1, 0.1], (2, 2, 2), (2, 2, 2), 2, False, id="three severe in a row"),
        pytest.param([0.1, 5.0, 0.1], (2, 0, 2), (1, 0, 1), 2, False, id="most of the points, but no stretch"),
        pytest.param([1.0, 5.0, 5.0, 0.1], (1, 0, 0, 2), (1, 0, 0, 1), 1, False, id="some of the points"),
        pytest.param([5.0, 6.0, 7.0], (0, 0, 0), (0, 0, 0), 0, False, id="clean water"),
        pytest.param([0.1, 0.1, None, 0.1], (2, 2, None, 2), (2, 2, None, 2), 2, False, id="a point without data is passed over"),
        pytest.param([0.1, None, None], (2, None, None), (1, None, None), 2, True, id="too few points"),
        pytest.param([None, None], (None, None), (None, None), None, True, id="nothing measured"),
    ],
)
def test_a_water_is_graded(
    oxygen: Sequence[float | None], grades: tuple[int | None, ...], along: tuple[int | None, ...], whole: int | None, few: bool
) -> None:
    names = "abcd"[: len(oxygen)]
    said = {f"{name}/do": np.full(5, value) for name, value in zip(names, oxygen, strict=True) if value is not None}

    (body,) = bodies.graded(a_site(*names), said)

    assert tuple(point.grade for point in body.points) == grades
    assert tuple(point.stretch for point in body.points) == along
    assert (body.grade, body.few) == (whole, few)


@pytest.mark.parametrize(("data", "few"), [(2, True), (3, False)])
def test_fewer_data_than_the_guide_asks_for_are_said(data: int, few: bool) -> None:
    said = {f"{name}/do": np.full(data, 1.0) for name in "abc"}
    (body,) = bodies.graded(a_site("a", "b", "c"), said)
    assert (body.grade, body.few, body.points[0].indicators[0].data) == (1, few, data)


@pytest.mark.parametrize(("depth", "grade"), [(float("inf"), 1), (20.0, 0)], ids=["deep", "shallow"])
def test_shallow_water_may_be_less_transparent(depth: float, grade: int) -> None:
    """20 cm deep, 8 cm of transparency is the bound."""
    said: Mapping[str, np.ndarray] = {"a/transparency": np.full(5, 12.0)}
    (body,) = bodies.graded(a_site("a", depth=depth), said)
    assert body.grade == grade
