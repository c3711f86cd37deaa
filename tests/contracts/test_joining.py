"""One cloud on its way down the river is one joint event, in whatever order its alarms are heard."""
# ruff: noqa: E501  tables of cases are read by their rows

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.pace import Pace
from detectors.domain.site import Chief, Reach, Site, Station, Title
from storage.casebook import Casebook, Episode

S = 1_000_000_000
MINUTE = 60 * S
NOON = 1_700_000_000 * S
TITLE = Title(zh="河", en="river")
STATIONS = {"upper": 0.0, "middle": 0.06, "lower": 0.12, "works": 0.03}  # degrees from the source
PACE = Pace(speed=1.0, spread=1.5)
HOUR = 6672  # s that water takes from one station to the next: 0.06 degrees at 1 m/s


def a_site() -> Site:
    """Three stations in a row, each 6.7 km and so 1 h 51 min (55 min to 2 h 47 min) from the next; the lowest has a chief of its own."""
    places = {name: (120.0, 31.0 - south) for name, south in STATIONS.items()}
    return Site(
        name="test",
        title=TITLE,
        stations={
            name: Station(
                name=name,
                title=TITLE,
                kind="outfall" if name == "works" else "water",
                place=place,
                quantities=("do", "cond", "temp"),
                reach="foot" if name == "lower" else "head",
            )
            for name, place in places.items()
        },
        reaches={
            "head": Reach(name="head", title=TITLE, line=(places["upper"], (120.0, 30.9)), into="foot", pace=PACE),
            "foot": Reach(name="foot", title=TITLE, line=((120.0, 30.9), (120.0, 30.8)), pace=PACE),
        },
        chiefs=tuple(
            Chief(name=name, title=TITLE, level="county", reaches=(reach,), channels=("mailbox:",))
            for name, reach in (("zhang", "head"), ("li", "foot"))
        ),
    )


def alarm(
    station: str, minutes: float, *, quantity: str = "do", rule: str = "", level: Level = Level.WARNING, **changes: object
) -> GridEvent:
    """A raising, some minutes after noon."""
    since, rule = NOON + round(minutes * MINUTE), rule or f"limit:{quantity}"
    event = GridEvent(
        id=event_id(rule, f"{station}/{quantity}", since),
        turn=Turn.RAISED,
        rule=rule,
        matter="pollution",
        level=level,
        series=f"{station}/{quantity}",
        station=station,
        quantity=quantity,
        since=since,
        at=since + MINUTE,
        value=3.2,
        limit=5.0,
        code="06026",
        standard="GB/T 47678.5-2026",
        cell="",
        reach="foot" if station == "lower" else "head",
        tell=True,
    )
    return msgspec.structs.replace(event, **changes)


def worse(event: GridEvent, minutes: float) -> GridEvent:
    return msgspec.structs.replace(event, turn=Turn.WORSENED, level=Level.ALARM, at=NOON + round(minutes * MINUTE))


def end(event: GridEvent, minutes: float) -> GridEvent:
    return msgspec.structs.replace(event, turn=Turn.CLEARED, at=NOON + round(minutes * MINUTE))


Opens = Callable[[], Casebook]
numbers = count()


@pytest.fixture(params=["sqlite"])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opens]:
    """Opens a new casebook each time."""
    books: list[Casebook] = []

    def opened() -> Casebook:
        books.append(Casebook(f"{request.param}:///{tmp_path}/{next(numbers)}.db", a_site(), clock=lambda: NOON))
        return books[-1]

    yield opened
    for book in books:
        book.close()


def joined(book: Casebook) -> dict[str, str]:
    """For each episode, by station and quantity, the one that its joint event began with."""
    by_id = {one.id: one for one in book.events()}
    return {name_of(one): name_of(by_id[one.part_of]) if one.part_of else "" for one in by_id.values()}


def name_of(episode: Episode) -> str:
    return f"{episode.station}/{episode.quantity}"


def told(book: Casebook) -> set[tuple[str, str, str]]:
    """Chief, station and kind of every message."""
    by_id = {one.id: one for one in book.events()}
    return {(said.chief, by_id[name].station, said.kind) for name, many in book.messages(by_id).items() for said in many}


UPPER, MIDDLE, LOWER = alarm("upper", 0), alarm("middle", 110), alarm("lower", 220)


