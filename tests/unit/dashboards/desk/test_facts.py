"""What decided an event is said in words, and what has no word is shown as it is."""
# ruff: noqa: E501  a table of facts is read by its rows

import pytest

from dashboards.desk.facts import facts
from dashboards.desk.words import words
from detectors.domain.site import Site

from .conftest import NOW, episode


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        pytest.param({"evidence": "neighbour"}, ("证据", "相邻站点同样超限"), ("Evidence", "a neighbour is beyond its limit too"), id="a word"),
        pytest.param({"evidence": "forecast"}, ("证据", "根据本序列近日规律的预测"), ("Evidence", "a forecast from this series' own past days"), id="the word of an early warning"),
        pytest.param({"related": "cond turb"}, ("相关指标", "电导率、浊度"), ("Related quantities", "Conductivity, Turbidity"), id="quantities"),
        pytest.param({"neighbour": "up"}, ("相邻站点", "上站"), ("Neighbour", "Up"), id="a station"),
        pytest.param({"multiple": 1.25}, ("超标倍数", "1.25"), ("Exceedance multiple", "1.25"), id="a number"),
        pytest.param({"expected_at": float(NOW)}, ("预计时间", "2023-11-15 06:13:20"), ("Expected", "2023-11-15 06:13:20"), id="an instant on the site's clock"),
        pytest.param({"stage": 71.25}, ("当时水位", "71.25 cm"), ("Stage then", "71.25 cm"), id="a quantity with its unit"),
        pytest.param({"oddity": "purple rain"}, ("oddity", "purple rain"), ("oddity", "purple rain"), id="what nobody knows"),
        pytest.param({"oddity": ""}, ("oddity", ""), ("oddity", ""), id="nothing"),
    ],
)  # fmt: skip
def test_a_fact(given: dict[str, str | float], zh: tuple[str, str], en: tuple[str, str], site: Site) -> None:
    """Its name and its value."""
    one = episode(facts=given)

    assert list(facts(site, one.facts, words("zh"))) == [zh]
    assert list(facts(site, one.facts, words("en"))) == [en]
