"""Sections, outfalls and quality, as a person sees them."""

import pytest

from tests.browser.conftest import Desk, Reader

pytestmark = pytest.mark.needs("chromium")


def test_the_map_and_the_strips_show_classes(reader: Reader) -> None:
    page = reader.open("/sections?lang=zh")
    page.wait_for_selector(".strips svg")

    assert page.locator(".map .mark.section .class").all_text_contents() == ["I", "I", "IV"]
    assert page.locator(".map .reach.c4").count() == 1
    assert page.locator(".strips svg").count() == 3
    assert page.locator(".strips svg rect.c6").count() == 1
    assert page.locator(".strips svg title").filter(has_text="劣V类").count() == 1
    assert page.get_by_text("劣于目标").count() > 0


def test_another_period_is_a_click_away(reader: Reader) -> None:
    page = reader.open("/sections?lang=en")
    page.locator(".tabs a").get_by_text("30 d").first.click()
    page.wait_for_selector(".strips svg[viewBox='0 0 30 10']", timeout=20_000)

    assert page.locator(".kept").count() >= 12
    assert reader.trouble == []


def test_the_other_language_is_the_same_page_and_period(reader: Reader) -> None:
    page = reader.open("/sections?span=30d&lang=en")
    page.locator("a.language").click()
    page.wait_for_url("**/sections?span=30d&lang=zh")

    assert page.locator(".tabs a.here").all_text_contents() == ["30 天", "30 天"]


def test_the_probe_that_is_found_failing_stands_first_and_leads_to_its_event(reader: Reader, desk: Desk) -> None:
    page = reader.open("/quality?lang=en")
    page.wait_for_selector(".trust tbody tr", timeout=20_000)
    owed = sum(len(station.quantities) for station in desk.site.stations.values())

    assert page.locator(".trust tbody tr").count() == owed
    assert page.locator(".tests").get_by_text("stuck value").count() == 6
    first = page.locator(".trust tbody tr").first
    assert first.locator("th a").first.get_attribute("href") == "/station/franklin"
    first.locator("a.matter").click()
    page.wait_for_url("**/event/*")
    assert page.locator("h1").text_content() == "Turbidity: stuck value"


def test_an_outfall_knows_what_lies_below_it(reader: Reader) -> None:
    page = reader.open("/outfalls?lang=en")

    assert page.locator(".outfall h2").all_text_contents() == ["Changlong outfall"]
    assert page.locator(".outfall").get_by_text("≤ 15 mg/L").count() == 1
    assert page.locator(".two a").get_by_text("Main Street").count() == 1
