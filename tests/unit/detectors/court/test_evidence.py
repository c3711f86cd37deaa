"""Instrument or river: what bears a breach out makes it known sooner, and every event says what decided."""
# ruff: noqa: E501  tables of cases are read by their rows

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from detectors.court import evidence
from detectors.domain.batch import Batch
from detectors.domain.derived import Finding
from detectors.domain.event import Level, Turn
from detectors.domain.judged import Flag
from detectors.domain.quality import Neighbour, Quality
from detectors.domain.section import Section
from detectors.domain.site import Camera, Limit, Site
from detectors.water import confirm

from .stand import SECOND, START, Hearing, limit, series_of, site, station

LOW = {"series": "weir/do", "above": None, "below": 5.0, "clear": 6.0, "delay": 60.0}
CALM = {"do": 9.0, "cond": 400.0, "turb": 5.0, "ph": 8.0, "temp": 12.0, "stage": 70.0}


def a_site(*limits: Limit, quantities: Sequence[str] = tuple(CALM), **facts: object) -> Site:
    stations = [dataclasses.replace(station("weir"), quantities=tuple(quantities))]
    stations.append(dataclasses.replace(station("mill"), quantities=tuple(quantities)))
    return site(*(limits or (limit("do-low", **LOW),)), stations=stations, **facts)


def minutes(changes: Mapping[str, Sequence[float]], *, calm: int = 60, names: Sequence[str] = tuple(CALM)) -> Batch:
    """An hour of calm, every 10 s a reading of each quantity, and then the changes."""
    long = max(map(len, changes.values()))
    rows = []
    for i in range(-calm, long):
        for name in names:
            usual = CALM[name] * (1 + 0.001 * (i % 3))
            values = changes.get(f"weir/{name}", ())
            rows.append(
                (f"weir/{name}", START + i * 10 * SECOND, values[min(i, len(values) - 1)] if i >= 0 and values else usual)
            )
            values = changes.get(f"mill/{name}", ())
            rows.append(
                (f"mill/{name}", START + i * 10 * SECOND, values[min(i, len(values) - 1)] if i >= 0 and values else usual)
            )
    return Batch.of(rows)


FALLS = [4.0] * 12
BESIDE = Quality(neighbours=(Neighbour(series="weir/do", neighbour="mill/do", within=60, low=-9, high=9),))


@pytest.mark.parametrize(
    ("changes", "facts", "seconds", "said"),
    [
        pytest.param({"weir/do": FALLS}, {}, 60, {"evidence": "alone"}, id="alone it waits for the whole delay"),
        pytest.param({"weir/do": FALLS, "weir/cond": [900.0]}, {}, 60, {"evidence": "alone", "related": "cond"}, id="one quantity is not enough"),
        pytest.param({"weir/do": FALLS, "weir/cond": [900.0], "weir/turb": [99.0]}, {}, 30, {"evidence": "two_related_quantities", "related": "cond turb"}, id="two related quantities halve it"),
        pytest.param({"weir/do": FALLS, "weir/cond": [100.0], "weir/turb": [0.1]}, {}, 60, {"evidence": "alone"}, id="but not if they moved the other way"),
        pytest.param({"weir/do": FALLS, "weir/temp": [25.0], "weir/stage": [200.0]}, {}, 60, {"evidence": "alone", "stage": 200.0}, id="nor do those that have nothing to do with it"),
        pytest.param({"weir/do": FALLS, "mill/do": FALLS}, {"quality": BESIDE}, 30, {"evidence": "neighbour", "neighbour": "mill"}, id="a neighbour halves it, too"),
        pytest.param({"weir/do": FALLS, "mill/do": FALLS}, {}, 60, {"evidence": "alone"}, id="a stranger does not"),
    ],
)  # fmt: skip
def test_what_is_borne_out_is_raised_sooner_and_says_by_whom(
    changes: dict, facts: dict, seconds: int, said: dict[str, str | float]
) -> None:
    """The delay of 60 s, or half of it."""
    raised = [one for one in Hearing(a_site(**facts)).judge(minutes(changes)).events if one.turn is Turn.RAISED]

    assert [(one.at - one.since) / SECOND for one in raised] == [seconds]
    stage = {"stage": pytest.approx(70.0, rel=0.01)}
    assert raised[0].facts == stage | said


def test_a_breach_upward_is_borne_out_by_what_goes_with_it() -> None:
    high = limit("cond-high", series="weir/cond", above=550.0, clear=500.0, delay=60.0)
    heard = Hearing(a_site(high)).judge(minutes({"weir/cond": [700.0] * 12, "weir/do": [4.0], "weir/turb": [99.0]}))

    (raised,) = heard.events
    assert (raised.at - raised.since, raised.facts["related"]) == (30 * SECOND, "do turb")


