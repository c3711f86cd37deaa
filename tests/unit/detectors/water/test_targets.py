"""Targets of sections, foreseen like limits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detectors.court import Court
from detectors.domain.section import Section
from detectors.domain.site import Site, Station, Title
from detectors.water.targets import foreseen
from storage.registry import load
from tests.unit.detectors.water.test_outlook import QUARTERS, START, batch, wave

STATION = Station(
    name="weir",
    title=Title(zh="堰", en="weir"),
    kind="water",
    place=(0, 0),
    quantities=("temp", "do", "ph", "cond", "nh3n", "tn"),
)
SECTION = Section(station="weir", target=3, outlook=6.0, delay=60.0)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, {"do": 5.0, "ph-low": 6.0, "ph-high": 9.0, "nh3n": 1.0}, id="each item reported that counts"),
        pytest.param({"target": 2}, {"do": 6.0, "ph-low": 6.0, "ph-high": 9.0, "nh3n": 0.5}, id="by the target"),
        pytest.param({"target": 0, "zone_target": 2, "outlook_of": ("do",)}, {"do": 6.0}, id="or that of the zone"),
        pytest.param({"outlook_of": ("do", "tp")}, {"do": 5.0}, id="only what is wanted and reported"),
        pytest.param({"outlook": 0.0}, {}, id="nothing unless asked for"),
        pytest.param({"target": 0}, {}, id="nothing without a target"),
    ],
)
def test_a_target_is_foreseen(changes: dict, found: dict[str, float]) -> None:
    limits = foreseen(replace(SECTION, **changes), STATION)
    names = {limit.name.removeprefix("target-"): limit.below if limit.above is None else limit.above for limit in limits}
    short = {name if name.startswith("ph") else name.rpartition("-")[0]: bound for name, bound in names.items()}
    assert short == found
    assert all((limit.outlook, limit.delay, limit.clear) == (6.0, 60.0, limit.above or limit.below) for limit in limits)


def test_the_warning_comes_before_the_class() -> None:
    """Oxygen that falls below 7.3 at 3 h of each day, held to class I (7.5): warned of hours before, told as the class."""
    site = Site(
        name="stand",
        title=Title(zh="台", en="stand"),
        stations={"weir": STATION},
        sections={"weir": (section := replace(SECTION, target=1))},
        foreseen=foreseen(section, STATION),
    )
    court = Court(site)
    events = court.judge(court.blank(), batch(QUARTERS, wave(QUARTERS))).events
    named = [f"{one.rule} {one.turn}" for one in events if one.at >= START + 90 * 3600 * 10**9]
    assert named[:3] == ["outlook:target-do-low raised", "class:weir raised", "outlook:target-do-low cleared"]
    assert not any(rule.startswith("limit:") for rule in named)


def test_the_demo_is_warned_of_oxygen() -> None:
    site = load(Path(__file__).resolve().parents[4] / "sites" / "qinghe")
    assert {limit.series for limit in site.foreseen} == {"franklin/do", "waterlab/do", "mainstreet/do"}
    assert not {limit.name for limit in site.foreseen} & {limit.name for limit in site.limits}
    assert np.isclose([limit.below for limit in site.foreseen], [6.0, 5.0, 5.0]).all()
