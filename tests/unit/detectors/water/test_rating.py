"""What sections, basins and black-odorous waters are called, row by row of the tables."""

import csv
import math
from importlib.resources import files

import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.rating import Rating
from detectors.water import blackodour, rating
from detectors.water.standard import items

RIVER = items("river")


@pytest.mark.parametrize(
    ("level", "name"),
    [
        pytest.param(1, "excellent", id="I"),
        pytest.param(2, "excellent", id="II"),
        pytest.param(3, "good", id="III"),
        pytest.param(4, "light pollution", id="IV"),
        pytest.param(5, "moderate pollution", id="V"),
        pytest.param(6, "heavy pollution", id="worse than V"),
    ],
)
def test_a_section_is_called_by_its_class(level: int, name: str) -> None:
    assert rating.of_section(level).en == name


def many(**classes: int) -> list[int]:
    return [level for level, name in enumerate(("i", "ii", "iii", "iv", "v", "worse"), 1) for _ in range(classes.get(name, 0))]


@pytest.mark.parametrize(
    ("classes", "name"),
    [
        pytest.param(many(ii=9, iv=1), "excellent", id="nine of ten good"),
        pytest.param(many(ii=89, iv=11), "good", id="a little less"),
        pytest.param(many(iii=3, iv=1), "good", id="three of four good"),
        pytest.param(many(iii=7, iv=3), "light pollution", id="fewer, and none worse than V"),
        pytest.param(many(iii=6, iv=2, worse=2), "moderate pollution", id="one in five worse than V"),
        pytest.param(many(iii=3, iv=3, worse=4), "heavy pollution", id="two in five worse than V"),
        pytest.param(many(iii=6, worse=4), "heavy pollution", id="60 % good and 40 % worse than V, which no row names"),
    ],
)
def test_a_basin_is_called_by_the_shares_of_its_sections(classes: list[int], name: str) -> None:
    assert rating.of_basin(classes).en == name


def test_no_sections_have_no_rating() -> None:
    assert rating.of_basin([]) is None
    assert rating.of_few([([{"cond": 300.0}], RIVER)]) is None


def test_few_sections_are_rated_by_the_means_of_their_factors() -> None:
    found = rating.of_few([([{"nh3n": 0.2, "do": 8.0}, {"nh3n": 2.2}, {"cond": 300.0}], RIVER)])
    assert found.en == "light pollution"  # 1.2 mg/L is IV


def test_rivers_and_lakes_are_each_held_against_their_own_items_and_the_worse_counts() -> None:
    """0.15 mg/L of phosphorus is III in a river and V in a lake; their mean would be neither."""
    waters = [([{"tp": 0.15}, {"tp": 0.15}], RIVER), ([{"tp": 0.15}], items("lake"))]
    assert rating.of_few(waters[:1]).en == "good"
    assert rating.of_few(waters).en == "moderate pollution"


def test_the_worst_factors_share_their_class() -> None:
    assert rating.worst_of({"do": 4.0, "nh3n": 1.2, "codmn": 1.0, "coliform": 9e9, "tp": math.nan}, RIVER) == (4, ("do", "nh3n"))
    assert rating.worst_of({"coliform": 9e9}, RIVER) == (0, ())


def test_a_site_may_name_them_otherwise() -> None:
    mine = Rating(scope="section", first=1, last=6, zh="水", en="water", colour="blue", source="here")
    assert rating.of_section(6, [mine]) is mine
    assert rating.of_basin([1] * 9, [mine]) is None


ROW = dict.fromkeys(rating.COLUMNS, "") | {"scope": "basin", "zh": "好", "en": "fine", "source": "here"}


@pytest.mark.parametrize(
    "change",
    [
        {"scope": "sea"},
        {"first": "one"},
        {"first": "5", "last": "4"},
        {"good_least": "0.9", "good_below": "0.7"},
        {"worse_least": "nan"},
    ],
    ids=["a sea", "a word", "classes the wrong way", "an empty span", "not a number"],
)
def test_a_rating_that_cannot_be_is_refused(change: dict[str, str]) -> None:
    assert rating.rating_of(ROW).en == "fine"
    with pytest.raises(Refused):
        rating.rating_of(ROW | change)


