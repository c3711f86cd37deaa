"""A spill that travels down the demo's river: one joint event, told once, traced to the stretch that it came from."""

from pathlib import Path

import pytest

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.site import Site
from detectors.water.breach import Trace
from detectors.water.network import Network
from simulators.incidents import Incident, Kind
from simulators.records import BEAT, SECOND
from simulators.replay import shift_for
from simulators.schedule import DILUTION, TRAVEL, downstream
from simulators.stations import sensor_of
from storage.casebook import Casebook, Episode
from storage.registry import load
from storage.series import Store, open_store
from storage.tracing import traced

START = 1_795_350_000 * SECOND
SPILT, LASTS = START + 120 * SECOND, 180 * SECOND
SEED = 3


@pytest.fixture(scope="module")
def site() -> Site:
    return load(Path(__file__).resolve().parents[2] / "sites" / "qinghe")


@pytest.fixture(scope="module")
def played(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Casebook, Store]:
    """Ten minutes in which a cloud passes all three stations, judged, stored and written into the casebook."""
    folder = tmp_path_factory.mktemp("spill")
    book = Casebook(f"sqlite:///{folder}/casebook.db", site, clock=lambda: START)
    store = open_store(f"sqlite:///{folder}/series.db")
    court, shift = Court(site), shift_for(START, site.timezone)
    memory, events = court.blank(), list[GridEvent]()
    for step, station in enumerate(downstream(site)):
        sensor = sensor_of(station, site, SEED, shift, {})
        begins = SPILT + step * TRAVEL * SECOND
        spill = Incident(
            id=f"s{step}", kind=Kind.SPILL, station=station.name, quantities=("do", "cond", "turb", "ph"),
            since=begins, until=begins + LASTS, strength=DILUTION**step,
        )  # fmt: skip
        live = ((at, sensor.read(at, (spill,))) for at in range(START, START + 600 * SECOND, BEAT))
        for rows in (list(sensor.history(START))[-96:], list(live)):
            said = [(f"{station.name}/{name}", at, value) for at, values in rows for name, value in values.items()]
            verdict = court.judge(memory, Batch.of(said))
            store.write(verdict.judged)
            events += verdict.events
    for event in sorted(events, key=lambda one: (-one.since, one.turn)):  # the lowest station first, and ends before beginnings
        book.take(event)
    return book, store


def alarms(book: Casebook) -> list[Episode]:
    return [one for one in book.events() if one.matter == "pollution" and one.since >= SPILT]


def test_the_cloud_is_one_joint_event_from_the_first_station_to_the_last(played: tuple[Casebook, Store], site: Site) -> None:
    book, _ = played
    firsts = {one.part_of or one.id for one in alarms(book) if one.rule == "limit:cond-high"}

    (first,) = firsts
    parts = [one.station for one in book.joint(first) if one.quantity == "cond"]
    assert parts == [station.name for station in downstream(site)]


def test_each_joint_event_is_told_to_the_chief_once(played: tuple[Casebook, Store]) -> None:
    """And its end once, when all of it is over."""
    book, _ = played
    (first,) = {one.part_of or one.id for one in alarms(book) if one.rule == "limit:cond-high"}
    parts = book.joint(first)

    said = [message.kind for many in book.messages(one.id for one in parts).values() for message in many]
    assert sorted(said) == ["cleared", "raised"]
    assert all(one.cleared_at for one in parts)


def test_other_quantities_moved_with_it_and_the_event_says_so(played: tuple[Casebook, Store]) -> None:
    book, _ = played
    evidence = {one.facts.get("evidence") for one in alarms(book) if one.quantity == "cond"}

    assert evidence == {"two_related_quantities"}


def test_the_lowest_station_is_traced_to_above_the_first(played: tuple[Casebook, Store], site: Site) -> None:
    """Every station above saw it: the likely stretch lies above them all, and no outfall below is a good suspect."""
    book, store = played
    last = next(one for one in alarms(book) if (one.station, one.rule) == ("mainstreet", "limit:cond-high"))

    found = traced(Network(site), store, last)

    assert isinstance(found, Trace)
    assert {one.station: one.said for one in found.witnesses} == {"waterlab": "beyond", "franklin": "beyond"}
    assert [piece.reach for piece in found.pieces if piece.standing == "likely"] == ["upper"]
    assert all(term.case == "passed" for one in found.suspects for term in one.terms if term.name == "place")


def test_the_first_station_says_when_the_next_ones_see_it(played: tuple[Casebook, Store], site: Site) -> None:
    book, store = played
    first = next(one for one in alarms(book) if (one.station, one.rule) == ("franklin", "limit:cond-high"))

    found = traced(Network(site), store, first)

    assert found is not None
    expected = {one.station: (one.earliest, one.latest, one.seen is not None) for one in found.arrivals}
    assert list(expected) == ["waterlab", "mainstreet"]
    for name, (earliest, latest, seen) in expected.items():
        assert seen
        assert any(earliest <= one.since <= latest for one in alarms(book) if one.station == name)
