"""Cameras at the desk: what is kept of an event they saw."""

import time
from pathlib import Path

import pytest

from streams.exhibits import Keeper
from tests.browser.conftest import Desk, Reader

pytestmark = pytest.mark.needs("chromium")


def test_an_event_keeps_its_pictures_and_plays_its_clip(reader: Reader, desk: Desk, tmp_path: Path) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    page = reader.open(f"/event/{seen.id}?lang=en")
    keeper = Keeper(desk.site, desk.stores.book, desk.stores.store, desk.stores.evidence.folder, time.time_ns)

    assert keeper.round() == 1
    page.wait_for_selector(".exhibit video", timeout=8000)  # by itself, while one looks

    assert page.locator(".exhibit figcaption strong").all_inner_texts() == [
        "First",
        "Most marked",
        "Last",
        "10 seconds around it",
    ]
    assert page.locator(".exhibit img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 576
    page.locator(".exhibit video").evaluate("film => film.play()")
    page.wait_for_function("document.querySelector('.exhibit video').currentTime > 0.5")
    assert reader.trouble == []
