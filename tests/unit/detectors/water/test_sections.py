"""The class of a section as it goes along, and the one matter that a section worse than its target is."""
# ruff: noqa: E501  a table of cases is read by its rows

from collections.abc import Sequence

import pytest

from detectors.domain.batch import Batch
from detectors.domain.event import Level, Turn
from detectors.domain.section import Section
from detectors.domain.series import quantity_of
from detectors.water import sections
from tests.unit.detectors.court.stand import SECOND, START, Hearing, of_quality, site, station

MINUTE = 60
HOUR = 3600
ROUND = START // (HOUR * SECOND) * HOUR * SECOND + HOUR * SECOND  # a full hour


def heard(rows: Sequence[tuple[str, float, float]], **facts: object) -> Hearing:
    """A section that was told (quantity, seconds, value)."""
    section = Section(station="weir", **({"target": 3, "delay": 0.0, "readings": 1} | facts))
    hearing = Hearing(site(stations=[station("weir")], sections={"weir": section}))
    return hearing.judge(Batch.of([(f"weir/{quantity}", ROUND + round(at * SECOND), value) for quantity, at, value in rows]))


def derived(hearing: Hearing) -> list[tuple[str, float, float]]:
    judged = hearing.verdicts[0].judged
    return [
        (
            quantity_of(judged.readings.names[judged.readings.series[i]]),
            (judged.readings.at[i] - ROUND) / SECOND,
            judged.readings.value[i],
        )
        for i in range(len(judged))
        if judged.outcome[i] == 4
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([("do", 0, 8.0)], [("class", 0, 1)], id="the first factor gives a class"),
        pytest.param([("do", 0, 8), ("nh3n", 1, 0.6)], [("class", 0, 1), ("class", 1, 3)], id="the worst factor counts"),
        pytest.param([("do", 0, 8), ("do", 60, 8.1)], [("class", 0, 1)], id="what stays is not said again"),
        pytest.param([("do", 0, 8), ("do", HOUR, 8)], [("class", 0, 1), ("class", HOUR, 1)], id="but once an hour"),
        pytest.param(
            [("temp", 0, 40), ("coliform", 1, 9e5)], [("multiple.coliform", 1, 89)], id="what is judged apart has no class"
        ),
        pytest.param([("tn", 0, 40), ("cond", 1, 900)], [], id="nitrogen has no limit in a river"),
        pytest.param(
            [("nh3n", 0, 1.5), ("nh3n", 60, 0.8)],
            [("class", 0, 4), ("multiple.nh3n", 0, 0.5), ("class", 60, 3), ("multiple.nh3n", 60, 0)],
            id="a multiple is said when it begins and when it ends",
        ),
        pytest.param(
            [("nh3n", 0, 1.5), ("codmn", 9, 9.0), ("do", HOUR, 8)],
            [
                *[("class", 0, 4), ("multiple.nh3n", 0, 0.5), ("multiple.codmn", 9, 0.5)],
                *[("class", HOUR, 4), ("multiple.codmn", HOUR, 0.5), ("multiple.nh3n", HOUR, 0.5)],
            ],
            id="and once an hour while it lasts",
        ),
        pytest.param(
            [("nh3n", 0, 1.5), ("do", 5 * HOUR, 8), ("do", 5 * HOUR + 1, 8)],
            [
                *[("class", 0, 4), ("multiple.nh3n", 0, 0.5), ("class", 5 * HOUR, 4), ("multiple.nh3n", 5 * HOUR, 0.5)],
                *[("class", 5 * HOUR + 1, 1), ("multiple.nh3n", 5 * HOUR + 1, 0.5)],
            ],
            id="what is older than five hours no longer counts for the class",
        ),
        pytest.param(
            [("do", 0, 8), ("nh3n", 6 * HOUR, 0.1), ("do", 6 * HOUR + 1, 5.5)],
            [("class", 0, 1), ("class", 6 * HOUR, 1), ("class", 6 * HOUR + 1, 3)],
            id="what comes again after that counts again",
        ),
        pytest.param(
            [("do", 60, 8), ("nh3n", 0, 0.6)],
            [("class", 60, 1), ("class", 60, 3)],
            id="a class is never older than what is known",
        ),
    ],
)
def test_classes_and_multiples(rows: list[tuple[str, float, float]], said: list[tuple[str, float, float]]) -> None:
    assert derived(heard(rows)) == [(name, at, pytest.approx(value)) for name, at, value in said]