def test_a_section_that_is_borne_out_is_raised_sooner_and_worsens_sooner() -> None:
    """Worse than its target for 120 s, or half of it; worse than V for as long again."""
    section = Section(station="weir", target=3, delay=120.0)
    falls = [4.0] * 30 + [1.0] * 30
    alone, borne = (
        [
            (one.turn, (one.at - START) // SECOND)
            for one in Hearing(a_site(sections={"weir": section})).judge(minutes(moved)).events
            if one.rule == "class:weir"
        ]
        for moved in ({"weir/do": falls}, {"weir/do": falls, "weir/cond": [900.0], "weir/turb": [99.0]})
    )

    assert alone == [("raised", 120), ("worsened", 420)]
    assert borne == [("raised", 60), ("worsened", 360)]


@pytest.mark.parametrize("delay", [0.0, 1e-9, 10.0])
def test_it_is_never_raised_by_fewer_readings_than_two_where_there_is_a_delay(delay: float) -> None:
    low = limit("do-low", **{**LOW, "delay": delay})
    heard = Hearing(a_site(low)).judge(minutes({"weir/do": FALLS, "weir/cond": [900.0], "weir/turb": [99.0]}))

    assert [(one.at - one.since) / SECOND for one in heard.events] == [10.0 if delay else 0.0]


def test_other_matters_and_series_that_nobody_can_bear_out_have_no_evidence() -> None:
    gas = limit("warm", series="weir/temp", above=20.0, clear=19.0)
    hazard = limit("do-low", **LOW, matter="hazard")
    heard = Hearing(a_site(gas, hazard)).judge(minutes({"weir/do": FALLS, "weir/temp": [25.0]}))

    assert [one.facts for one in heard.events] == [{}, {}]


def test_an_hour_of_something_else_is_soon_usual_and_a_jump_only_slowly() -> None:
    memory = np.zeros(1, confirm.MEMORY)
    rule = np.array([confirm.of(a_site(), "weir/do", lambda _: 0)], confirm.RULE)
    rule["kind"] = 0
    given = confirm.numbers(confirm.settings())

    def hear(values: Sequence[float], start: int) -> None:
        at = START + (start + np.arange(len(values))) * 600 * SECOND
        row, trusted = np.zeros(len(values), np.int32), np.zeros(len(values), np.bool_)
        confirm.step(memory, rule, np.zeros(1, np.int32), row, at, np.array(values, float), trusted, given)

    hear([9.0] * 40, 0)
    assert (memory[0]["mean"], memory[0]["moved"]) == (pytest.approx(9.0), 0)
    hear([4.0] * 6, 40)
    assert memory[0]["moved"] == -1
    assert memory[0]["mean"] > 8.8
    hear([4.0] * 2000, 46)
    assert memory[0]["moved"] == 0
    assert memory[0]["mean"] == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize(
    ("mark", "turns"),
    [
        pytest.param("D", ["instrument"], id="a broken instrument"),
        pytest.param("B", ["instrument"], id="a broken line, or no power"),
        pytest.param("M", ["instrument"], id="maintenance"),
        pytest.param("C", ["instrument"], id="calibration"),
        pytest.param("F", ["instrument"], id="not in operation"),
        pytest.param("T", ["instrument"], id="beyond what it can measure"),
    ],
)
def test_a_mark_of_the_device_is_the_operators_matter_and_never_pollution(mark: str, turns: list[str]) -> None:
    """However far beyond its limit the value is; and the event says which mark decided."""
    heard = Hearing(a_site(limit(above=8.0, clear=7.5))).judge(series_of([99.0] * 9, marks=mark * 9))

    assert [one.matter for one in heard.events] == turns
    assert [one.facts for one in heard.events] == [{"evidence": "mark", "mark": mark}]


def test_what_a_sick_camera_cannot_tell_is_no_matter_of_its_own() -> None:
    sick = a_site(cameras={"weir": Camera(name="weir", zones=())})
    assert Hearing(sick).judge(series_of([99.0] * 9, marks="F" * 9)).events == []


def test_a_battery_that_dies_is_silence_and_never_pollution() -> None:
    """Its last readings sag to nothing; then nothing comes."""
    quiet = dataclasses.replace(station("weir"), silent_after=60.0)
    heard = Hearing(site(limit("do-low", **LOW), stations=[quiet]))

    heard.judge(series_of([9.0, 9.0, 4.0, 0.5], every=10.0)).tick(START + 600 * SECOND)

    assert [one.matter for one in heard.events] == ["silence"]


def test_a_test_of_quality_says_that_it_decided() -> None:
    assert evidence.of_instrument("flat_line", 0) == {"evidence": "test"}


def test_a_mark_without_a_value_is_missing_and_opens_nothing() -> None:
    assert Hearing(a_site()).judge(series_of([float("nan")] * 5, marks="MMMMM")).events == []
    assert Flag.MISSING in Hearing(a_site()).judge(series_of([float("nan")], marks="M")).flags


FOUND = Finding(
    rule="class:weir", series="weir/do", turn=Turn.RAISED, matter="pollution", level=Level.WARNING, since=0, at=0, value=4.0, limit=5.0,
    facts={"factor": "do"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        pytest.param({}, {"factor": "do", "evidence": "alone"}, id="a section's episode says what bore it out"),
        pytest.param({"turn": Turn.CLEARED}, {"factor": "do"}, id="its end needs none"),
        pytest.param({"matter": "outlook"}, {"factor": "do"}, id="nor does another matter"),
        pytest.param({"series": "weir/temp"}, {"factor": "do"}, id="nor a series that nobody can bear out"),
        pytest.param({"limit": None}, {"factor": "do"}, id="nor what has no limit"),
    ],
)
def test_what_a_composite_found_gets_evidence(changes: dict, facts: dict) -> None:
    """As far as there is any."""
    found = dataclasses.replace(FOUND, **changes)

    assert evidence.add(a_site(), found, confirm.nobody(1)[0], found.series).facts == facts
    assert evidence.add(a_site(), found, None, found.series) is found


SECTION = Section(station="weir", target=3, delay=120.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"weir/do": FALLS * 2, "weir/cond": [900.0], "weir/turb": [99.0]}, {"evidence": "two_related_quantities", "related": "do cond turb"}, id="the reading that came last is borne out"),
        pytest.param({"weir/do": FALLS * 2}, {"evidence": "several", "related": "do"}, id="nobody bears it out, but it is not one probe alone"),
    ],
)  # fmt: skip
def test_a_section_raised_by_another_item_than_its_worst_says_what_decided(changes: dict, said: dict[str, str]) -> None:
    """Ammonia of class V is the worst, but the analyser speaks seldom: the matter is raised by oxygen, of class IV."""
    calm = minutes(changes)
    rows = [(calm.names[s], int(t), float(v)) for s, t, v in zip(calm.series, calm.at, calm.value, strict=True)]
    lab = ("weir/nh3n", START, 1.9)
    heard = Hearing(a_site(sections={"weir": SECTION})).judge(Batch.of(sorted([*rows, lab], key=lambda row: row[1])))

    (raised,) = (one for one in heard.events if one.rule == "class:weir")
    assert (raised.series, raised.facts["factor"]) == ("weir/nh3n", "nh3n")
    assert {name: raised.facts.get(name) for name in ("evidence", "related")} == said


