"""Laws of simulated worlds: the same seed is the same river, whoever asks, whenever, in whatever order."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators import records
from simulators.incidents import Incident, Kind, disturbed
from simulators.records import BEAT, DAY, SECOND
from simulators.replay import Replay
from simulators.schedule import Schedule
from simulators.tank import Tank, Valves
from simulators.world import QUANTITIES, World
from storage.registry import load

STATIONS = ("upper", "middle", "lower")
SOME_DAY = 1_780_000_000 * SECOND
instants = st.integers(SOME_DAY, SOME_DAY + 400 * DAY)
seeds = st.integers(0, 2**31)

Read = Callable[[int], dict[str, float]]


def a_world(seed: int) -> Read:
    return lambda at: World(seed=seed, stations=STATIONS).read("lower", at)


def a_replay(seed: int) -> Read:
    return Replay(record=records.load("waterlab"), seed=seed, shift=SOME_DAY).read


WORLDS = {"world": a_world, "replay": a_replay}
every_world = pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in WORLDS.items()])


@every_world
@given(seed=seeds, at=st.lists(instants, min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_is_the_same_river_in_any_order(make: Callable[[int], Read], seed: int, at: list[int]) -> None:
    forwards = {one: make(seed)(one) for one in at}
    backwards = {one: make(seed)(one) for one in reversed(at)}

    assert forwards == backwards


@every_world
@given(seed=seeds, at=instants)
@settings(max_examples=25, deadline=None)
def test_another_seed_is_another_river(make: Callable[[int], Read], seed: int, at: int) -> None:
    assert make(seed)(at) != make(seed + 1)(at)


@every_world
@given(seed=seeds, at=instants)
@settings(max_examples=40, deadline=None)
def test_every_value_could_be_a_rivers(make: Callable[[int], Read], seed: int, at: int) -> None:
    """Within what a probe can say; real records hold zeros of probes in the air, so zero may be."""
    said = make(seed)(at)

    assert set(said) == set(QUANTITIES)
    assert all(np.isfinite(value) for value in said.values())
    assert -5 < said["temp"] < 40
    assert all(value >= 0 for quantity, value in said.items() if quantity != "temp")
    assert said["ph"] <= 14


@given(seed=seeds, at=st.lists(instants, min_size=2, max_size=40), cut=st.integers(0, 40))
@settings(max_examples=25, deadline=None)
def test_asking_at_once_or_in_parts_is_the_same(seed: int, at: list[int], cut: int) -> None:
    world = World(seed=seed, stations=STATIONS)

    whole = world.values("lower", at)
    parts = [world.values("lower", part) for part in (at[:cut], at[cut:]) if part]

    for quantity in QUANTITIES:
        assert np.array_equal(whole[quantity], np.concatenate([part[quantity] for part in parts]))


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_rain_reaches_the_lower_station_later(seed: int) -> None:
    """The highest water of a month is not earlier downstream than upstream, to a quarter of an hour."""
    world, at = World(seed=seed, stations=STATIONS), np.arange(SOME_DAY, SOME_DAY + 30 * DAY, 900 * SECOND)
    peaks = [int(np.argmax(world.values(name, at)["turb"])) for name in (STATIONS[0], STATIONS[2])]

    if world.rain(at).max() > 0.5:
        assert peaks[0] <= peaks[1] + 1


@given(
    steps=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 2), st.floats(0, 2), st.floats(0, 90)), max_size=40),
    ambient=st.floats(-20, 45),
)
def test_a_tank_stays_between_empty_and_full(steps: list[tuple[float, float, float, float]], ambient: float) -> None:
    tank = Tank()
    for seconds, inlet, outlet, leak in steps:
        tank = tank.after(seconds, Valves(inlet=inlet, outlet=outlet, leak=leak), ambient)

        assert 0 <= tank.level <= 100
        assert 0 <= tank.gas <= 92
        assert 50 < tank.pressure < 200


@given(kind=st.sampled_from(list(Kind)), at=instants, lasts=st.integers(60, 900), seed=seeds)
@settings(max_examples=30, deadline=None)
def test_an_incident_is_felt_only_while_it_lasts(kind: Kind, at: int, lasts: int, seed: int) -> None:
    read = a_world(seed)
    incident = Incident(id="1", kind=kind, station="lower", quantities=QUANTITIES, since=at, until=at + lasts * SECOND)

    for outside in (at - 1, incident.until, incident.until + BEAT):
        assert disturbed(incident, outside, read(outside), read) == read(outside)


@given(seed=seeds, start=instants)
@settings(max_examples=10, deadline=None)
def test_a_schedule_follows_from_seed_and_start(qinghe: Path, seed: int, start: int) -> None:
    site = load(qinghe)
    first, second = (list(islice(Schedule(site=site, seed=seed, start=start), 30)) for _ in range(2))

    assert first == second
    begins = [group[0].since for group in first]
    assert begins == sorted(begins)
    assert all(one.since < one.until for group in first for one in group)
    assert len({one.id for group in first for one in group}) == sum(map(len, first))


@pytest.fixture(scope="module")
def qinghe() -> Path:
    return Path(__file__).resolve().parents[2] / "sites" / "qinghe"