@pytest.mark.parametrize("file", ["ratings.csv", "blackodour.csv", "gb3838.csv", "profiles.csv"])
def test_every_row_says_where_it_comes_from(file: str) -> None:
    rows = list(csv.DictReader((files("detectors.water") / file).read_text(encoding="utf-8").splitlines()))
    assert rows
    assert all(row["source"] for row in rows)


INDICATORS = {one.quantity: one for one in blackodour.indicators()}


@pytest.mark.parametrize(
    ("quantity", "value", "depth", "grade"),
    [
        pytest.param("transparency", 25.1, math.inf, 0, id="clear enough"),
        pytest.param("transparency", 25.0, math.inf, 1, id="25 cm is mild"),
        pytest.param("transparency", 9.9, math.inf, 2, id="below 10 cm is severe"),
        pytest.param("transparency", 9.0, 20.0, 0, id="in shallow water 40 % of the depth is enough"),
        pytest.param("transparency", 7.9, 20.0, 2, id="and less is severe"),
        pytest.param("do", 2.0, math.inf, 1, id="oxygen at 2"),
        pytest.param("do", 0.1, math.inf, 2, id="oxygen below 0.2"),
        pytest.param("orp", -200.0, math.inf, 1, id="-200 mV is mild"),
        pytest.param("orp", -201.0, math.inf, 2, id="less is severe"),
        pytest.param("nh3n", 8.0, math.inf, 1, id="8 mg/L is mild"),
        pytest.param("nh3n", 15.0, math.inf, 1, id="15 mg/L too"),
        pytest.param("nh3n", 15.1, math.inf, 2, id="more is severe"),
    ],
)
def test_the_grade_of_a_sample(quantity: str, value: float, depth: float, grade: int) -> None:
    assert blackodour.grades(INDICATORS[quantity], np.array([value]), depth).tolist() == [grade]


@pytest.mark.parametrize(
    ("of_each", "grade"),
    [
        pytest.param({"do": [0, 0, 0]}, 0, id="nothing"),
        pytest.param({}, 0, id="no data"),
        pytest.param({"do": []}, 0, id="an indicator without data"),
        pytest.param({"do": [2, 2, 2, 0, 0]}, 2, id="60 % of one indicator severe"),
        pytest.param({"do": [2, 2, 0, 0, 0]}, 0, id="40 % of only one"),
        pytest.param({"do": [2, 2, 0, 0, 0], "nh3n": [0, 2, 2, 0, 0]}, 2, id="30 % of two"),
        pytest.param({"do": [1, 1, 2, 0, 0]}, 1, id="60 % at least mild"),
    ],
)
def test_the_grade_of_a_point(of_each: dict[str, list[int]], grade: int) -> None:
    assert blackodour.point({name: np.array(found, np.uint8) for name, found in of_each.items()}) == grade


@pytest.mark.parametrize(
    ("points", "along", "whole"),
    [
        pytest.param([], (), 0, id="no points"),
        pytest.param([0, 0], (0, 0), 0, id="clean"),
        pytest.param([0, 1, 2], (0, 1, 1), 1, id="one severe point makes no severe stretch"),
        pytest.param([0, 2, 2, 2, 1, 0, 0], (0, 2, 2, 2, 1, 0, 0), 1, id="three in a row do"),
        pytest.param([2, 2, 2, 0, 0], (2, 2, 2, 0, 0), 2, id="60 % severe make the whole body severe"),
        pytest.param([0, 0, 0, 2, 2, 2], (0, 0, 0, 2, 2, 2), 1, id="at the end too"),
    ],
)
def test_stretches_and_the_whole_body(points: list[int], along: tuple[int, ...], whole: int) -> None:
    assert (blackodour.stretches(points), blackodour.body(points)) == (along, whole)


@pytest.mark.parametrize(
    "change",
    [{"quantity": "smell"}, {"worse": "beside"}, {"mild": "some"}, {"mild": "0.1"}, {"severe": "nan"}],
    ids=["an unknown quantity", "no side", "no number", "the wrong way round", "not a number"],
)
def test_an_indicator_that_cannot_be_is_refused(change: dict[str, str]) -> None:
    row = {"quantity": "do", "worse": "below", "mild": "2", "severe": "0.2", "source": "here"}
    assert blackodour.indicator_of(row).severe == 0.2
    with pytest.raises(Refused):
        blackodour.indicator_of(row | change)
