"""Incidents, schedules and scores."""

from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest

from detectors.domain.site import Site
from simulators.incidents import Incident, Kind, disturbed
from simulators.records import BEAT, SECOND, load
from simulators.replay import Replay
from simulators.schedule import Schedule, downstream
from simulators.schedule import played as spoken_for
from simulators.score import Found, score
from simulators.tank import Tank, valves_of
from simulators.truth import Truth
from storage import registry

START = 1_780_000_000 * SECOND
READ = Replay(record=load("waterlab"), seed=1, shift=START - 30 * 86_400 * SECOND).read


def incident(kind: Kind, *quantities: str, lasts: int = 180, station: str = "waterlab") -> Incident:
    return Incident(id=kind.value, kind=kind, station=station, quantities=quantities, since=START, until=START + lasts * SECOND)


def played(one: Incident, quantity: str) -> list[float | None]:
    return [disturbed(one, at, READ(at), READ).get(quantity) for at in range(one.since, one.until, BEAT)]


@pytest.fixture(scope="module")
def site() -> Site:
    return registry.load(Path(__file__).resolve().parents[3] / "sites" / "qinghe")


def test_a_spill_eats_oxygen_and_adds_salt_and_mud() -> None:
    one = incident(Kind.SPILL, "do", "cond", "turb")

    assert min(played(one, "do")) < 0.4 * READ(START)["do"]
    assert max(played(one, "cond")) > 2 * READ(START)["cond"]
    assert max(played(one, "turb")) > 8 * READ(START)["turb"]
    assert max(played(one, "temp")) < READ(START)["temp"] + 1


def test_a_spill_breaks_a_limit_of_the_site_long_enough_and_no_quality_rule(site: Site) -> None:
    """Else it would be an instrument's matter, and nobody would be told of pollution."""
    for group in islice(Schedule(site=site, seed=1, start=START), 2):
        for one in (one for one in group if one.kind is Kind.SPILL):
            values = played(one, "do")
            rule = site.thresholds[f"{one.station}/do"]
            assert sum(value < 5 for value in values) >= 6
            assert max(abs(b - a) / 10 for a, b in pairwise(values)) < rule.rate
            assert max(abs(b - (a + c) / 2) for a, b, c in zip(values, values[1:], values[2:], strict=False)) < rule.spike_suspect


def test_a_stuck_probe_says_exactly_the_same() -> None:
    assert len(set(played(incident(Kind.STUCK, "do"), "do"))) == 1
    assert len(set(played(incident(Kind.STUCK, "do"), "ph"))) > 5


def test_spikes_are_single_readings_with_good_ones_between() -> None:
    calm = [READ(at)["ph"] for at in range(START, START + 180 * SECOND, BEAT)]
    leaps = [abs(a - b) > 1 for a, b in zip(played(incident(Kind.SPIKES, "ph"), "ph"), calm, strict=True)]

    assert sum(leaps) >= 3
    assert not any(a and b for a, b in pairwise(leaps))


def test_a_silent_station_says_nothing() -> None:
    assert set(played(incident(Kind.SILENT, *READ(START)), "do")) == {None}


def test_a_jammed_inlet_overfills_the_tank_and_a_pump_brings_it_down() -> None:
    tank, levels = Tank(), []
    for second in range(90):
        tank = tank.after(1, valves_of(tank, jammed=second < 45, pumping=tank.level > 75))
        levels.append(tank.level)

    assert max(levels) == 100
    assert levels[-1] < 80


def test_an_ordinary_tank_goes_up_and_down_between_its_marks() -> None:
    tank, levels = Tank(), []
    for _ in range(6000):
        tank = tank.after(1, valves_of(tank))
        levels.append(tank.level)

    assert (round(min(levels)), round(max(levels))) == (52, 72)


def test_the_first_minutes_show_a_tank_a_spill_and_a_person(site: Site) -> None:
    first, second, third = islice(Schedule(site=site, seed=5, start=START), 3)

    assert [(one.kind, one.station) for one in first] == [(Kind.OVERFILL, "tank1")]
    assert [one.station for one in second] == ["franklin", "waterlab", "mainstreet"]
    assert [one.station for one in third] == ["gatecam"]
    assert third[0].since < START + 120 * SECOND


