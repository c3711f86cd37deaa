"""The classes of sections as pages show them."""

from dataclasses import replace

import numpy as np
import pytest

from dashboards.desk import levels
from dashboards.desk.glance import Glance
from detectors.domain.section import Section
from storage.series import Buckets

from .conftest import NOW, S, reading

UP = Section(station="up", target=3)
HOUR = 3600 * S


def glance_of(glance: Glance, **newest: object) -> Glance:
    return glance.but(newest={f"up/{name}": said for name, said in newest.items()})


@pytest.mark.parametrize(
    ("level", "said"),
    [
        pytest.param(4, {"class": reading(4.0)}, id="the class that was said last"),
        pytest.param(0, {"class": reading(4.0, age=18_001)}, id="one said too long ago is not known"),
        pytest.param(0, {"do": reading(4.2)}, id="none was said"),
    ],
)
def test_the_class_now(level: int, said: dict[str, object], glance: Glance) -> None:
    assert level == levels.now(glance_of(glance, **said), UP)


def test_factors_stand_worst_first_with_class_and_multiple(glance: Glance) -> None:
    known = glance_of(glance, do=reading(4.2), ph=reading(8.1), nh3n=reading(2.5), temp=reading(20.0))
    found = levels.factors(known, UP)

    assert [(one.item.quantity, one.level) for one in found] == [("nh3n", 6), ("do", 4), ("ph", 1)]
    assert found[0].multiple == pytest.approx(1.5)
    assert np.isnan(found[1].multiple)
    assert [one.item.quantity for one in levels.worst(found)] == ["nh3n"]


@pytest.mark.parametrize(
    "bad", [reading(2.5, flag=3), reading(2.5, flag=4), reading(2.5, age=18_001)], ids=["suspect", "fail", "old"]
)
def test_a_value_that_is_not_believed_or_too_old_has_no_class(bad: object, glance: Glance) -> None:
    (one,) = levels.factors(glance_of(glance, nh3n=bad), UP)

    assert (one.level, np.isnan(one.multiple), levels.worst([one])) == (0, True, [])


def test_nitrogen_of_a_lake_is_judged_by_itself(glance: Glance) -> None:
    lake = replace(UP, waterbody="lake")
    found = levels.factors(glance_of(glance, tn=reading(9.0), do=reading(8.0)), lake)

    assert [(one.item.quantity, one.level) for one in found] == [("tn", 6), ("do", 1)]
    assert [one.item.quantity for one in levels.worst(found)] == ["do"]


NAN = float("nan")


@pytest.mark.parametrize(
    ("trend", "means", "newest"),
    [
        pytest.param("", (), 1.0, id="nothing is known"),
        pytest.param("", (NAN,) * 6 + (1.0,) * 6, 1.0, id="nothing is known of the hours before"),
        pytest.param("rising", (1.0,) * 6 + (2.0,) * 6, 2.0, id="higher than in the hours before"),
        pytest.param("falling", (5.0, NAN) * 3 + (2.0,) * 6, 2.0, id="lower, with holes"),
        pytest.param("steady", (0.0, 10.0) + (5.0,) * 6 + (5.5,) * 6, 5.5, id="a change that is small by the day's spread"),
        pytest.param("steady", (5.0,) * 49, 5.0, id="no change at all"),
        pytest.param("falling", (9.0,) * 6 + (10.0,) * 6, 3.0, id="what fell within minutes, though it had risen for hours"),
        pytest.param("rising", (9.0,) * 6 + (10.0,) * 6, 9.7, id="a little back after a rise"),
        pytest.param("rising", (9.0,) * 6 + (10.0,) * 6, NAN, id="a newest value that does not count"),
    ],
)
def test_the_trend(trend: str, means: tuple[float, ...], newest: float) -> None:
    assert trend == levels.trend(means, newest)


def said(*at_level: tuple[int, float]) -> Buckets:
    at, level = np.array([at for at, _ in at_level], np.int64), np.array([level for _, level in at_level])
    ones = np.ones(len(at), np.int64)
    return Buckets(at=at, mean=level, low=level, high=level, count=ones, flag=ones.astype(np.uint8))


def test_a_cell_has_the_worst_class_that_was_said_in_it() -> None:
    edges = [NOW, NOW + 2 * HOUR, NOW + 4 * HOUR, NOW + 6 * HOUR]
    spoken = said((NOW - HOUR, 6), (NOW, 2), (NOW + HOUR, 4), (NOW + 4 * HOUR, 3), (NOW + 6 * HOUR, 6))

    assert levels.cells(spoken, edges) == [4, 0, 3]
    assert levels.cells(said(), edges) == [0, 0, 0]


def test_neighbouring_cells_of_one_class_are_drawn_as_one() -> None:
    assert list(levels.runs([2, 2, 0, 4, 4, 4])) == [(0, 2, 2), (2, 1, 0), (3, 3, 4)]
    assert list(levels.runs([])) == []
