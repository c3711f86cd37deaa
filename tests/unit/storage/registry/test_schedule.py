"""Schedules in limits.toml, and changed for a what-if."""

from pathlib import Path

import pytest

from detectors.domain.errors import Misconfigured
from detectors.domain.schedule import ALWAYS, Schedule, read
from storage.registry import load
from storage.registry.other import with_changes
from tests.unit.storage.registry.test_outlook import pond


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", ALWAYS, id="nothing said is always"),
        pytest.param('hours = "22:00-05:00"', Schedule(opens=1320, lasts=420), id="at night"),
        pytest.param('months = "4-6"', Schedule(months=frozenset({4, 5, 6})), id="a closed season"),
        pytest.param('months = [4, "11-12"]', Schedule(months=frozenset({4, 11, 12})), id="months as a list"),
        pytest.param("months = 5", Schedule(months=frozenset({5})), id="a single month"),
        pytest.param('hours = "22:00-05:00"\nmonths = "4-6"', read("22:00-05:00", "4-6"), id="nights of a season"),
    ],
)
def test_a_schedule_is_read(tmp_path: Path, text: str, found: Schedule) -> None:
    (limit,) = load(pond(tmp_path, text)).limits
    assert limit.schedule == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('hours = "22-5"', "limits.toml:8: 22-5: hours are written as 22:00-05:00", id="hours without minutes"),
        pytest.param("hours = 22", "limits.toml:8: hours is 22, not a text", id="a number"),
        pytest.param('months = "May"', "limits.toml:8: May: months are written as 4-6, from 1 to 12", id="a month by name"),
        pytest.param("months = []", "limits.toml:8: months: no month at all", id="no month"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        load(pond(tmp_path, text))
    assert [line.removeprefix(f"{tmp_path}/") for line in wrong.value.mistakes] == [said]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param(["low0.hours=20:00-06:00"], read("20:00-06:00", "4-6"), id="other hours"),
        pytest.param(["low0.months=11-2"], read("22:00-05:00", "11-2"), id="other months"),
        pytest.param(["low0.hours=", "low0.months="], ALWAYS, id="taken away"),
        pytest.param(["low0.below=4"], read("22:00-05:00", "4-6"), id="a bound leaves it as it is"),
    ],
)
def test_a_what_if_may_change_it(tmp_path: Path, changes: list[str], found: Schedule) -> None:
    site = load(pond(tmp_path, 'hours = "22:00-05:00"\nmonths = "4-6"'))
    assert [limit.schedule for limit in with_changes(site, changes).limits] == [found]


def test_a_what_if_refuses_hours_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"low0\.hours=late: hours are written as 22:00-05:00"):
        with_changes(load(pond(tmp_path, "")), ["low0.hours=late"])
