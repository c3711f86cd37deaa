"""The desk in a real browser, over real stores."""

import json
import time
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec
import numpy as np
import psutil
import pytest

from detectors.domain.event import Level, Turn
from tests.browser.conftest import Desk, Reader
from tests.browser.filling import EVIL, S, event, judged

PAGES = (
    "/", "/sections", "/sections?span=30d", "/outfalls", "/quality", "/quality?span=7d", "/station/mainstreet",
    "/station/tank1?span=1h", "/camera/gatecam", "/camera/gatecam/zones", "/cameras", "/events", "/ledger", "/mailbox",
)  # fmt: skip
pytestmark = pytest.mark.needs("chromium")
CHARTS = "[...document.querySelectorAll('.nicegui-echart')].map(e => getElement(+e.id.slice(1)).chart.getOption())"
COUNTS = f"id => {CHARTS}.map(chart => chart.series.find(one => one.id === id).data.length)"
NEWEST = f"{CHARTS}[0].series.find(one => one.id === 'mean').data.at(-1)[1]"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_a_complaint_and_without_a_word_to_anyone_else(reader: Reader, path: str) -> None:
    page = reader.open(path)
    page.wait_for_timeout(2500)  # long enough for a round of live updates

    assert reader.trouble == []
    strangers = {
        url for url in reader.asked if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).hostname != "127.0.0.1"
    }
    assert strangers == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(phone: Reader, desk: Desk, language: str) -> None:
    wide = {}
    for path in (*PAGES, f"/event/{desk.stores.book.open_events()[0].id}"):
        page = phone.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        page.wait_for_timeout(400)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in wide.items() if width > 390} == {}


def test_the_overview_shows_the_river_the_events_and_the_newest_values(reader: Reader) -> None:
    page = reader.open("/?lang=en")

    assert page.locator(".map .mark:not(.reachname)").count() == 6
    assert page.locator(".map .reach").count() == 3
    assert page.get_by_text("Water quality class IV, target class III: Dissolved oxygen").count() == 1
    assert page.locator(".tile.warning").get_by_text("Main Street").count() == 1
    assert page.locator(".shot img").evaluate("image => image.naturalWidth") == 576


def test_the_language_stays_switched(reader: Reader) -> None:
    page = reader.open("/")
    assert page.locator(".bar nav .here").text_content() == "总览"

    page.locator(".language").click()
    page.wait_for_selector(".bar nav .here:text('Overview')")
    reader.open("/events")

    assert page.locator(".bar nav .here").text_content() == "Events"


def test_a_station_draws_its_points_its_limits_and_its_doubts(reader: Reader) -> None:
    page = reader.open("/station/franklin?lang=en")
    page.wait_for_selector("canvas")

    assert page.locator("canvas").count() == 7
    *means, classes = page.evaluate(COUNTS, "mean")
    assert min(means) > 80 > classes > 10  # a class is said once an hour
    assert max(page.evaluate(COUNTS, "fail")) == 1
    assert max(page.evaluate(COUNTS, "suspect")) > 0
    page.wait_for_function(
        f"({COUNTS})('ahead').filter(many => many === 13).length === 6", timeout=20_000
    )  # six hours by the half


def test_a_chart_grows_while_one_looks_at_it(reader: Reader, desk: Desk) -> None:
    page = reader.open("/station/waterlab?span=1h")
    page.wait_for_selector("canvas")
    desk.stores.store.write(judged("waterlab/temp", np.array([time.time_ns()], np.int64), np.array([13.25])))
    page.wait_for_function(f"{NEWEST} === 13.25", timeout=12_000)


def test_a_new_event_appears_by_itself(reader: Reader, desk: Desk) -> None:
    page = reader.open("/?lang=en")
    raised = event(desk.site, "tank1/gas", "limit:gas-high-alarm", time.time_ns() - S, 61.0)
    desk.stores.book.take(raised)

    page.wait_for_selector(f"a[href='/event/{raised.id}']", timeout=8000)
    assert page.locator(".tile.alarm").get_by_text("Qinghe Chemical, tank 1").count() == 1

    desk.stores.book.take(msgspec.structs.replace(raised, turn=Turn.CLEARED, at=time.time_ns()))
    page.wait_for_selector(f"a[href='/event/{raised.id}']", state="detached", timeout=8000)


