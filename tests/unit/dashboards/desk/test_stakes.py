"""What is said of a tank's danger, and of the time that a matter may take."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.desk import stakes
from dashboards.desk.glance import Glance
from dashboards.desk.views import event, station
from dashboards.desk.views.acknowledge import acknowledge
from dashboards.desk.words import words
from detectors.domain.casework import Deadline, Hazard
from detectors.domain.site import Site
from storage.registry import load

from .conftest import episode

ZH, EN = words("zh"), words("en")
TANK = Hazard(
    station="up", medium_zh="甲醇", medium_en="methanol", threshold=500, tonnes=380, cubic_metres=500, people=36, source="local"
)


def deadline(amount: float, unit: str, **changes: str) -> Deadline:
    """A time for the matter of the small site's episode."""
    told = {"code": "06026", "stage": "handle", "place": "County", "valid_from": "", "valid_to": "", "source": "local"} | changes
    return Deadline(amount=amount, unit=unit, **told)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        pytest.param("15 working days · County", deadline(15, "working_day"), id="working days have a calendar of their own"),
        pytest.param("4 hours · until 2023-11-15 10:12:50 · County", deadline(4, "hour"), id="hours have an end"),
        pytest.param("", deadline(4, "hour", code="06011"), id="another matter has another time"),
        pytest.param("", deadline(4, "hour", stage="check"), id="and so has another stage"),
        pytest.param("", deadline(4, "hour", valid_to="2023-11-14"), id="a rule that has ended says nothing"),
    ],
)
def test_an_event_says_how_long_its_handling_may_take(said: str, rule: Deadline, site: Site) -> None:
    assert said == stakes.deadline(replace(site, deadlines=(rule,)), episode(), EN)


def test_what_is_found_in_history_has_no_time_any_more(site: Site) -> None:
    assert stakes.deadline(replace(site, deadlines=(deadline(4, "hour"),)), episode(late=True), EN) == ""


def test_a_tank_says_what_it_holds_wherever_it_is_shown(glance: Glance) -> None:
    seen = glance.but(site=replace(glance.site, hazards={"up": TANK}))

    for page in (event.event(seen, episode(), ZH), station.beside(seen, "up", ZH), acknowledge(seen, episode(), "t", ZH)):
        assert "甲醇" in page
        assert "380 t（500 m³）" in page
        assert "36 人" in page
    assert "甲醇" not in event.event(glance, episode(), ZH)


def test_the_demo_site_tells_of_its_tank_and_of_three_matters() -> None:
    site = load(Path(__file__).parents[4] / "sites" / "qinghe")

    assert dict(stakes.hazard(site, "tank1", EN))["Medium"] == "methanol"
    assert [one.code for one in site.deadlines] == ["06010", "06011", "06025"]
