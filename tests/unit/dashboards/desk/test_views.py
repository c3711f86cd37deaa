"""What pages show, and that nothing from outside becomes markup in them."""

import re
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from dashboards.desk.chart import options
from dashboards.desk.charts import passed
from dashboards.desk.glance import Glance
from dashboards.desk.views import books, camera, event, events, health, mailbox, river, shell, station, tiles, wall, zones
from dashboards.desk.views.acknowledge import acknowledge
from dashboards.desk.words import words
from detectors.domain.event import Level
from detectors.domain.site import Camera, Title, Zone
from storage.balance import LANDING, READINGS, Report, balance
from storage.casebook import Message, Sending
from storage.processes import Process
from storage.refused import RefusedItem

from .conftest import EVIL, NOW, S, episode, reading

ZH, EN = words("zh"), words("en")


def _leaf(glance: Glance, *, more: bool = False) -> events.Leaf:
    return events.Leaf(episodes=glance.episodes, told=glance.told, more=more)


VIEWS: dict[str, Callable] = {
    "strip": health.strip,
    "processes": health.processes,
    "river": river.river,
    "open events": events.open_events,
    "events": lambda glance, w: events.events_page(glance, _leaf(glance), w, "all"),
    "tiles": tiles.tiles,
    "cameras": camera.cameras,
    "wall": wall.wall,
    "zones": lambda glance, w: "".join(
        str(zones.zones(seen, glance.site.cameras["cam"], w)) for seen in (glance, glance.but(pictures={"cam": NOW}))
    ),
    "station": lambda glance, w: station.title(glance, "up", w) + station.beside(glance, "up", w),
    "event": lambda glance, w: event.event(glance, glance.open[0], w),
    "ledger": lambda glance, w: (
        books.ledger(glance, w) + books.refused(glance, w) + books.stages(glance, w) + books.frames(glance, w)
    ),
    "mailbox": mailbox.mailbox,
    "acknowledge": lambda glance, w: acknowledge(glance, glance.open[0], "t" * 40, w),
    "header": lambda glance, w: shell.header(glance.site, w, "/"),
}


def _message(**changes: object) -> Message:
    facts: dict[str, object] = {
        "id": "m",
        "episode": "e1",
        "chief": "zhang",
        "channel": "mailbox:",
        "kind": "raised",
        "state": Sending.SENT,
        "made_at": NOW,
        "due_at": NOW,
        "sent_at": NOW,
        "token": "t" * 40,
    }
    return Message(**{**facts, **changes})  # type: ignore[arg-type]


def _evil(glance: Glance) -> Glance:
    site = replace(
        glance.site,
        title=Title(zh=EVIL, en=EVIL),
        cameras={"cam": Camera(name="cam", zones=(Zone(name=EVIL, kind=EVIL, corners=((0, 0), (1, 0), (1, 1))),))},
    )
    wicked = episode(
        station=EVIL,
        reach=EVIL,
        cell=EVIL,
        rule=EVIL,
        code=EVIL,
        standard=EVIL,
        quantity=EVIL,
        series=EVIL,
        acknowledged_by=EVIL,
        acknowledged_at=NOW,
        facts={EVIL: EVIL, "evidence": EVIL},
    )
    return glance.but(
        site=site,
        open=(wicked,),
        episodes=(wicked,),
        newest={**glance.newest, f"up/{EVIL}": reading()},
        refused=(
            RefusedItem(id=EVIL, device=EVIL, topic=EVIL, reason=EVIL, payload=EVIL.encode() + b"\xff", got=NOW, stage=EVIL),
        ),
        mailboxes={EVIL: (_message(title=EVIL, body=EVIL),)},
        processes=(Process(name=EVIL, state=EVIL, message=EVIL),),
        balance=balance([Report(READINGS, 0, EVIL, "received", 1, NOW)], NOW),
        trouble=EVIL,
    )


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", [ZH, EN], ids=["zh", "en"])
def test_nothing_from_outside_becomes_markup(name: str, language: object, glance: Glance) -> None:
    said = str(VIEWS[name](_evil(glance), language))

    assert "<script" not in said
    assert "<img src=x" not in said


@pytest.mark.parametrize("name", VIEWS)
def test_a_site_of_which_nothing_is_known_yet_has_every_page(name: str, glance: Glance) -> None:
    bare = Glance(site=glance.site, now=NOW)

    if name not in {"event", "acknowledge"}:
        assert "None" not in str(VIEWS[name](bare, EN))


def test_the_map_says_each_stations_state_in_words(glance: Glance) -> None:
    said = str(river.river(glance, EN))

    assert 'aria-label="Up: warning"' in said
    assert 'aria-label="Cam: silent"' in said


def test_an_event_says_value_limit_and_who_was_told(glance: Glance) -> None:
    said = str(events.open_events(glance.but(told={"e1": (_message(),)}), ZH))

    assert "4.2 mg/L" in said
    assert "限值 5 mg/L" in said
    assert "已通知 张河长" in said


def test_what_is_part_of_an_event_upstream_is_told_with_it(glance: Glance) -> None:
    part = episode(part_of="e0")

    assert "随上游事件通知" in str(events.open_events(glance.but(open=(part,)), ZH))
    assert "未通知" in str(events.open_events(glance, ZH))


