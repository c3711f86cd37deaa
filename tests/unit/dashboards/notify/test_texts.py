"""What a message says: everything a chief needs, in one look at a phone."""
# ruff: noqa: E501  a table of messages is read by its rows

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.notify.texts import Text, amount, name_of, text_of
from detectors.domain.event import Level
from detectors.domain.site import Camera, Cell, Limit, Reach, Site, Station, Title
from storage.casebook import Episode, State

SINCE = 1_763_795_700_000_000_000  # 2025-11-22 07:15 UTC, 15:15 in Shanghai
MINUTE = 60_000_000_000
CELL = "320999003001005"
LINK = "https://desk.example.org/a/0123456789abcdef"
PLACE = (120.0, 31.0)


def a_site(**changes: Any) -> Site:
    title = Title(zh="主街断面", en="Main Street")
    return Site(
        name="test",
        title=Title(zh="测试", en="Test"),
        stations={
            "main": Station(name="main", title=title, kind="water", place=PLACE, quantities=("do",), cell=CELL, reach="lower")
        },
        reaches={"lower": Reach(name="lower", title=Title(zh="下游段", en="Lower reach"), line=(PLACE, PLACE))},
        cells={CELL: Cell(code=CELL, title=Title(zh="下河街道第5网格", en="Xiahe, cell 5"), outline=(PLACE,))},
        limits=(Limit(name="do-low", series="main/do", below=5.0, clear=5.5, source="GB 3838-2002 表1 | GB 3838-2002 Table 1"),),
        **changes,
    )


def an_episode(**changes: Any) -> Episode:
    facts: dict[str, Any] = {
        "id": "0123", "state": State.OPEN, "rule": "limit:do-low", "matter": "pollution", "level": Level.WARNING,
        "series": "main/do", "station": "main", "quantity": "do", "since": SINCE, "raised_at": SINCE + MINUTE, "cleared_at": None,
        "value": 3.12345, "limit": 5.0, "code": "06026", "standard": "", "cell": CELL, "reach": "lower", "late": False, "told": True,
    }  # fmt: skip
    return Episode(**facts | changes)


def told(episode: Episode, language: str = "en", kind: str = "raised", **changes: Any) -> Text:
    return text_of(kind, episode, a_site(**changes), language=language, link=LINK)


def test_a_breach_in_chinese() -> None:
    assert told(an_episode(), "zh") == Text(
        subject="【预警】主街断面：溶解氧 3.123 mg/L，低于限值 5 mg/L",
        body=(
            "溶解氧 3.123 mg/L，低于限值 5 mg/L\n地点：主街断面 · 下游段\n网格：下河街道第5网格 320999003001005\n"
            f"开始：2025-11-22 15:15（Asia/Shanghai）\n依据：GB 3838-2002 表1\n点此确认：{LINK}"
        ),
    )


def test_a_breach_in_english() -> None:
    assert told(an_episode()) == Text(
        subject="[Warning] Main Street: dissolved oxygen 3.123 mg/L, below the limit of 5 mg/L",
        body=(
            "dissolved oxygen 3.123 mg/L, below the limit of 5 mg/L\nWhere: Main Street · Lower reach\nGrid cell: Xiahe, cell 5 320999003001005\n"
            f"Since: 2025-11-22 15:15 (Asia/Shanghai)\nSource: GB 3838-2002 Table 1\nAcknowledge: {LINK}"
        ),
    )


def test_what_decided_is_said_as_far_as_there_are_phrases_for_it() -> None:
    facts = {
        "evidence": "two_related_quantities",
        "related": "cond turb",
        "expected_at": float(SINCE),
        "oddity": "x",
        "multiple": 1.40001,
    }

    assert (
        "Facts: related quantities moved with it; conductivity, turbidity; expected 2025-11-22 15:15; exceeded by 1.4 times\n"
        in told(an_episode(facts=facts)).body
    )
    assert (
        "要点：相关指标同时异常；电导率、浊度；预计 2025-11-22 15:15；超标 1.4 倍\n" in told(an_episode(facts=facts), "zh").body
    )
    assert "Facts" not in told(an_episode(facts={"oddity": "x"})).body
    assert "Facts" not in told(an_episode(facts=facts), kind="cleared").body