def test_an_analyser_that_the_site_does_not_list_is_borne_out_from_its_first_reading_on() -> None:
    """Whether it has moved nobody can say yet, but its station's oxygen and salt have."""
    high = limit("nh3n-high", series="weir/nh3n", above=1.0, clear=0.9, delay=600.0)
    moved = minutes({"weir/do": [4.0] * 120, "weir/cond": [900.0]})
    rows = [(moved.names[s], int(t), float(v)) for s, t, v in zip(moved.series, moved.at, moved.value, strict=True)]
    lab = [("weir/nh3n", START + minute * 60 * SECOND, 1.9) for minute in (1, 6, 11)]
    heard = Hearing(a_site(high)).judge(Batch.of(sorted(rows + lab, key=lambda row: row[1])))

    raised = next(one for one in heard.events if one.rule == "limit:nh3n-high")
    assert (raised.at - raised.since, raised.facts["evidence"]) == (300 * SECOND, "two_related_quantities")


def test_evidence_is_found_by_the_reading_that_was_settled_last() -> None:
    settled = np.zeros(3, [("i", "i8"), ("row", "i4")])
    settled["i"], settled["row"] = [0, 1, 1], [7, 8, 8]
    said = np.zeros(3, confirm.EVIDENCE)
    said["up"] = [1, 2, 3]
    borne = evidence.Borne(settled, said)

    assert borne.by(1, 8)["up"] == 3
    assert borne.by(0, 7)["up"] == 1
    assert borne.by(0, 8) is None
