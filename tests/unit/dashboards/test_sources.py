"""Where numbers come from, in the language of who reads it."""

import re
from pathlib import Path

import pytest

from dashboards.sources import source_of, spoken
from detectors.domain.signs import signs
from detectors.domain.violations import violations
from storage.registry import load

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("zh", "en", "text"),
    [
        pytest.param("表1", "Table 1", "表1 | Table 1", id="what is written twice is said in each language"),
        pytest.param("按县令", "按县令", "按县令", id="what is only Chinese is said as it is"),
        pytest.param("by eye", "by eye", "by eye", id="what is only English and names no standard is said as it is"),
        pytest.param(
            "GB/T 50493-2019、IEC 62682",
            "GB/T 50493-2019 5.5.2, IEC 62682, GB/T 50493-2019 again",
            "GB/T 50493-2019 5.5.2, IEC 62682, GB/T 50493-2019 again",
            id="of what is only English a Chinese reader gets the standards, each once",
        ),
        pytest.param("", "", "", id="nothing stays nothing"),
    ],
)
def test_a_source_is_said_in_the_readers_language(zh: str, en: str, text: str) -> None:
    assert (zh, en) == (spoken(text, "zh"), spoken(text, "en"))


def test_the_demo_site_and_what_cameras_look_for_say_every_source_in_both_languages() -> None:
    site = load(ROOT / "sites" / "qinghe")
    texts = [
        *(limit.source for limit in site.limits),
        *(sign.limit.source for sign in signs()),
        *(reach.pace.source for reach in site.reaches.values()),
    ]
    texts += [text for section in site.sections.values() for text in (section.zone, section.basin)]
    texts += [*(item.source for item in site.standard), *(one.limit.source for one in violations())]

    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", spoken(text, "zh"))] == []
    assert [text for text in texts if re.search(r"[\u4e00-\u9fff]", spoken(text, "en"))] == []


@pytest.mark.parametrize(
    ("zh", "en", "rule", "series"),
    [
        pytest.param(
            "GB 3838-2002 表1 第3项", "GB 3838-2002 Table 1, item 3", "class:franklin", "franklin/do", id="the standard"
        ),
        pytest.param(
            "地方设定；GB 3838-2002 表1为6-9", "local; GB 3838-2002 Table 1 has 6-9", "class:franklin", "franklin/ph",
            id="what the site has in its place",
        ),
        pytest.param("", "", "class:franklin", "franklin/turb", id="what has no class"),
        pytest.param("", "", "class:tank1", "tank1/level", id="what is no section"),
        pytest.param("", "", "quality:spike", "franklin/do", id="a test of quality has none"),
    ],
)  # fmt: skip
def test_the_source_of_an_event_is(zh: str, en: str, rule: str, series: str) -> None:
    site = load(ROOT / "sites" / "qinghe")

    assert (zh, en) == (source_of(site, rule, series, "zh"), source_of(site, rule, series, "en"))


def test_the_source_of_a_limit_is_what_it_says() -> None:
    site = load(ROOT / "sites" / "qinghe")
    limit = site.limits[0]

    assert spoken(limit.source, "zh") == source_of(site, f"limit:{limit.name}", limit.series, "zh")
