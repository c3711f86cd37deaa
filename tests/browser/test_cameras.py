"""Cameras at the desk: what is kept of an event they saw, what people say of it, and the wall of them all."""

import shutil
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from storage.casebook import Verdict
from storage.registry import load
from streams.exhibits import Keeper
from tests.browser.conftest import FACES, ROOT, Desk, Reader

pytestmark = pytest.mark.needs("chromium")


def test_an_event_keeps_its_pictures_and_plays_its_clip(reader: Reader, desk: Desk, tmp_path: Path) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    page = reader.open(f"/event/{seen.id}?lang=en")
    keeper = Keeper(desk.site, desk.stores.book, desk.stores.store, desk.stores.evidence, desk.stores.exhibits, time.time_ns)

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


def test_a_zone_is_drawn_on_the_picture_and_its_text_is_one_that_a_site_takes(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("/camera/gatecam/zones?lang=en")
    page.locator(".zoneform [name=name]").fill("steps")
    page.locator(".zoneform [name=kind]").select_option("bank")
    box = page.locator(".drawing").bounding_box()
    assert box is not None
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8))]
    for x, y in spots:
        page.mouse.click(x, y)
    page.mouse.move(*spots[0])
    page.mouse.down()
    page.mouse.move(box["x"] - 50, spots[0][1], steps=4)  # a corner is dragged no farther than the picture's edge
    page.mouse.up()
    page.keyboard.press("ArrowDown")

    folder = shutil.copytree(ROOT / "sites" / "qinghe", tmp_path / "site")
    with (folder / "cameras.toml").open("a", encoding="utf-8") as file:
        file.write(page.locator(".zoneform textarea").input_value())
    drawn = load(folder).cameras["gatecam"].zones[-1]

    assert (drawn.name, drawn.kind) == ("steps", "bank")
    assert drawn.corners == tuple(pytest.approx(corner, abs=0.004) for corner in ((0.0, 0.205), (0.8, 0.2), (0.5, 0.8)))
    assert reader.trouble == []


def test_the_wall_shows_every_camera_with_its_state_and_what_is_open(reader: Reader, desk: Desk) -> None:
    page = reader.open("/cameras?lang=en")

    assert page.locator(".bar nav .here").text_content() == "Cameras"
    assert page.locator(".screen").count() == len(desk.site.cameras)
    assert page.locator(".screen img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 576
    assert page.locator(".screen").get_by_text("Somebody in the closed area").count() == 1
    assert page.locator(".screen header .pill").inner_text() == "alarm"


def test_who_looked_says_so_and_the_wall_counts_it(phone: Reader, desk: Desk) -> None:
    reader, seen = phone, next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    page = reader.open(f"/event/{seen.id}?lang=en")
    page.get_by_label("Your name").fill("Li <b>")
    page.get_by_label("What you saw").fill("a heron")
    page.get_by_role("button", name="It is not").click()
    page.wait_for_selector(".reviews li")

    (review,) = desk.stores.book.reviews(seen.id)
    assert (review.verdict, review.who, review.why) == (Verdict.FALSE, "Li <b>", "a heron")
    assert "Li <b>" in page.locator(".reviews").inner_text()
    page.wait_for_function("scrollY > 300 && document.querySelector('.reviews').getBoundingClientRect().top < innerHeight")
    page = reader.open("/cameras?lang=en")
    assert "0 of 1 reviewed" in page.locator(".precision").inner_text()
    assert reader.trouble == []


@pytest.mark.parametrize(
    ("status", "origin", "form"),
    [
        pytest.param(403, "http://elsewhere.example", "verdict=false&who=x&why=y", id="a form of another site"),
        pytest.param(409, "", "verdict=perhaps&who=x&why=y", id="neither true nor false"),
        pytest.param(409, "", "verdict=false&who=&why=y", id="nobody's word"),
    ],
)
def test_a_review_that_is_none_is_refused(desk: Desk, status: int, origin: str, form: str) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    before = desk.stores.book.reviews(seen.id)
    sent = Request(f"{desk.address}/event/{seen.id}/review", form.encode(), {"Origin": origin or desk.address})

    with pytest.raises(HTTPError) as refused:
        urlopen(sent)

    assert refused.value.code == status
    assert desk.stores.book.reviews(seen.id) == before


def test_the_page_behind_a_link_shows_the_veiled_picture(phone: Reader, desk: Desk) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    kept = desk.stores.exhibits.of(seen.id)
    token = next(one.token for one in desk.stores.book.messages([seen.id])[seen.id])
    page = phone.open(f"/a/{token}?lang=zh")
    shown = [page.locator(".seen").get_attribute("src")]

    assert kept is not None
    assert shown == [f"/exhibit/{shot.veiled}" for shot in kept.shots if shot.role == "best"]
    assert page.locator(".seen").evaluate("image => image.decode().then(() => image.naturalWidth)") == 576
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_from_elsewhere_pictures_are_blurred_until_the_key_is_shown(phone: Reader, desk: Desk) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    phone.page.set_extra_http_headers({"X-Forwarded-For": "10.0.0.7"})
    page = phone.open(f"/event/{seen.id}?lang=en")
    assert page.get_by_text("are blurred").count() == 1
    page.get_by_text("I may see them").click()
    page.get_by_label("Key").fill("perhaps it is this")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("alert").inner_text() == "That is not the key"
    page.get_by_label("Key").fill(FACES)
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector(".exhibit img")

    assert page.get_by_text("are blurred").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
