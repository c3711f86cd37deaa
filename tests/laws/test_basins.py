"""Laws of the basin and of scenarios: the same seed the same water, nothing lost on the way, the truth is the truth."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.site import Site
from simulators import scenario
from simulators.basin import Basin, Course
from simulators.basin.oxygen import saturation
from simulators.basin.travel import carry, late
from simulators.basin.weather import weather
from simulators.incidents import Kind
from simulators.play import Played, play
from simulators.records import SECOND
from simulators.tables import sensors
from storage.registry import load

MAY = 1_777_824_000  # 2026-05-04 00:00 in Shanghai, s
HOURS = 3
STEPS = 400
seeds = st.integers(0, 2**31)
shipped = pytest.mark.parametrize("name", sorted(scenario.shipped()))


@pytest.fixture(scope="module")
def site() -> Site:
    return load(Path(__file__).resolve().parents[2] / "sites" / "qinghe")


@pytest.fixture(scope="module")
def played(site: Site) -> dict[str, Played]:
    """Every shipped scenario, played once."""
    return {name: play(scenario.read(path, 0), site) for name, path in scenario.shipped().items()}


@given(
    amounts=st.lists(st.floats(0, 1000), min_size=1, max_size=30),
    speed=st.lists(st.floats(0.3, 2), min_size=STEPS, max_size=STEPS),
    metres=st.floats(100, 4000),
    sigma=st.floats(0, 900),
)
@settings(max_examples=60, deadline=None)
def test_what_is_let_in_above_comes_out_below(amounts: list[float], speed: list[float], metres: float, sigma: float) -> None:
    """All of it, whatever the speed does meanwhile: the way and the spreading take less than what is left of the time."""
    load = np.zeros(STEPS)
    load[70 : 70 + len(amounts)] = amounts

    out = carry(load, np.array(speed), metres, sigma, 60.0)

    assert out.sum() == pytest.approx(load.sum(), rel=1e-9, abs=1e-6)
    assert out.min() >= -1e-9


@given(speed=st.floats(0.3, 2), metres=st.floats(200, 4000))
@settings(max_examples=40, deadline=None)
def test_it_takes_the_way_by_the_speed(speed: float, metres: float) -> None:
    load = np.zeros(STEPS)
    load[80] = 1.0

    out = carry(load, np.full(STEPS, speed), metres, 300.0, 60.0)

    assert (out * np.arange(STEPS)).sum() - 80 == pytest.approx(metres / speed / 60, abs=0.6)
    assert late(np.full(STEPS, speed), metres, 60.0)[-1] == pytest.approx(metres / speed)


@given(seed=seeds)
@settings(max_examples=8, deadline=None)
def test_the_same_seed_is_the_same_basin_and_every_value_a_rivers(site: Site, seed: int) -> None:
    first, second = (Basin(course=Course.of(site), seed=seed, start=MAY, end=MAY + 86_400).run().values for _ in range(2))

    for place, values in first.items():
        for quantity, said in values.items():
            assert np.array_equal(said, second[place][quantity])
            assert np.isfinite(said).all()
            assert (said >= 0).all()
        assert (values["ph"] < 10).all()
        assert (values["do"] < 20).all()


def test_another_seed_is_another_basin(site: Site) -> None:
    one, other = (Basin(course=Course.of(site), seed=seed, start=MAY, end=MAY + 3600).run().values["franklin"] for seed in (1, 2))

    assert not np.array_equal(one["temp"], other["temp"])


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_what_runs_off_is_what_fell(seed: int) -> None:
    told = weather(np.arange(MAY, MAY + 12 * 86_400, 300, dtype=np.int64), seed, 28_800.0, 3.0)
    settled = told.rain[: -48 * 12].sum()

    assert told.quick.sum() <= told.rain.sum() * (1 + 1e-9)
    assert told.quick.sum() >= settled * (1 - 1e-6)


@pytest.mark.parametrize(
    ("temp", "holds"),
    [
        pytest.param(0.0, 14.62, id="14.62 mg/L at 0 °C"),
        pytest.param(10.0, 11.29, id="11.29 mg/L at 10 °C"),
        pytest.param(20.0, 9.09, id="9.09 mg/L at 20 °C"),
        pytest.param(30.0, 7.56, id="7.56 mg/L at 30 °C"),
    ],
)
def test_water_holds_as_much_oxygen_as_the_standard_table_says(temp: float, holds: float) -> None:
    """APHA Standard Methods, table 4500-O:I, fresh water at 101.325 kPa."""
    assert saturation(np.array([temp]))[0] == pytest.approx(holds, abs=0.006)


def test_oxygen_and_ph_are_highest_in_the_afternoon(site: Site) -> None:
    values = Basin(course=Course.of(site), seed=3, start=MAY, end=MAY + 86_400, wetness=0.0).run().values["waterlab"]
    hours = {q: (np.argmax(values[q][1440:2880]) / 60) % 24 for q in ("do", "ph")}

    assert all(10 < hour < 18 for hour in hours.values())


@shipped
def test_the_same_scenario_is_the_same_tape(site: Site, played: dict[str, Played], name: str) -> None:
    again = play(scenario.read(scenario.shipped()[name], 0), site)

    assert np.array_equal(again.tape.rows, played[name].tape.rows)
    assert again.incidents == played[name].incidents


@shipped
def test_the_truth_of_a_reading_is_the_truth(played: dict[str, Played], name: str) -> None:
    """Good readings lie by the truth, bad ones belong to an incident of their station that holds."""
    tape, by_id = played[name].tape, {f"{one.kind} {one.id}": one for one in played[name].incidents}
    rows = tape.rows
    for number, series in enumerate(tape.names):
        station, _, quantity = series.partition("/")
        mine = rows[rows["series"] == number]
        sensor, good = sensors()[quantity], mine[mine["bad"] == 0]
        allowed = sensor.tolerance + 6 * (sensor.grain + sensor.relative * np.abs(good["true"]))
        assert (np.abs(good["value"] - good["true"]) <= allowed).all()
        for place in np.unique(mine["incident"][mine["bad"] == 1]).tolist():
            one = by_id[tape.incidents[place]]
            held = mine["got"][(mine["bad"] == 1) & (mine["incident"] == place)]
            assert one.station == station
            assert one.kind not in {Kind.SPILL, Kind.DISCHARGE, Kind.ALGAE, Kind.LOWFLOW}
            assert one.since <= held.min()
            assert held.max() <= one.until + 400 * SECOND


@shipped
def test_a_tape_is_in_the_order_of_its_arrival(played: dict[str, Played], name: str) -> None:
    assert (np.diff(played[name].tape.rows["got"]) >= 0).all()


def test_a_spill_is_felt_later_and_weaker_downstream(played: dict[str, Played]) -> None:
    spills = [one for one in played["spill"].incidents if one.id.startswith("0-")]

    assert [one.station for one in spills] == ["franklin", "waterlab", "mainstreet"]
    assert sorted(one.since for one in spills) == [one.since for one in spills]
    tape = played["spill"].tape
    peaks = [float(tape.rows["true"][tape.rows["series"] == tape.names.index(f"{one.station}/cond")].max()) for one in spills]
    assert peaks[0] > peaks[1] > 500


def test_back_fill_arrives_late_and_is_whole(played: dict[str, Played]) -> None:
    one = next(one for one in played["outages"].incidents if one.kind is Kind.BACKFILL)
    tape = played["outages"].tape
    mine = np.char.startswith(np.array(tape.names), one.station)[tape.rows["series"]]
    held = tape.rows[mine & (tape.rows["at"] >= one.since) & (tape.rows["at"] < one.until)]

    assert (held["got"] > one.until).all()
    assert len(np.unique(held["at"])) == 6 * 60
