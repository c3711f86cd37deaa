"""The class of one value, out of GB 3838-2002 Table 1, and by how much it exceeds its limit."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from detectors.domain.section import Item, Section, roman
from detectors.water.factors import excess_of, levels, multiple
from detectors.water.standard import COLUMNS, item_of, items, standard

RIVER, LAKE = items("river"), items("lake")


@pytest.mark.parametrize(
    ("quantity", "value", "level"),
    [
        pytest.param("do", 7.5, 1, id="oxygen at the limit of I is I"),
        pytest.param("do", 7.49, 2, id="oxygen just below it is II"),
        pytest.param("do", 5.0, 3, id="oxygen at 5 is III"),
        pytest.param("do", 1.99, 6, id="oxygen below 2 is worse than V"),
        pytest.param("ph", 6.0, 1, id="pH at 6 is I"),
        pytest.param("ph", 9.0, 1, id="pH at 9 is I"),
        pytest.param("ph", 9.01, 6, id="pH outside 6 to 9 is worse than V at once"),
        pytest.param("ph", 5.99, 6, id="on the sour side too"),
        pytest.param("cod", 15.0, 1, id="COD 15 is the limit of I and II: the better class"),
        pytest.param("cod", 15.1, 3, id="COD just above is III"),
        pytest.param("copper", 0.5, 2, id="II to V share a limit for copper: II"),
        pytest.param("copper", 1.1, 6, id="beyond it is worse than V"),
        pytest.param("nh3n", 1.0, 3, id="ammonia nitrogen 1.0 is III"),
        pytest.param("nh3n", 2.01, 6, id="ammonia nitrogen above 2 is worse than V"),
        pytest.param("mercury", 0.00005, 1, id="mercury at 0.05 µg/L is I"),
        pytest.param("codmn", 0.0, 1, id="nothing found is I"),
        pytest.param("codmn", math.nan, 0, id="not a number has no class"),
    ],
)
def test_level_in_a_river(quantity: str, value: float, level: int) -> None:
    assert levels(RIVER[quantity], np.array([value])).tolist() == [level]


def test_a_lake_has_its_own_limits_of_phosphorus_and_nitrogen() -> None:
    assert levels(RIVER["tp"], np.array([0.2])).tolist() == [3]
    assert levels(LAKE["tp"], np.array([0.2])).tolist() == [5]
    assert "tn" not in RIVER
    assert levels(LAKE["tn"], np.array([1.0])).tolist() == [3]


def test_what_does_not_count_for_the_class_is_temperature_nitrogen_and_coliforms() -> None:
    assert {item.quantity for item in standard() if not item.in_class} == {"temp", "tn", "coliform"}
    assert sum(item.in_class for item in RIVER.values()) == 21


def test_the_table_is_the_shared_one(shared: Path) -> None:
    text = (shared / "standards" / "gb3838.csv").read_text(encoding="utf-8")
    assert tuple(item_of(row) for row in csv.DictReader(text.splitlines())) == standard()


@pytest.mark.parametrize(
    ("quantity", "value", "target", "times"),
    [
        pytest.param("nh3n", 1.5, 3, 0.5, id="half as much again"),
        pytest.param("nh3n", 1.0, 3, 0.0, id="at the limit is not over it"),
        pytest.param("nh3n", 0.2, 3, 0.0, id="below it neither"),
        pytest.param("do", 1.0, 3, math.nan, id="oxygen has no multiple"),
        pytest.param("ph", 9.5, 3, math.nan, id="pH has no multiple"),
        pytest.param("nh3n", 9.0, 0, math.nan, id="without a target there is none"),
    ],
)
def test_multiple(quantity: str, value: float, target: int, times: float) -> None:
    assert multiple(RIVER[quantity], value, target) == pytest.approx(times, nan_ok=True)


@pytest.mark.parametrize(
    ("low", "high", "value", "excess"),
    [
        pytest.param(-math.inf, 2.0, 3.0, 0.5, id="above the most"),
        pytest.param(5.0, math.inf, 4.0, 0.2, id="below the least"),
        pytest.param(6.0, 9.0, 5.4, 0.1, id="below a range"),
        pytest.param(-math.inf, 2.0, 1.0, -0.5, id="below the most"),
        pytest.param(5.0, math.inf, 8.0, -math.inf, id="above the least"),
        pytest.param(-math.inf, 0.0, 1.0, math.inf, id="anything where nothing is allowed"),
        pytest.param(0.0, math.inf, -1.0, math.inf, id="less than nothing"),
    ],
)
def test_excess(low: float, high: float, value: float, excess: float) -> None:
    assert excess_of(low, high, value) == pytest.approx(excess)


RISING = sorted(name for name, item in (*RIVER.items(), *LAKE.items()) if item.has_multiple)


@given(st.sampled_from(RISING), st.sampled_from([RIVER, LAKE]), *[st.floats(0, 1e5)] * 2)
def test_more_of_a_concentration_never_improves_the_class(
    quantity: str, table: dict[str, Item], one: float, other: float
) -> None:
    item = table.get(quantity, LAKE[quantity])
    low, high = levels(item, np.array(sorted([one, other])))
    assert low <= high


@given(*[st.floats(0, 30)] * 2)
def test_less_oxygen_never_improves_the_class(one: float, other: float) -> None:
    high, low = levels(RIVER["do"], np.array(sorted([one, other], reverse=True)))
    assert high <= low


ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "no": "7",
    "hj212_code": "w21003",
    "waterbody": "all",
    "direction": "<=",
    "in_section_class": "y",
    "source": "here",
    "I": "0.15",
    "II": "0.5",
    "III": "1.0",
    "IV": "1.5",
    "V": "2.0",
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"hj212_code": "w99999"}, "a code that no quantity has", id="an unknown code"),
        pytest.param({"waterbody": "sea"}, "a water body that is none of all, river, lake", id="a sea"),
        pytest.param({"in_section_class": "perhaps"}, "in_section_class is neither y nor n", id="perhaps"),
        pytest.param({"no": "25"}, "no item of the table has this number", id="a number beyond the table"),
        pytest.param({"no": "x"}, "no item of the table has this number", id="no number"),
        pytest.param({"direction": "~"}, "a direction that is none of <=, >=, range, narrative", id="an unknown direction"),
        pytest.param({"III": "one"}, "limits that are not those of '<='", id="a word for a limit"),
        pytest.param({"direction": "range"}, "limits that are not those of 'range'", id="a limit for a range"),
        pytest.param({"III": "0.2"}, "an item whose worse class is the stricter one", id="a worse class that is stricter"),
        pytest.param({"V": "nan"}, "an item whose least is above its most", id="not a number"),
    ],
)
def test_a_row_that_is_none_is_refused(change: dict[str, str], reason: str) -> None:
    assert item_of(ROW).quantity == "nh3n"
    with pytest.raises(Refused) as refused:
        item_of(ROW | change)
    assert refused.value.reason == reason


def test_limits_for_some_of_the_classes_are_refused() -> None:
    with pytest.raises(Refused):
        replace(RIVER["do"], allowed=((5.0, math.inf),))


def test_what_a_site_overrides_goes_before_the_packages() -> None:
    mine = item_of(ROW | {"III": "1.2"})
    assert items("river", (mine,))["nh3n"].allowed[2][1] == 1.2
    assert items("river")["nh3n"].allowed[2][1] == 1.0


@pytest.mark.parametrize("wrong", [{"target": 6}, {"zone_target": -1}, {"waterbody": "sea"}])
def test_a_section_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        Section(station="a", **wrong)


def test_classes_are_told_as_people_write_them() -> None:
    assert [roman(level) for level in range(1, 7)] == ["I", "II", "III", "IV", "V", "worse than V"]
