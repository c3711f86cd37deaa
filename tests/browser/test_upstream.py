"""Upstream and downstream of an event, as a person sees it."""

import pytest

from tests.browser.conftest import Desk, Reader

pytestmark = pytest.mark.needs("chromium")


def spill(desk: Desk) -> str:
    """The page of the breach at the lowest station."""
    return next(f"/event/{one.id}" for one in desk.stores.book.events() if one.series == "mainstreet/do")


@pytest.mark.parametrize(("language", "first"), [("zh", "长隆排口"), ("en", "Changlong outfall")])
def test_the_likely_stretch_and_the_outfalls_in_it_are_shown(reader: Reader, desk: Desk, language: str, first: str) -> None:
    page = reader.open(f"{spill(desk)}?lang={language}")

    assert page.locator(".trace .waterline line.likely").count() == 2  # of the lower reach, and of the middle one
    assert page.locator(".trace tbody tr").first.locator("a").first.text_content() == first
    assert page.locator(".trace .waterline .rank").count() == 2
    assert reader.trouble == []


def test_names_on_the_strip_do_not_meet_on_a_phone(phone: Reader, desk: Desk) -> None:
    page = phone.open(f"{spill(desk)}?lang=en")
    boxes = page.locator(".waterline .name").evaluate_all("names => names.map(name => name.getBoundingClientRect().toJSON())")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(box["left"] >= 0 and box["right"] <= 390 for box in boxes)
    for one in boxes:
        for other in boxes:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert one == other or apart or one["bottom"] <= other["top"] + 2 or other["bottom"] <= one["top"] + 2