def test_older_events_follow_an_event_and_a_link_leads_back_to_the_newest(reader: Reader, desk: Desk) -> None:
    newest, *older = desk.stores.book.page("over", None, 10)
    page = reader.open(f"/events?show=over&before={newest.id}&lang=en")
    page.wait_for_selector("tbody tr")
    shown = page.locator("tbody a").evaluate_all("links => links.map(link => link.pathname)")

    assert shown == [f"/event/{one.id}" for one in older]
    page.get_by_role("link", name="Newest").click()
    page.wait_for_selector(f"tbody a[href='/event/{newest.id}']")
    assert page.locator(".tabs .here").text_content() == "Over"


def test_an_event_shows_what_the_camera_saw(reader: Reader, desk: Desk) -> None:
    seen = next(one for one in desk.stores.book.open_events() if one.station == "gatecam")
    page = reader.open(f"/event/{seen.id}?lang=en")
    page.wait_for_selector(".frames img")

    assert page.locator("h1").text_content() == "Somebody in the closed area"
    assert page.locator(".frames img").count() >= 4
    assert page.locator(".frames img").first.evaluate("image => image.complete && image.naturalWidth") == 576


def test_an_event_of_long_ago_shows_its_own_time(reader: Reader, desk: Desk) -> None:
    (old,) = desk.stores.book.page("late", None, 1)
    page = reader.open(f"/event/{old.id}?lang=en")
    page.wait_for_selector("canvas")
    low, high = page.evaluate(f"{CHARTS}[0].xAxis.map(axis => [axis.min, axis.max])[0]")

    assert (high - low) / 60_000 < 61  # minutes; it lasted half a minute, nine days ago
    assert page.evaluate(COUNTS, "mean")[0] > 2
    assert reader.trouble == []


def test_looking_at_a_link_takes_nothing_and_the_button_does(phone: Reader, desk: Desk) -> None:
    message = next(one for one in desk.stores.book.mailbox("zhang") if not desk.stores.book.by_token(one.token).acknowledged_at)
    for _ in range(3):  # a mail scanner looks too
        with urlopen(f"{desk.address}/a/{message.token}") as answer:
            assert answer.status == 200
    assert desk.stores.book.by_token(message.token).acknowledged_at is None

    page = phone.open(f"/a/{message.token}?lang=zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="收到，我来处理").click()
    page.wait_for_selector(".taken")
    taken = desk.stores.book.by_token(message.token)

    assert "张河长" in page.locator(".taken").inner_text()
    assert taken.acknowledged_by == "zhang"
    with urlopen(Request(f"{desk.address}/a/{message.token}", method="POST")) as again:
        assert again.status == 200
    assert desk.stores.book.by_token(message.token) == taken
    assert phone.trouble == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_link_says_so(desk: Desk, method: str) -> None:
    with pytest.raises(HTTPError) as missing:
        urlopen(Request(f"{desk.address}/a/{'0' * 40}", method=method))

    assert missing.value.code == 404
    assert "链接无效" in missing.value.read().decode()


@pytest.mark.parametrize(
    "path",
    ["/station/nobody", "/camera/nobody", "/event/nothing", "/events?before=nothing", "/nowhere", "/camera/nobody/latest.jpg"],
)
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    with pytest.raises(HTTPError) as missing:
        urlopen(desk.address + path)

    assert missing.value.code == 404


def test_what_devices_say_stays_text(reader: Reader, desk: Desk) -> None:
    wicked = event(desk.site, "mainstreet/cond", "limit:cond-high", time.time_ns() - 5 * S, 600.0)
    wicked = msgspec.structs.replace(wicked, id="evil", rule=EVIL, code=EVIL, cell=EVIL, reach=EVIL, level=Level.NOTICE)
    desk.stores.book.take(wicked)
    time.sleep(2.5)

    for path in ("/ledger", "/events", "/event/evil", "/"):
        page = reader.open(path)
        page.wait_for_timeout(800)
        assert page.evaluate("[document.title === 'pwned', window.pwned === 1]") == [False, False]
        assert page.locator("main script, main img[src=x]").count() == 0
    assert reader.open("/ledger").get_by_text("onerror=").count() > 0
    assert [said for said in reader.trouble if "404" not in said] == []


def test_machines_are_told_how_the_desk_is(desk: Desk) -> None:
    desk.stores.store.write(judged("waterlab/ph", np.array([time.time_ns()], np.int64), np.array([8.1])))
    time.sleep(2.5)
    with urlopen(f"{desk.address}/health") as answer:
        said = json.load(answer)

    assert said["ok"]
    assert said["newest_age_s"] < 60
    with urlopen(f"{desk.address}/api/series/waterlab/temp?span=24h") as answer:
        assert len(json.load(answer)["at"]) > 80


def test_the_desk_is_small(desk: Desk) -> None:
    assert psutil.Process(desk.process.pid).memory_info().rss < 300e6