def test_what_worsens_says_what_it_is_now() -> None:
    now = {"factor": "nh3n", "class": "worse than V", "target": "III", "multiple": 1.5}
    episode = an_episode(level=Level.ALARM, facts={"class": "IV"}, worsened_facts=now, worsened_at=SINCE + 9 * MINUTE)

    assert (
        told(episode, kind="worsened").subject
        == "[Alarm] Main Street: it has become worse: factor ammonia nitrogen; worse than class V"
    )
    assert told(episode, "zh", kind="worsened").subject == "【报警】主街断面：水质进一步恶化：因子 氨氮；类别 劣V"
    assert "target III; exceeded by 1.5 times" in told(episode, kind="worsened").body
    assert LINK in told(episode, kind="worsened").body
    assert "class IV" in told(episode).body


def test_a_part_of_a_joint_event_says_so() -> None:
    assert "\nIt belongs to an event that began upstream\n" in told(an_episode(part_of="0000")).body
    assert "\n与上游事件为同一起\n" in told(an_episode(part_of="0000"), "zh", "cleared").body


def test_the_end_says_how_long_it_was() -> None:
    over = an_episode(cleared_at=SINCE + 25 * MINUTE, cleared_value=6.2, state=State.OVER)

    assert told(over, "zh", "cleared").subject == "【解除】主街断面：溶解氧已恢复，现为 6.2 mg/L"
    assert "Ended: 2025-11-22 15:40, after 25 min" in told(over, "en", "cleared").body
    assert f"Look: {LINK}" in told(over, "en", "cleared").body


def test_the_time_is_that_of_the_site() -> None:
    assert "Since: 2025-11-22 00:15 (America/Denver)" in told(an_episode(), timezone="America/Denver").body


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        pytest.param({"rule": "limit:gone", "value": 9.4, "limit": 9.0, "quantity": "ph"}, "pH值 9.4，高于限值 9", "pH 9.4, above the limit of 9", id="a limit that the site no longer has"),
        pytest.param({"matter": "instrument", "rule": "quality:flat_line", "limit": None}, "仪器异常：溶解氧 数值不变", "instrument fault: dissolved oxygen does not change", id="a stuck probe"),
        pytest.param({"matter": "instrument", "rule": "quality:new_test", "limit": None}, "仪器异常：溶解氧 new_test", "instrument fault: dissolved oxygen new_test", id="a test without a phrase"),
        pytest.param({"matter": "silence", "rule": "silence", "value": None, "limit": None}, "没有数据：溶解氧", "no data: dissolved oxygen", id="silence"),
        pytest.param({"matter": "vision", "quantity": "movers.closed", "value": 2.0, "limit": 0.5}, "禁入区有人（2）", "somebody in the closed zone (2)", id="a person"),
        pytest.param({"matter": "vision", "rule": "limit:wading", "quantity": "people.river", "value": 2.0, "limit": 0.5}, "有人下水 (river) 2", "somebody in the water (river) 2", id="a violation by its name"),
        pytest.param({"matter": "hazard", "rule": "limit:x", "quantity": "gas", "value": 62.0, "limit": 50.0}, "可燃气体 62 %LEL，高于限值 50 %LEL", "combustible gas 62 %LEL, above the limit of 50 %LEL", id="gas"),
        pytest.param({"quantity": "krypton", "value": 1.0, "limit": None, "rule": "x"}, "krypton 1", "krypton 1", id="a quantity that nobody knows"),
    ],
)  # fmt: skip
def test_what_is_said_first(changes: dict[str, Any], zh: str, en: str) -> None:
    """The matter stands in the subject and again in the first line."""
    for language, said in (("zh", zh), ("en", en)):
        text = told(an_episode(**changes), language)
        assert text.body.splitlines()[0] == said
        assert said in text.subject


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        pytest.param({"matter": "silence", "value": None}, "数据恢复：溶解氧", "data again: dissolved oxygen", id="silence"),
        pytest.param(
            {"matter": "vision", "quantity": "movers.closed"}, "禁入区已无人", "nobody in the closed zone any more", id="a person"
        ),
        pytest.param(
            {"matter": "vision", "rule": "limit:wading", "quantity": "people.river"},
            "有人下水 (river)：已结束",
            "somebody in the water (river): over",
            id="a violation",
        ),
        pytest.param({"cleared_value": None}, "溶解氧已恢复，现为 –", "dissolved oxygen is back, now –", id="no value"),
    ],
)
def test_what_is_said_at_the_end(changes: dict[str, Any], zh: str, en: str) -> None:
    """The end, by matter."""
    over = an_episode(cleared_at=SINCE + 300 * MINUTE, **changes)

    assert [told(over, language, "cleared").body.splitlines()[0] for language in ("zh", "en")] == [zh, en]
    assert "after 5 h" in told(over, "en", "cleared").body


