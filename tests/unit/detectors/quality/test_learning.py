"""Learning thresholds: what a record teaches, and what must teach nothing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.quantity import quantities
from detectors.domain.thresholds import Thresholds
from detectors.quality.learning import learn
from detectors.quality.learning.bounds import bounds_of
from detectors.quality.learning.record import Record, record_of
from detectors.quality.learning.trial import doubted
from detectors.quality.learning.usual import unusual
from tests.unit.detectors.court.stand import SECOND, START, Hearing, series_of, site

QUARTER = 900
ROWS = 600


def instants(rows: int, every: float = QUARTER) -> np.ndarray:
    return START + (np.arange(rows) * every * SECOND).astype(np.int64)


def calm(rows: int = ROWS, seed: int = 7) -> np.ndarray:
    """Oxygen that follows the day, with a little noise, as a probe rounds it."""
    random = np.random.default_rng(seed)
    return np.round(9 + np.sin(np.arange(rows) / 96 * 2 * np.pi) + random.normal(0, 0.02, rows), 2)


def taught(value: np.ndarray, series: str = "weir/do", mark: str = "", every: float = QUARTER) -> Thresholds:
    marks = np.zeros(len(value), np.uint8)
    marks[: len(mark)] = [0 if one == "." else ord(one) for one in mark]
    return learn(series, instants(len(value), every), value, marks).thresholds


def numbers(found: Thresholds) -> list[float]:
    return [getattr(found, name) for name in found.__slots__ if name not in {"series", "source"}]


def test_a_calm_record_is_good_by_what_it_taught() -> None:
    value = calm()
    assert not doubted(Record(at=instants(ROWS), value=value), taught(value)).any()


def test_every_learnt_row_says_what_it_was_learnt_from() -> None:
    source = taught(calm()).source
    assert source.startswith("learnt from 600 of 600 readings, 2023-11-14 to 2023-11-21, every 900 s; fails: ")
    assert all(f"; {what}: " in source for what in ("range", "spike", "rate", "flat"))


def test_a_few_faults_in_the_record_move_the_thresholds_little() -> None:
    clean, bad = calm(), calm()
    bad[[150, 310]] = [7.0, 11.5]
    faulty, sound = taught(bad), taught(clean)
    np.testing.assert_allclose(numbers(faulty), numbers(sound), rtol=0.2)
    usual = learn("weir/do", instants(ROWS), bad, np.zeros(ROWS, np.uint8)).usual
    assert np.flatnonzero(unusual(Record(at=instants(ROWS), value=bad), usual)).tolist() == [150, 310]


def test_a_record_full_of_spikes_still_teaches_to_see_them() -> None:
    value, spikes = calm(), np.arange(20, ROWS, 50)
    value[spikes] += 3.0
    usual = learn("weir/do", instants(ROWS), value, np.zeros(ROWS, np.uint8)).usual
    assert np.flatnonzero(unusual(Record(at=instants(ROWS), value=value), usual)).tolist() == spikes.tolist()


def test_a_stuck_stretch_does_not_teach_that_being_stuck_is_usual() -> None:
    value = calm(1000)
    value[400:480], value[480] = value[400], value[400] + 0.05
    found = taught(value)
    assert found.flat_readings == 48
    assert np.flatnonzero(doubted(Record(at=instants(1000), value=value), found)).tolist() == list(range(447, 480))


def test_what_the_device_marks_teaches_nothing() -> None:
    value = calm()
    value[:60] = 3.0
    marked = learn("weir/do", instants(ROWS), value, np.array([ord("M")] * 60 + [0] * (ROWS - 60), np.uint8))
    assert marked.used == ROWS - 60
    alone = learn("weir/do", instants(ROWS)[60:], value[60:], np.zeros(ROWS - 60, np.uint8))
    np.testing.assert_array_equal(numbers(marked.thresholds), numbers(alone.thresholds))


def test_of_too_few_readings_only_the_physical_bounds_are_said() -> None:
    found = taught(calm(100))
    assert (found.fail_low, found.fail_high) == (-0.3, 25)
    assert np.isnan([found.suspect_high, found.spike_suspect, found.rate, found.flat_tolerance]).all()
    assert found.source.startswith("only 100 of 100 readings could teach, 200 are needed")


def test_of_no_reading_nothing_is_learnt() -> None:
    nothing = learn("weir/stage", np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint8))
    assert (nothing.used, math.isnan(nothing.interval), math.isnan(nothing.thresholds.fail_low)) == (0, True, True)


@pytest.mark.parametrize(
    ("quantity", "low", "high"),
    [
        pytest.param("temp", True, True, id="no event leaves the habits of temperature"),
        pytest.param("cond", True, False, id="a spill drives conductivity up"),
        pytest.param("do", False, True, id="a collapse takes the oxygen away"),
        pytest.param("ph", False, False, id="acid or lye"),
        pytest.param("nh3n", False, False, id="a discharge of an hour is one reading"),
    ],
)
def test_nothing_is_learnt_where_a_true_event_goes(quantity: str, low: bool, high: bool) -> None:
    found = taught(calm(), f"weir/{quantity}")
    assert (not math.isnan(found.suspect_low), not math.isnan(found.suspect_high)) == (low, high)


@pytest.mark.parametrize(("series", "low", "high"), [("tank/gas", -5, 110), ("outfall/nh3n", 0, math.nan)])
def test_what_comes_suddenly_has_its_physical_bounds_only(series: str, low: float, high: float) -> None:
    found = taught(calm(), series)
    np.testing.assert_array_equal([found.fail_low, found.fail_high], [low, high])
    assert np.isnan([found.spike_suspect, found.rate, found.flat_tolerance]).all()


def test_a_gauge_that_mostly_repeats_itself_is_never_called_flat() -> None:
    found = taught(np.repeat(calm(60), 20), "weir/stage")
    assert math.isnan(found.flat_tolerance)
    assert "repeat the one before: no flat test" in found.source


def test_what_never_moves_learns_no_range_and_no_spike() -> None:
    found = taught(np.full(ROWS, 5.0), "weir/temp")
    assert np.isnan([found.suspect_low, found.suspect_high, found.spike_suspect, found.rate, found.flat_tolerance]).all()


@pytest.mark.parametrize(
    ("series", "height", "tests", "word"),
    [
        pytest.param("weir/turb", 30, 2, "", id="water that is stirred now and then"),
        pytest.param("weir/turb", 60, 1, "", id="what would fail cannot be, what is suspect can"),
        pytest.param(
            "weir/turb", 150, 0, "no spike test: 11920 is more than the physical bounds lie apart, 10000.5", id="wild water"
        ),
        pytest.param("weir/chla", 150, 2, "", id="where no bound is known it may be as high as it was learnt"),
    ],
)
def test_no_spike_is_higher_than_the_physical_bounds_lie_apart(series: str, height: float, tests: int, word: str) -> None:
    random = np.random.default_rng(3)
    value = np.where(np.arange(ROWS) % 8 < 2, height * random.random(ROWS), 3 + random.random(ROWS))
    found = taught(value, series)
    assert np.isfinite([found.spike_suspect, found.spike_fail]).sum() == tests
    assert word in found.source


def test_a_gauge_far_above_its_own_zero_is_not_rounded_away() -> None:
    found = taught(25_148 + calm() / 100, "weir/stage")
    assert 25_140 < found.suspect_low < 25_148


def test_readings_without_neighbours_teach_no_spike() -> None:
    at = instants(ROWS, 1.0)
    at += (np.arange(ROWS) // 2) * 3600 * SECOND  # pairs, an hour apart
    found = learn("weir/do", at, calm(), np.zeros(ROWS, np.uint8))
    assert found.interval > 0


def test_order_and_repetition_change_nothing() -> None:
    at, value = instants(ROWS), calm()
    mixed = np.random.default_rng(1).permutation(np.append(np.arange(ROWS), np.arange(50)))
    once = learn("weir/do", at, value, np.zeros(ROWS, np.uint8)).thresholds
    twice = learn("weir/do", at[mixed], value[mixed], np.zeros(ROWS + 50, np.uint8)).thresholds
    np.testing.assert_array_equal(numbers(once), numbers(twice))


def test_the_trial_says_what_the_court_says() -> None:
    value = calm(800)
    value[[100, 300, 301, 302]] = [2.0, 30.0, 0.0, 14.0]
    value[500:600] = value[500]
    found = taught(value)
    flags = np.array(Hearing(site(thresholds=[found])).judge(series_of(list(value), every=QUARTER)).flags)
    np.testing.assert_array_equal(doubted(Record(at=instants(800), value=value), found), flags >= 3)


def test_every_known_quantity_has_bounds_that_rise() -> None:
    for name in quantities():
        bounds = bounds_of(name)
        assert not bounds.low >= bounds.high, name
        assert bounds.source, name
        assert bounds.events in {"", "up", "down", "both", "sudden"}, name


@pytest.mark.parametrize(
    ("quantity", "times", "more"),
    [
        pytest.param("temp", 1.8, 32, id="degrees Fahrenheit"),
        pytest.param("do", 10, 0, id="oxygen in percent"),
        pytest.param("cond", 0.1, 0, id="conductivity in mS/cm"),
    ],
)
def test_bounds_in_a_unit_that_the_record_cannot_have_are_not_written(quantity: str, times: float, more: float) -> None:
    found = taught(calm() * times + more, f"weir/{quantity}")
    assert np.isnan([found.fail_low, found.fail_high]).all()
    assert "has it another unit?" in found.source


def test_a_dead_probe_does_not_speak_for_the_unit_nor_teach_its_value() -> None:
    value = np.append(calm(), np.full(ROWS, -9999.0))
    assert taught(value).fail_low == -0.3
    value[ROWS:] = 0.0
    found = learn("weir/do", instants(2 * ROWS), value, np.zeros(2 * ROWS, np.uint8))
    assert (found.used, found.thresholds.flat_readings) == (ROWS, 48)


def test_a_few_readings_of_a_laboratory_may_repeat_themselves_for_days() -> None:
    days = np.repeat(calm(100), 3)
    assert learn("weir/do", instants(300, 86_400), days, np.zeros(300, np.uint8)).used == 300


def test_a_gauge_may_stand_still_for_a_week_of_dry_weather() -> None:
    value = np.cumsum(np.random.default_rng(3).integers(-1, 2, 4000)).astype(float)
    found = taught(value, "weir/stage")
    assert found.flat_suspect == pytest.approx(0.9 * 14 * 86_400, rel=1e-3)


def test_a_part_of_a_quantity_has_the_bounds_of_the_whole() -> None:
    assert bounds_of("temp.deep") == bounds_of("temp")
    assert bounds_of("strangeness").events == "both"


VALUES = st.one_of(st.floats(-10, 40), st.integers(-3, 3).map(float), st.floats(), st.just(-9999.0))


@settings(deadline=None, max_examples=20)
@given(st.lists(VALUES, min_size=1, max_size=8), st.sampled_from(["do", "ph", "temp", "turb", "stage", "gas", "odd"]), st.data())
def test_whatever_is_in_a_record_its_thresholds_rise_and_are_finite_or_off(
    pattern: list[float], quantity: str, data: st.DataObject
) -> None:
    value = np.resize(np.array(pattern), 260)
    steps = data.draw(st.lists(st.integers(0, 10**13), min_size=1, max_size=5))
    at = START + np.cumsum(np.resize(np.array(steps, np.int64), 260))
    found = learn(f"weir/{quantity}", at, value, np.zeros(260, np.uint8)).thresholds
    for names in (
        ("fail_low", "suspect_low", "suspect_high", "fail_high"),
        ("spike_suspect", "spike_fail"),
        ("flat_suspect", "flat_fail"),
    ):
        given_ones = [number for name in names if not math.isnan(number := getattr(found, name))]
        assert given_ones == sorted(given_ones)
    assert not np.isinf(numbers(found)).any()
    assert all(number >= 0 for number in (found.rate, found.spike_suspect, found.flat_tolerance) if not math.isnan(number))


def test_a_record_holds_each_instant_once() -> None:
    record = record_of(np.array([2, 1, 2, 3]), np.array([5.0, 4.0, 6.0, math.nan]), np.zeros(4, np.uint8))
    assert (record.at.tolist(), record.value.tolist()) == ([1, 2], [4.0, 5.0])