def test_what_quality_fails_does_not_count() -> None:
    hearing = Hearing(
        site(
            stations=[station("weir")],
            sections={"weir": Section(station="weir", target=3)},
            thresholds=[of_quality("weir/do", fail_low=0.1, fail_high=20.0)],
        )
    )
    hearing.judge(Batch.of([("weir/do", ROUND, 8.0), ("weir/do", ROUND + SECOND, 0.0)]))
    assert derived(hearing) == [("class", 0, 1)]


LOW = [("do", 60.0 * i, 4.0) for i in range(4)]


@pytest.mark.parametrize(
    ("rows", "facts", "turns"),
    [
        pytest.param(LOW[:1], {}, ["raised@0"], id="without patience the first is enough"),
        pytest.param(LOW, {"delay": 120.0}, ["raised@120"], id="worse for the delay"),
        pytest.param(LOW, {"readings": 4}, ["raised@180"], id="worse for so many readings"),
        pytest.param([*LOW[:2], ("do", 100, 6), ("do", 160, 4)], {"delay": 120.0}, [], id="a good one in between begins anew"),
        pytest.param([LOW[0], ("ph", 60, 7), ("ph", 90, 7)], {"readings": 2}, [], id="what is only still known proves nothing"),
        pytest.param([LOW[0], ("nh3n", 9, 1.9), ("codmn", 10, 14)], {}, ["raised@0"], id="one matter, however many factors"),
        pytest.param([LOW[0], ("do", 60, 6)], {}, ["raised@0", "cleared@60"], id="back on target clears"),
        pytest.param(
            [LOW[0], ("nh3n", 9, 1.9), ("do", 60, 6), ("nh3n", 90, 0.1)],
            {},
            ["raised@0", "cleared@90"],
            id="when every factor is back",
        ),
        pytest.param(
            [*LOW, ("do", 240, 6), ("do", 300, 6), ("ph", 360, 7)],
            {"delay": 120.0},
            ["raised@120", "cleared@360"],
            id="for the delay",
        ),
        pytest.param(
            [*LOW, ("do", 240, 6), ("do", 300, 4), ("do", 360, 6)],
            {"delay": 120.0},
            ["raised@120"],
            id="a moment's relief is none",
        ),
        pytest.param([LOW[0], ("ph", 9 * HOUR, 7)], {}, ["raised@0"], id="what is not measured any more has not recovered"),
        pytest.param(LOW, {"target": 0}, [], id="without a target nothing is worse than it"),
        pytest.param(LOW, {"target": 0, "zone_target": 3}, ["raised@0"], id="the target of the zone will do"),
        pytest.param(LOW, {"target": 4}, [], id="class IV where IV is the target"),
        pytest.param([("coliform", 0, 9e6)], {}, [], id="what is judged apart is no such matter"),
        pytest.param([("ph", 0, 9.3), ("ph", 9, 8)], {}, ["raised@0", "cleared@9"], id="pH beyond its range"),
    ],
)
def test_episodes(rows: list[tuple[str, float, float]], facts: dict[str, float], turns: list[str]) -> None:
    events = heard(rows, **facts).events
    assert [f"{event.turn}@{(event.at - ROUND) / SECOND:g}" for event in events] == turns
    assert len({event.id for event in events}) <= 1


@pytest.mark.parametrize(
    ("rows", "facts", "turns"),
    [
        pytest.param([("do", 0, 4), ("do", 60, 1)], {}, ["raised@0", "worsened@60"], id="worse than V after IV"),
        pytest.param([("do", 0, 4), ("do", 60, 2.5)], {}, ["raised@0"], id="V after IV is not told again"),
        pytest.param([("do", 0, 1), ("do", 60, 4), ("do", 90, 1)], {}, ["raised@0"], id="what was told as worse than V is not"),
        pytest.param([*LOW, ("do", 300, 1), ("do", 420, 1)], {"delay": 120.0}, ["raised@120", "worsened@420"], id="for the delay"),
        pytest.param([*LOW, ("do", 300, 1), ("do", 301, 4), ("do", 420, 1)], {"delay": 120.0}, ["raised@120"], id="without a break"),
        pytest.param([LOW[0], LOW[1], ("do", 90, 1), ("do", 91, 1)], {"readings": 2}, ["raised@60", "worsened@91"], id="by so many readings"),
        pytest.param([LOW[0], ("do", 60, 1), ("do", 90, 3.5), ("do", 120, 1)], {}, ["raised@0", "worsened@60"], id="once an episode"),
        pytest.param([LOW[0], ("nh3n", 60, 9), ("do", 90, 6), ("nh3n", 120, 0.1)], {}, ["raised@0", "worsened@60", "cleared@120"], id="by another factor, until all are back"),
        pytest.param([LOW[0], ("nh3n", 60, 9), ("do", 61, 4)], {"readings": 2}, ["raised@60"], id="what is raised as worse than V is told so at once"),
        pytest.param([*LOW[:2], ("nh3n", 80, 9), ("nh3n", 81, 0.1), ("nh3n", 82, 9)], {"readings": 2}, ["raised@60"], id="what came back counts anew"),
        pytest.param([LOW[0], ("do", 60, 6), ("do", 90, 4), ("do", 120, 1)], {}, ["raised@0", "cleared@60", "raised@90", "worsened@120"], id="and again in the next episode"),
    ],
)  # fmt: skip
def test_what_becomes_worse_than_v_is_told_again(rows: list[tuple[str, float, float]], facts: dict, turns: list[str]) -> None:
    """With the same patience as the beginning, once an episode."""
    events = heard(rows, **facts).events
    assert [f"{event.turn}@{(event.at - ROUND) / SECOND:g}" for event in events] == turns
    assert all(event.facts["class"] == "worse than V" for event in events if event.turn is Turn.WORSENED)
    assert all(event.level is Level.ALARM for event in events if event.turn is Turn.WORSENED)