@pytest.mark.parametrize(
    ("events", "joint"),
    [
        pytest.param([UPPER, MIDDLE], {"upper/do": "", "middle/do": "upper/do"}, id="it came when it was expected"),
        pytest.param([UPPER, MIDDLE, LOWER], {"upper/do": "", "middle/do": "upper/do", "lower/do": "upper/do"}, id="and went on to the next station"),
        pytest.param([UPPER, alarm("middle", 20)], {"upper/do": "", "middle/do": ""}, id="too soon for the water"),
        pytest.param([UPPER, alarm("middle", 300)], {"upper/do": "", "middle/do": ""}, id="too late for the water"),
        pytest.param([UPPER, alarm("middle", 110, quantity="cond")], {"upper/do": "", "middle/cond": "upper/do"}, id="a quantity that moves with it"),
        pytest.param([UPPER, alarm("middle", 110, quantity="temp")], {"upper/do": "", "middle/temp": ""}, id="a quantity that has nothing to do with it"),
        pytest.param([alarm("middle", 0), alarm("upper", 110)], {"upper/do": "", "middle/do": ""}, id="water does not go up"),
        pytest.param([UPPER, alarm("upper", 110, rule="limit:other")], {"upper/do": ""}, id="twice at one station is not two stations"),
        pytest.param([alarm("works", 0), alarm("middle", 55)], {"works/do": "", "middle/do": ""}, id="an outfall is a suspect, not the first part"),
        pytest.param([alarm("upper", 0, matter="hazard"), MIDDLE], {"upper/do": "", "middle/do": ""}, id="another matter"),
        pytest.param([alarm("upper", 0, turn=Turn.LATE), MIDDLE], {"upper/do": "", "middle/do": ""}, id="what history says joins nothing"),
        pytest.param([alarm("upper", 0, quantity="cond"), UPPER, MIDDLE], {"upper/cond": "", "upper/do": "", "middle/do": "upper/do"}, id="the same quantity comes before a related one"),
    ],
)  # fmt: skip
def test_what_is_joined(opens: Opens, events: Sequence[GridEvent], joint: dict[str, str]) -> None:
    """An alarm downstream in its time joins the one upstream, whichever is heard first."""
    for order in (events, events[::-1]):
        book = opens()
        for event in order:
            book.take(event)
        assert joined(book) == joint


def test_each_chief_is_told_of_a_joint_event_once(opens: Opens) -> None:
    book = opens()
    for event in (UPPER, MIDDLE, LOWER):
        book.take(event)

    assert told(book) == {("zhang", "upper", "raised"), ("li", "lower", "raised")}
    assert [one.station for one in book.joint(MIDDLE.id)] == ["upper", "middle", "lower"]
    assert book.joint("nobody") == []


def test_a_chief_who_was_told_of_the_lower_one_first_is_not_told_again(opens: Opens) -> None:
    book = opens()
    book.take(MIDDLE)
    (message,) = book.due(NOON)
    book.sending(message.id, NOON)
    book.sent(message.id, NOON)

    book.take(UPPER)

    assert joined(book) == {"upper/do": "", "middle/do": "upper/do"}
    assert told(book) == {("zhang", "middle", "raised")}


def test_what_is_graver_than_what_was_told_is_told(opens: Opens) -> None:
    book = opens()
    book.take(UPPER)
    book.take(alarm("middle", 110, level=Level.ALARM))

    assert told(book) == {("zhang", "upper", "raised"), ("zhang", "middle", "raised")}


def test_a_part_that_was_not_told_is_told_once_it_is_graver(opens: Opens) -> None:
    book = opens()
    for event in (UPPER, MIDDLE):
        book.take(event)
    assert told(book) == {("zhang", "upper", "raised")}

    book.take(worse(MIDDLE, 150))

    assert told(book) == {("zhang", "upper", "raised"), ("zhang", "middle", "raised"), ("zhang", "middle", "worsened")}


def test_a_joint_event_is_over_when_all_its_parts_are(opens: Opens) -> None:
    book = opens()
    for event in (UPPER, MIDDLE, end(UPPER, 150)):
        book.take(event)
    assert told(book) == {("zhang", "upper", "raised")}

    book.take(end(MIDDLE, 200))

    assert told(book) == {("zhang", "upper", "raised"), ("zhang", "upper", "cleared")}


def test_who_heard_that_it_is_over_hears_that_it_goes_on_downstream(opens: Opens) -> None:
    book = opens()
    for event in (UPPER, end(UPPER, 60), MIDDLE):
        book.take(event)

    assert joined(book)["middle/do"] == "upper/do"
    assert told(book) == {("zhang", "upper", "raised"), ("zhang", "upper", "cleared"), ("zhang", "middle", "raised")}


CLOUD = [UPPER, MIDDLE, LOWER, alarm("middle", 130, quantity="cond"), alarm("upper", 30, quantity="cond"), alarm("lower", 215, level=Level.ALARM, quantity="cond")]  # fmt: skip
TURNS = [
    *CLOUD,
    worse(MIDDLE, 160),
    worse(LOWER, 230),
    end(UPPER, 60),
    end(MIDDLE, 170),
    end(LOWER, 300),
    end(CLOUD[3], 180),
    end(CLOUD[4], 100),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(TURNS), again=st.lists(st.sampled_from(TURNS), max_size=6))
def test_the_order_in_which_alarms_are_heard_makes_no_difference(
    opens: Opens, order: list[GridEvent], again: list[GridEvent]
) -> None:
    """Before anything is sent, the same turns in any order and any number leave the same joint events and messages."""
    straight, other = opens(), opens()
    for event in TURNS:
        straight.take(event)
    for event in [*order, *again]:
        other.take(event)

    assert other.events() == straight.events()
    assert told(other) == told(straight)
    assert set(joined(straight).values()) - {""} == {"upper/do", "upper/cond"}