@pytest.mark.parametrize(
    ("before", "more", "ways"),
    [
        pytest.param("", False, [], id="few events are one page without a way"),
        pytest.param("", True, ["/events?show=over&amp;before=e1"], id="the first page leads to older ones"),
        pytest.param("e9", False, ["/events?show=over"], id="the last page leads to the newest"),
        pytest.param("e9", True, ["/events?show=over", "/events?show=over&amp;before=e1"], id="one between leads both ways"),
    ],
)
def test_a_page_of_events_leads_on_and_keeps_what_it_shows(before: str, more: bool, ways: list[str], glance: Glance) -> None:
    said = str(events.events_page(glance, _leaf(glance, more=more), EN, "over", before))

    assert ways == re.findall(r'href="([^"]*)"', said.partition(f'aria-label="{EN["events.leaves"]}"')[2])


@pytest.mark.parametrize(
    ("standing", "state"),
    [("to", Sending.SENT), ("waiting", Sending.DUE), ("waiting", Sending.SENDING), ("failed", Sending.FAILING)],
)
def test_a_message_that_is_not_there_yet_is_not_called_told(standing: str, state: Sending) -> None:
    assert standing == events.standing(_message(state=state))


def test_the_phones_page_offers_a_button_until_somebody_took_it(glance: Glance) -> None:
    free, taken = episode(), msgspec.structs.replace(episode(), acknowledged_at=NOW, acknowledged_by="zhang")

    assert 'method="post"' in acknowledge(glance, free, "tok", EN)
    assert "<button" not in acknowledge(glance, taken, "tok", EN)
    assert "acknowledged by" not in acknowledge(glance, free, "tok", EN)
    assert "Chief Zhang acknowledged at" in acknowledge(glance, taken, "tok", EN)


def test_the_ledger_names_the_stage_that_contradicts(glance: Glance) -> None:
    reports = [
        Report(READINGS, 0, "up", "received", 5, NOW - 99 * S),
        Report(READINGS, 0, "up", "judged", 5, NOW - 99 * S),
        Report(LANDING, 0, "up", "judged", 6, NOW - 199 * S),
    ]

    said = str(books.ledger(glance.but(balance=balance(reports, NOW)), EN))

    assert "storing contradicts" in said
    assert "The books of 1 devices do not close" in said


def test_bytes_that_are_no_text_show_in_hexadecimal_and_long_ones_are_cut() -> None:
    assert books.payload(b"a\xff") == "a\\xff"
    assert len(books.payload(b"x" * 9000)) == 401


def test_a_limit_far_away_is_not_drawn_and_one_near_is(glance: Glance) -> None:
    drawn = {"mean": [(0, 6.0), (1, 7.0)], "low": [], "band": [], "suspect": [], "fail": []}
    limits = glance.site.limits[:1]

    near = options(drawn, (0, 1), limits, EN, "do")["series"]
    far = options({**drawn, "mean": [(0, 60.0), (1, 61.0)]}, (0, 1), limits, EN, "do")["series"]

    assert [len(next(one for one in series if one["id"] == "mean")["markLine"]["data"]) for series in (near, far)] == [1, 0]


def test_the_desk_is_well_only_while_readings_are_fresh_and_processes_run(glance: Glance) -> None:
    running, down = Process(name="bridge", state="running"), Process(name="bridge", state="restarting")

    assert glance.but(processes=(running,)).healthy
    assert not glance.but(processes=(down,)).healthy
    assert not glance.but(now=NOW + 600 * S).healthy
    assert not glance.but(trouble="series.db does not answer").healthy
    assert not Glance(site=glance.site, now=NOW).healthy


@pytest.mark.parametrize(
    ("style", "changes"),
    [
        pytest.param("warning", {}, id="polluted water"),
        pytest.param("alarm", {"level": Level.ALARM, "station": "cam", "quantity": "tint.gate"}, id="a discharge that is seen"),
        pytest.param("good", {"level": Level.ALARM, "station": "cam", "matter": "vision"}, id="somebody on the bank"),
        pytest.param("good", {"level": Level.ALARM, "matter": "hazard"}, id="a tank beside it"),
        pytest.param("good", {"matter": "instrument"}, id="a probe that fails"),
    ],
)
def test_a_reach_has_the_colour_of_its_water(style: str, changes: dict[str, object], glance: Glance) -> None:
    shown = str(river.river(glance.but(open=(episode(**changes),)), EN))

    assert re.findall(r'class="reach (\w+)"', shown) == [style]


@pytest.mark.parametrize(
    ("above", "below", "changes"),
    [
        pytest.param(None, 5.0, {}, id="oxygen may not fall below what its class allows"),
        pytest.param(1.0, None, {"value": 1.4, "limit": 1.0}, id="ammonia may not rise above it"),
    ],
)
def test_the_curve_of_a_class_has_the_line_of_its_worst_factor(
    above: float | None, below: float | None, changes: dict[str, float]
) -> None:
    (line,) = passed(episode(rule="class:up", **changes))

    assert (line.above, line.below, line.level) == (above, below, Level.WARNING)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"rule": "limit:do-low"}, id="a limit of the site is drawn with the others"),
        pytest.param({"rule": "class:up", "limit": None}, id="of a class without a number nothing is known"),
    ],
)
def test_no_other_event_adds_a_line_to_its_curve(changes: dict[str, object]) -> None:
    assert passed(episode(**changes)) == ()


def test_a_kind_of_zone_is_said_once_where_the_text_calls_it_the_same(glance: Glance) -> None:
    said = {
        language: str(zones.zones(glance.but(pictures={"cam": NOW}), glance.site.cameras["cam"], words(language)))
        for language in ("zh", "en")
    }

    assert ">water<" in said["en"]
    assert ">closed area (closed)<" in said["en"]
    assert ">水面 (water)<" in said["zh"]