def test_a_station_reach_and_cell_that_the_site_does_not_know_are_named_or_left_out() -> None:
    text = told(an_episode(station="new", series="new/do", reach="", cell=""))

    assert "Where: new\n" in text.body
    assert "Grid cell" not in text.body


words = st.text(st.characters(exclude_characters="{}"), min_size=1, max_size=30)


@given(
    episode=st.builds(
        an_episode,
        value=st.none() | st.floats(),
        limit=st.none() | st.floats(),
        rule=words,
        quantity=words,
        station=words | st.just("main"),
        matter=st.sampled_from(["pollution", "instrument", "silence", "vision", "hazard", "new"]),
        level=st.sampled_from(Level),
        since=st.integers(0, 4_000_000_000_000_000_000),
        cleared_at=st.none() | st.integers(0, 4_000_000_000_000_000_000),
    ),
    kind=st.sampled_from(["raised", "cleared"]),
    language=st.sampled_from(["zh", "en"]),
)
def test_every_episode_has_a_text_with_its_link_and_a_subject_of_one_line(episode: Episode, kind: str, language: str) -> None:
    text = text_of(kind, episode, a_site(), language=language, link=LINK)

    assert text.body.splitlines()[-1].endswith(LINK)
    assert len(text.subject.splitlines()) == 1
    assert not set("{}") & set(text.subject), "everything in braces is filled in"


def test_numbers_have_units_and_zones_their_names() -> None:
    assert (amount(7.0, "do"), amount(0.0001234, "nh3n"), amount(2.0, "movers.gate"), amount(None, "do")) == (
        "7 mg/L",
        "0.0001234 mg/L",
        "2",
        "–",
    )
    assert (name_of("movers.gate", "en"), name_of("do", "zh")) == ("person-sized movers (gate)", "溶解氧")


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        pytest.param({}, "raised", "dissolved oxygen 5.6 mg/L, expected to fall below 5 mg/L", id="the limit is a low one"),
        pytest.param({"rule": "outlook:gone"}, "raised", "dissolved oxygen 5.6 mg/L, expected to fall below 5 mg/L", id="it is gone"),
        pytest.param({"rule": "outlook:gone", "value": 4.0}, "raised", "dissolved oxygen 4 mg/L, expected to rise above 5 mg/L", id="gone, and a high one"),
        pytest.param({"cleared_at": SINCE + MINUTE}, "cleared", "the early warning on dissolved oxygen is over", id="it is over"),
    ],
)  # fmt: skip
def test_an_early_warning(changes: dict[str, Any], kind: str, said: str) -> None:
    facts = {"evidence": "forecast", "expected_at": float(SINCE + 60 * MINUTE), "expected": 4.6, "probability": 0.9}
    foreseen = an_episode(
        **{"rule": "outlook:do-low", "matter": "outlook", "level": Level.NOTICE, "value": 5.6, "facts": facts} | changes
    )
    text = told(foreseen, kind=kind)
    assert said in text.subject
    why = "Facts: foreseen from its own past days; expected 2025-11-22 16:15; about 4.6 at its worst; probability 0.9\n"
    assert (why in text.body) == (kind == "raised")


def test_what_a_camera_saw_is_there_to_be_looked_at() -> None:
    seen = an_episode(matter="vision", series="main/movers.lawn", quantity="movers.lawn", value=1.0, limit=0.5)
    camera = {"main": Camera(name="main", zones=())}

    assert told(seen, cameras=camera).body.endswith(f"See the picture and acknowledge: {LINK}")
    assert told(seen, "zh", cameras=camera).body.endswith(f"看图并确认：{LINK}")
    assert told(seen).body.endswith(f"\nAcknowledge: {LINK}")


def test_what_ails_a_camera_is_said_by_its_name() -> None:
    sick = an_episode(
        rule="limit:camera-covered", matter="instrument", series="main/cover", quantity="cover", value=88.0, limit=70.0
    )

    assert "the camera is covered 88 %" in told(sick).subject
    assert "镜头被遮挡：已结束" in told(sick, "zh", "cleared").subject