def test_an_event_says_what_decided() -> None:
    hearing = heard([("do", 0, 4.5), ("nh3n", 0, 0.8), ("nh3n", 60, 1.2), ("nh3n", 120, 1.8)], readings=3)
    (event,) = hearing.events
    assert (event.rule, event.series, event.value, event.limit) == ("class:weir", "weir/nh3n", 1.8, 1.0)
    assert (event.matter, event.code, event.level, event.tell) == ("pollution", "06026", Level.WARNING, True)
    facts = {"factor": "nh3n", "class": "V", "target": "III", "trend": "rising", "multiple": 0.8}
    assert event.facts.items() >= facts.items()


def test_worse_than_v_is_an_alarm_and_oxygen_is_held_against_its_least() -> None:
    (event,) = heard([("do", 0, 1.5)]).events
    assert (event.level, event.value, event.limit) == (Level.ALARM, 1.5, 5.0)
    assert event.facts.items() >= {"factor": "do", "class": "worse than V", "target": "III", "trend": "steady"}.items()


def test_the_end_is_told_by_what_it_was_raised_for() -> None:
    raised, cleared = heard([("do", 0, 4.5), ("nh3n", 9, 1.2), ("do", 60, 8.0), ("nh3n", 90, 0.5)]).events
    assert (raised.series, cleared.series, cleared.turn, cleared.value) == ("weir/do", "weir/do", Turn.CLEARED, 8.0)
    assert cleared.facts == {"factor": "do", "class": "I", "target": "III", "trend": "rising"}


def test_a_tie_goes_to_the_factor_furthest_beyond_its_limit() -> None:
    (event,) = heard([("nh3n", 0, 1.9), ("codmn", 0, 14.0)], readings=2).events
    assert event.facts["factor"] == "codmn"


def test_what_began_long_ago_is_news_once_it_is_heard_in_time() -> None:
    old = Batch.of([("weir/do", ROUND, 4.0)], got=ROUND + 9 * HOUR * SECOND)
    section = Section(station="weir", target=3, delay=0.0, readings=1)
    hearing = Hearing(site(stations=[station("weir")], sections={"weir": section}, told_within=60.0)).judge(old)
    hearing.judge(Batch.of([("weir/do", ROUND + 9 * HOUR * SECOND, 4.0)]))
    assert [(event.turn, event.tell) for event in hearing.events] == [("raised", False), ("raised", True)]


def test_a_lake_is_held_against_the_limits_of_lakes() -> None:
    hearing = heard([("tp", 0, 0.15), ("tn", 60, 3.0)], waterbody="lake")
    assert derived(hearing) == [("class", 0, 5), ("multiple.tp", 0, pytest.approx(2)), ("multiple.tn", 60, pytest.approx(2))]


def test_who_is_no_section_has_no_class() -> None:
    empty = site(stations=[station("weir")])
    assert (sections.unit_of(empty, "weir/do"), sections.of(empty, "weir")) == (None, None)


def test_many_multiples_at_once_find_room() -> None:
    factors = ("codmn", "cod", "bod", "nh3n", "tp", "copper", "zinc", "fluoride", "selenium", "arsenic", "mercury", "cadmium")
    rows = [(name, 0, 99.0) for name in factors] + [("do", HOUR * i, 8.0) for i in range(1, 9)]
    assert len(derived(heard(rows, age=1e9))) == 1 + 12 + 8 * 13
