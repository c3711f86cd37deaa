"""What the desk says of episodes."""

from dataclasses import replace

import pytest

from dashboards.desk import happening
from dashboards.desk.words import words
from detectors.domain.site import Limit, Site

from .conftest import episode

ZH, EN = words("zh"), words("en")


def test_a_limit_is_named_by_its_side(site: Site) -> None:
    assert happening.what(site, episode(), EN) == "Dissolved oxygen below its limit"
    assert happening.what(site, episode(), ZH) == "溶解氧低于限值"


def test_a_limit_the_site_no_longer_has_is_still_named(site: Site) -> None:
    assert happening.what(site, episode(rule="limit:gone"), EN) == "Dissolved oxygen beyond its limit"


def test_somebody_in_a_zone_is_said_as_such(site: Site) -> None:
    seen = episode(series="cam/movers.gate", station="cam", quantity="movers.gate", rule="limit:nobody")

    assert happening.what(site, seen, ZH) == "禁入区有人"


@pytest.mark.parametrize(
    ("rule", "quantity", "said"),
    [
        pytest.param("limit:wading", "people.gate", "Somebody in the water: ", id="a violation"),
        pytest.param("limit:other", "people.gate", "People · ", id="a limit of the site's own"),
        pytest.param("limit:camera-covered", "cover", "The camera is covered", id="what ails a camera"),
        pytest.param("limit:wading", "people", "People beyond its limit", id="without a zone it is none"),
    ],
)
def test_a_violation_is_said_by_its_name(site: Site, rule: str, quantity: str, said: str) -> None:
    seen = episode(series=f"cam/{quantity}", station="cam", quantity=quantity, rule=rule)

    assert happening.what(site, seen, EN).startswith(said)


def test_quality_silence_and_new_rules_have_words(site: Site) -> None:
    assert happening.what(site, episode(rule="quality:flat_line"), EN) == "Dissolved oxygen: stuck value"
    assert happening.what(site, episode(rule="silence"), ZH) == "停止上报"
    assert happening.what(site, episode(rule="tide:ebb"), EN) == "Dissolved oxygen: tide:ebb"


AHEAD = {"expected_at": 1_700_000_000e9, "earliest_at": 1_699_998_200e9, "latest_at": 1_700_003_000e9}  # 06:13 in Shanghai


@pytest.mark.parametrize(
    ("rule", "facts", "zh", "en"),
    [
        pytest.param(
            "outlook:low",
            AHEAD,
            "溶解氧预计于 06:13（05:43–07:03）降至 5 mg/L 以下",
            "Dissolved oxygen expected to fall below 5 mg/L at 06:13 (05:43–07:03)",
            id="an instant, and between which it lies",
        ),
        pytest.param(
            "outlook:high",
            {name: AHEAD[name] for name in ("expected_at", "earliest_at")},
            "溶解氧预计于 06:13（最早 05:43）升至 5 mg/L 以上",
            "Dissolved oxygen expected to rise above 5 mg/L at 06:13 (05:43 at the earliest)",
            id="no latest one is known",
        ),
        pytest.param(
            "outlook:low", {}, "溶解氧预计将超出限值", "Dissolved oxygen expected to pass its limit", id="nothing is known"
        ),
        pytest.param(
            "outlook:gone", AHEAD, "溶解氧预计将超出限值", "Dissolved oxygen expected to pass its limit", id="a limit no more"
        ),
    ],
)
def test_what_is_foreseen(rule: str, facts: dict[str, str | float], zh: str, en: str, site: Site) -> None:
    low = Limit(name="low", series="up/do", below=5.0, clear=5.5)
    high = Limit(name="high", series="up/do", above=5.0, clear=4.5)
    known = replace(site, limits=(low, high))
    foreseen = episode(rule=rule, matter="outlook", limit=5.0, facts=facts)
    assert (happening.what(known, foreseen, ZH), happening.what(known, foreseen, EN)) == (zh, en)


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        pytest.param(
            {"class": "IV", "target": "III"},
            "水质IV类，劣于目标III类：溶解氧",
            "Water quality class IV, target class III: Dissolved oxygen",
            id="class and target",
        ),
        pytest.param(
            {"class": "worse than V", "target": "V"},
            "水质劣V类，劣于目标V类：溶解氧",
            "Water quality worse than class V, target class V: Dissolved oxygen",
            id="worse than V",
        ),
        pytest.param(
            {}, "水质劣于目标类别：溶解氧", "Water quality worse than its target: Dissolved oxygen", id="nothing is known"
        ),
    ],
)
def test_a_section_worse_than_its_target(facts: dict[str, str | float], zh: str, en: str, site: Site) -> None:
    turned = episode(rule="class:up", facts=facts)
    assert (happening.what(site, turned, ZH), happening.what(site, turned, EN)) == (zh, en)


def test_a_section_that_worsened_is_named_by_what_it_is_now(site: Site) -> None:
    now = {"class": "worse than V", "target": "III"}
    one = episode(rule="class:up", facts={"class": "IV", "target": "III"}, worsened_facts=now)
    assert "worse than class V" in happening.what(site, one, EN)
    assert "劣V类" in happening.what(site, one, ZH)