def test_later_something_happens_every_three_to_five_minutes(site: Site) -> None:
    begins = [group[0].since for group in islice(Schedule(site=site, seed=5, start=START), 60)][3:]
    gaps = [(after - before) / SECOND for before, after in pairwise(begins)]

    assert min(gaps) >= 179
    assert sorted(gaps)[len(gaps) // 2] < 301


PLAYED = {Kind.SPILL, Kind.STUCK, Kind.SPIKES, Kind.SILENT, Kind.OVERFILL, Kind.GAS, Kind.PERSON}


def test_every_kind_that_is_quick_enough_is_played(site: Site) -> None:
    assert {group[0].kind for group in islice(Schedule(site=site, seed=5, start=START), 12)} == PLAYED


def test_no_station_has_two_incidents_at_once(site: Site) -> None:
    until: dict[str, int] = {}
    for group in islice(Schedule(site=site, seed=9, start=START), 100):
        assert group[0].since >= until.get(group[0].station, 0)
        until |= {one.station: one.until for one in group}


def test_a_camera_that_is_pulled_is_not_played(site: Site) -> None:
    pulled = replace(site, cameras={"gatecam": replace(site.cameras["gatecam"], source="rtsp://10.0.0.7/stream1")})

    assert {one.name for one in spoken_for(site)} - {one.name for one in spoken_for(pulled)} == {"gatecam"}
    assert Kind.PERSON not in {group[0].kind for group in islice(Schedule(site=pulled, seed=5, start=START), 12)}


def test_a_site_without_stations_has_no_incidents(site: Site) -> None:
    assert list(Schedule(site=Site(name="empty", title=site.title), seed=1, start=START)) == []


def test_water_passes_the_stations_in_order(site: Site) -> None:
    assert [station.name for station in downstream(site)] == ["franklin", "waterlab", "mainstreet"]


def test_a_score_counts_what_was_found_missed_and_unexplained() -> None:
    spill, stuck = incident(Kind.SPILL, "do", "cond"), incident(Kind.STUCK, "ph", station="franklin")
    found = [
        Found(matter="pollution", rule="limit:do-low", station="waterlab", quantity="do", raised_at=START + 70 * SECOND),
        Found(matter="pollution", rule="limit:cond", station="waterlab", quantity="cond", raised_at=START + 90 * SECOND),
        Found(matter="pollution", rule="limit:ph", station="franklin", quantity="ph", raised_at=START + 95 * SECOND),
        Found(matter="instrument", rule="spike", station="mainstreet", quantity="do", raised_at=START + 60 * SECOND),
        Found(matter="pollution", rule="limit:do-low", station="mainstreet", quantity="do", raised_at=START - 9999 * SECOND),
    ]
    got = score([spill, stuck], found, [(START, START + 43_200 * SECOND)], 2)
    kinds = {one.kind: one for one in got.kinds}

    assert (kinds["spill"].found, kinds["spill"].recall, kinds["spill"].delay_p50) == (1, 1.0, 70.0)
    assert (kinds["stuck"].played, kinds["stuck"].found) == (1, 0)
    assert [one.rule for one in got.false_alarms] == ["limit:ph", "spike"]  # a stuck probe is no pollution
    assert (got.station_days, got.false_per_station_day) == (1.0, 2.0)


def test_what_was_switched_off_is_no_truth(tmp_path: Path) -> None:
    truth = Truth(tmp_path / "t.sqlite")
    begun, to_come = incident(Kind.SPILL, "do"), incident(Kind.GAS, "gas", station="tank1", lasts=60)
    later = Incident(
        id="later", kind=Kind.GAS, station="tank1", quantities=("gas",), since=START + 100 * SECOND, until=START + 160 * SECOND
    )
    truth.open(START)
    truth.begin((begun, to_come, later))
    truth.begin((begun,))
    truth.cut(START + 80 * SECOND)

    assert [(one.kind, one.until) for one in truth.incidents()] == [
        (Kind.GAS, START + 60 * SECOND),
        (Kind.SPILL, START + 80 * SECOND),
    ]
    assert truth.sessions(START + 999 * SECOND) == [(START, START + 80 * SECOND)]
