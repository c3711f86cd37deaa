"""Doubt: what only the test `unlikely` doubts is heard where others bear it out, however the stream is cut."""

import dataclasses
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.judged import Flag
from detectors.domain.quality import Neighbour, Quality
from detectors.domain.section import Section
from detectors.domain.site import Site
from detectors.domain.thresholds import Thresholds
from detectors.domain.usual import Span, Usual

from .stand import SECOND, START, Hearing, limit, site, station

STEP = 900  # seconds
CALM = {"do": 9.0, "cond": 400.0, "turb": 5.0, "temp": 12.0}
MOVES = {"do": 1.0, "cond": 50.0, "turb": 5.0, "temp": 1.0}
LOW = limit("do-low", series="weir/do", above=None, below=5.0, clear=6.0, delay=0.0)
FALLS = {"weir/do": [2.0] * 6}
SPILL = FALLS | {"weir/cond": [900.0] * 6, "weir/turb": [99.0] * 6}
BESIDE = (Neighbour(series="weir/do", neighbour="mill/do", within=60, low=-9, high=9),)


def usual(series: str) -> Usual:
    far = MOVES[series.partition("/")[2]]
    return Usual(series=series, moves=(Span(of=STEP, low=far, high=far),), strays=(Span(of=STEP, low=far, high=far),))


def a_learnt_site(neighbours: tuple[Neighbour, ...] = (), **facts: object) -> Site:
    stations = [dataclasses.replace(station(name), quantities=tuple(CALM)) for name in ("weir", "mill")]
    learnt = {name: usual(name) for one in stations for name in (f"{one.name}/{q}" for q in CALM)}
    return site(LOW, stations=stations, quality=Quality(usual=learnt, neighbours=neighbours), **facts)


def days(changes: Mapping[str, Sequence[float]], calm: int = 120) -> Batch:
    """Calm water every quarter of an hour, and then the changes; what has none stays calm."""
    rows = []
    for i in range(-calm, max(map(len, changes.values()))):
        for name in (f"{where}/{q}" for where in ("weir", "mill") for q in CALM):
            values = changes.get(name, ())
            calmly = CALM[name.partition("/")[2]] * (1 + 0.001 * (i % 3))
            rows.append((name, START + i * STEP * SECOND, values[min(i, len(values) - 1)] if i >= 0 and values else calmly))
    return Batch.of(rows)


def turns(events: Sequence[GridEvent]) -> list[tuple[str, float]]:
    """What was raised, and how many readings after the spill began."""
    return [(one.rule, (one.at - START) / STEP / SECOND) for one in events if one.turn == "raised"]


@pytest.mark.parametrize(
    ("changes", "neighbours", "said"),
    [
        pytest.param(SPILL, (), [1], id="two related quantities bear it out, as soon as they are heard"),
        pytest.param(FALLS | {"mill/do": [2.0] * 6}, BESIDE, [1], id="a neighbour does"),
        pytest.param(FALLS | {"mill/do": [2.0] * 6}, (), [], id="a stranger does not"),
        pytest.param(FALLS | {"weir/turb": [99.0] * 6}, (), [], id="nor does one quantity"),
        pytest.param(FALLS | {"weir/cond": [100.0] * 6, "weir/turb": [0.1] * 6}, (), [], id="nor what moved the other way"),
        pytest.param(FALLS, (), [], id="a probe that leaps alone raises nothing"),
        pytest.param({"weir/do": [2.0, 9.0, 2.0, 9.0]}, (), [], id="however often it leaps"),
    ],
)
def test_a_doubted_reading_is_heard_where_it_is_borne_out(
    changes: Mapping[str, list[float]], neighbours: tuple[Neighbour, ...], said: list[float]
) -> None:
    """A fall of oxygen that the series never knew; readings after its beginning until the limit without delay is raised."""
    heard = Hearing(a_learnt_site(neighbours)).judge(days(changes))

    assert said == [readings for rule, readings in turns(heard.events) if rule == "limit:do-low"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(FALLS, [], id="for an hour and a half it may be the river"),
        pytest.param(
            {"weir/do": [2.0] * 14 + [9.0] * 40}, ["raised@12", "cleared@53"], id="for three hours it is told, till it is over"
        ),
        pytest.param({"weir/do": [2.0, 9.0, 9.0] * 8}, ["raised@21"], id="with good ones between it is told as well"),
        pytest.param({"weir/do": [2.0] + [9.0] * 20 + [2.0] * 3 + [9.0] * 4}, [], id="two doubts that stand far apart are two"),
        pytest.param(
            {name: values * 4 for name, values in SPILL.items()}, [], id="a spill that others bear out is no instrument's"
        ),
    ],
)
def test_an_instrument_that_others_do_not_bear_out_is_told_of(changes: Mapping[str, list[float]], said: list[str]) -> None:
    heard = Hearing(a_learnt_site()).judge(days(changes))

    turns = [(one.turn, (one.at - START) // STEP // SECOND) for one in heard.events if one.rule == "quality:unlikely"]
    assert said == [f"{turn}@{at}" for turn, at in turns]


def test_the_event_says_that_it_was_doubted_and_the_flag_stays() -> None:
    heard = Hearing(a_learnt_site()).judge(days(SPILL))

    (raised,) = heard.events
    assert raised.facts == {"evidence": "two_related_quantities", "related": "cond turb", "doubted": "unlikely"}
    assert heard.flags[-8] == Flag.SUSPECT


def test_a_section_hears_it_too() -> None:
    section = Section(station="weir", target=3, delay=60.0)
    heard = Hearing(a_learnt_site(sections={"weir": section})).judge(days(SPILL))

    assert [found for found in turns(heard.events) if found[0] == "class:weir"] == [("class:weir", 2)]


def test_who_has_been_in_doubt_for_long_bears_nobody_out() -> None:
    """Two probes that died half a day before the oxygen fell are no evidence."""
    dead = {"weir/cond": [900.0] * 46, "weir/turb": [99.0] * 46}
    heard = Hearing(a_learnt_site()).judge(days(dead | {"weir/do": [9.0] * 40 + [2.0] * 6}))

    assert [rule for rule, _ in turns(heard.events)] == ["quality:unlikely"] * 2


@pytest.mark.parametrize("spike", [pytest.param(99.0, id="no spike"), pytest.param(2.0, id="a spike")])
def test_what_may_be_a_spike_besides_is_not_heard(spike: float) -> None:
    heard = Hearing(a_learnt_site(thresholds=[Thresholds(series="weir/do", spike_suspect=spike, spike_fail=99.0)]))
    heard.judge(days(SPILL | {"weir/do": [9.0, 2.0, 9.0]}))

    assert turns(heard.events) == ([("limit:do-low", 1)] if spike == 99.0 else [])


@settings(deadline=None, max_examples=15)
@given(st.sets(st.integers(240, 367), max_size=4))
def test_cutting_the_stream_changes_nothing(cuts: set[int]) -> None:
    """The memory stored as bytes between any two pieces."""
    court, spill = Court(a_learnt_site(BESIDE, sections={"weir": Section(station="weir", target=3)})), days(SPILL, calm=40)
    memory, said = court.blank(), []
    for first, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(spill)], strict=True):
        part = {one.name: getattr(spill, one.name) for one in dataclasses.fields(spill)}
        part = {name: column if name == "names" else column[first:end] for name, column in part.items()}
        said += court.judge(memory, Batch(**part)).events
        memory = court.thaw(memory.blocks(changed_only=False))

    assert said == list(court.judge(court.blank(), spill).events)
    assert said
