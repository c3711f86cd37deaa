"""What is usual: readings that are unlikely, days that have drifted, and how both are learnt."""

import math

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.quality import Quality
from detectors.domain.site import Site, Title
from detectors.domain.usual import Span, Usual
from detectors.quality import drift, unlikely
from detectors.quality.learning import learn
from detectors.quality.learning.bounds import bounds_of
from detectors.quality.learning.days import days_of, saturation_of
from detectors.quality.learning.record import Record
from detectors.quality.learning.usual import unusual, usual_of
from tests.unit.detectors.court.stand import SECOND, START, Hearing, site

QUARTER = 900 * SECOND
HOUR = 3600 * SECOND
DAY = 24 * HOUR
CALM = Usual(
    series="weir/do",
    moves=(Span(of=900, low=1, high=1), Span(of=3600, low=2, high=2), Span(of=10_800, low=3, high=3)),
    strays=(Span(of=900, low=1, high=1), Span(of=86_400, low=2, high=2)),
    months=(Span(of=0, low=4, high=12),),
)


def told(usual: Usual, values: list[float], every: int = QUARTER) -> list[int]:
    """Which readings are suspect."""
    at = START + np.arange(len(values)) * every
    return np.flatnonzero(unusual(Record(at=at, value=np.array(values, float)), usual)).tolist()


def around(value: float, rows: int) -> list[float]:
    return [value + 0.1 * (i % 2) for i in range(rows)]


def year(rows: int = 24 * 365, every: int = HOUR) -> Record:
    """Oxygen of a cold and a warm season, day and night, with a little noise."""
    at = START + np.arange(rows) * every
    days = np.arange(rows) * every / DAY
    noise = np.random.default_rng(3).normal(0, 0.02, rows)
    return Record(at=at, value=np.round(9 + np.cos(days / 365 * 2 * np.pi) + 0.5 * np.sin(days * 2 * np.pi) + noise, 2))


@pytest.mark.parametrize(
    ("values", "suspect"),
    [
        pytest.param(around(8, 200), [], id="calm water is likely"),
        pytest.param([*around(8, 100), 0, *around(8, 20)], [100], id="a dip is told when it comes, and its neighbours are not"),
        pytest.param([*around(8, 100), *[0.0] * 300, *around(8, 9)], list(range(100, 403)), id="dead as long as it is dead"),
        pytest.param([*around(8, 100), *[30.0] * 300, *around(8, 9)], list(range(100, 403)), id="or out of the water"),
        pytest.param([*around(8, 40), 8.95, *around(8, 9)], [], id="what it moves as a rule is likely"),
        pytest.param(
            [*around(7, 48), *around(8, 48), *around(6.95, 20)], [96], id="inside the day's range it soon comes within reach"
        ),
        pytest.param(
            [*around(8, 100), *around(11, 100)], list(range(100, 148)), id="a level of the month is accepted after half a day"
        ),
        pytest.param([0.0, *around(8, 30)], [1, 2, 3], id="a first reading that nothing supports is soon forgotten"),
        pytest.param(
            [*around(3, 100), *around(1, 100)], list(range(100, 187)), id="bounds go on growing from where it never was at home"
        ),
    ],
)
def test_unlikely(values: list[float], suspect: list[int]) -> None:
    """Moves of 1 in a quarter of an hour, 1 beyond the day and 2 after a day; at home from 4 to 12."""
    assert suspect == told(CALM, values)


def test_who_was_doubted_for_long_is_not_believed_again_for_one_reading_that_lies_right() -> None:
    values = [*around(8, 100), *[0.0, 30.0] * 20, 8.0, *[0.0, 30.0] * 20, *around(8, 9)]
    assert told(CALM, values) == list(range(100, 184))


def test_readings_that_do_not_agree_make_no_new_level() -> None:
    values = [*around(8, 100), *[0.0, 3.0] * 10]
    assert told(CALM, values) == list(range(100, 120))


def test_after_days_without_a_reading_the_bounds_are_wider() -> None:
    at = START + np.append(np.arange(100), 100 + 96 * 16) * QUARTER
    assert not unusual(Record(at=at, value=np.array([*around(8, 100), 11.9])), CALM)[-1]


def test_after_a_day_without_a_reading_the_range_of_the_day_is_forgotten() -> None:
    at = START + np.concatenate([np.arange(100), 300 + np.arange(3)]) * QUARTER
    assert np.flatnonzero(unusual(Record(at=at, value=np.array([*around(8, 100), 9.5, 9.5, 7.5])), CALM)).tolist() == [102]


@pytest.mark.parametrize(
    ("events", "values", "suspect"),
    [
        pytest.param(1, [8, 8, 8, 30, 50, 30, 9, 8, 6], [8], id="a rise up to the lift is no wonder, nor the way back"),
        pytest.param(1, [8, 8, 8, 70, 8], [3], id="beyond the lift it is"),
        pytest.param(-1, [8, 8, 7.5, 7, 6.5, 8, 10], [6], id="back out of a collapse it may jump as high as the day was"),
    ],
)
def test_where_events_go(events: int, values: list[float], suspect: list[int]) -> None:
    """With a lift to 60; from 8 it moves and strays by 1."""
    usual = Usual(series="weir/do", moves=CALM.moves, strays=CALM.strays, months=CALM.months, events=events, lift=60)
    assert suspect == [i - 97 for i in told(usual, [*around(8, 97), *values])]


def test_the_score_grows_with_what_is_unlikely_and_is_four_times_as_patient_before_a_day_is_known() -> None:
    place = Site(name="", title=Title(zh="", en=""), quality=Quality(usual={"weir/do": CALM}))
    rule = np.array([unlikely.of(place, "weir/do", lambda _: 0)], unlikely.RULE)
    at, value = START + np.arange(5) * QUARTER, np.array([8, 8, 9, 12, 1e300])
    flag, score = unlikely.step(
        np.zeros(1, unlikely.MEMORY), rule, np.array([0, -1], np.int32), np.array([0, 1, 0, 0, 0], np.int32), at, value, at > 0
    )
    assert flag.tolist() == [1, 0, 1, 1, 3]
    np.testing.assert_allclose(score, [0, np.nan, 0.1983, 3 / 7, 1], rtol=1e-3)


def test_the_court_says_the_score_and_asks_no_series_that_it_knows_nothing_of() -> None:
    batch = Batch.of([(name, START + i * QUARTER, 8.0) for i in range(3) for name in ("weir/do", "weir/ph")])
    stand = Hearing(site(quality=Quality(usual={"weir/do": CALM}))).judge(batch)
    np.testing.assert_array_equal(np.isnan(stand.verdicts[0].score), [False, True] * 3)


# drift


def drifting(usual: Usual, series: dict[str, list[float]], every: int = HOUR) -> list[int]:
    """The flags of the last series, which is told after the others of its instant."""
    names = tuple(series)
    place = Site(name="", title=Title(zh="", en=""), quality=Quality(usual={usual.series: usual}))
    rows = len(series[names[-1]])
    row = np.tile(np.arange(len(names), dtype=np.int32), rows)
    at = np.repeat(START // DAY * DAY + np.arange(rows) * every, len(names))
    value = np.array([series[name][i] for i in range(rows) for name in names], float)
    taking = {*drift.asked(place), *(name for others in drift.asked(place).values() for name in others)}
    rule = np.zeros(len(names), drift.RULE)
    for i, name in enumerate(names):
        if name in taking:
            rule[i] = drift.of(place, name, names.index)
    seat = np.array([i if name in taking else -1 for i, name in enumerate(names)], np.int32)
    row, at, value = np.append(row, len(names)).astype(np.int32), np.append(at, at[-1]), np.append(value, 0.0)  # nobody asked
    flag = drift.step(np.zeros(len(names), drift.MEMORY), rule, np.append(seat, np.int32(-1)), row, at, value, np.isfinite(value))
    return flag[row == len(names) - 1].tolist()


DAYS = Usual(series="weir/do", days=(Span(of=0, low=6, high=9), Span(of=11, low=7, high=9.5)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param([8.0] * 60, {1}, id="days as they are"),
        pytest.param([9.6] * 18, {1}, id="six parts of a day are no day"),
        pytest.param([9.6] * 24, {1, 3}, id="a day wholly above"),
        pytest.param([6.5] * 24, {1, 3}, id="a day wholly below, by what its month says"),
        pytest.param([9.6] * 100, {1, 3, 4}, id="for days, and the probe has failed"),
        pytest.param([9.6, 9.4] * 20, {1}, id="the lowest of the day counts"),
        pytest.param([6.5, 7.5] * 20, {1}, id="and the highest"),
    ],
)
def test_drift(values: list[float], said: set[int]) -> None:
    """In November a day's lowest is at most 9.5, its highest at least 7; hourly readings."""
    assert said == set(drifting(DAYS, {"weir/do": values}))


def test_one_reading_back_ends_a_drift() -> None:
    assert drifting(DAYS, {"weir/do": [*[9.6] * 30, 8.0, 9.6]})[-3:] == [3, 1, 1]


def days(*levels: float, swing: float = 1.0) -> list[float]:
    """Hourly readings of days that each swing about a level."""
    return [round(level + swing * math.sin(hour / 24 * 2 * math.pi) / 2, 2) for level in levels for hour in range(24)]


@pytest.mark.parametrize(
    ("values", "drifted"),
    [
        pytest.param(days(8, 8, *[10.5] * 70), 60, id="after a jump it is the probe for two months"),
        pytest.param([*days(8, 8), math.nan, *days(*[10.5] * 70, swing=0.01)], 60, id="over a reading that nobody believes, too"),
        pytest.param(days(*[10.5] * 40), 10, id="from the first day on it is taken for this water's after ten days"),
        pytest.param(days(*[8.0] * 32, *np.arange(8, 11, 0.25), *[11] * 30), 5, id="slowly, after five"),
        pytest.param(days(*np.arange(8.5, 11, 0.25), *[11] * 30), 0, id="and not of a series that was not at home"),
        pytest.param(days(8, 8, *[10.5] * 20, 9.5, *[10.5] * 20, 8), 39, id="a brief return ends none"),
    ],
)
def test_how_a_drift_came_says_how_long_it_is_one(values: list[float], drifted: int) -> None:
    """Highest lowest reading of a day: 9.5; a day swings by 1."""
    flags = drifting(DAYS, {"weir/do": values})
    assert drifted == pytest.approx(sum(flag >= 3 for flag in flags) / 24, abs=0.9)


def test_a_gap_of_a_day_begins_anew() -> None:
    assert drifting(DAYS, {"weir/do": [9.6] * 6}, every=30 * HOUR) == [1] * 6


def test_oxygen_that_no_night_brings_below_what_water_takes_up_has_drifted() -> None:
    usual = Usual(series="weir/do", saturation=0.95)
    assert drift.share_of(468 / 31.6, 0.0) == pytest.approx(1)
    for warm, cold in (([20.0] * 48, [8.0] * 48), ([20.0] * 48, [9.2] * 48)):
        flags = drifting(usual, {"weir/temp": warm, "weir/do": cold})
        assert set(flags) == ({1} if cold[0] < 8.6 else {1, 3})


def test_without_a_fresh_temperature_nothing_is_said_of_saturation() -> None:
    warm = [20.0, *[math.nan] * 47]
    assert set(drifting(Usual(series="weir/do", saturation=0.95), {"weir/temp": warm, "weir/do": [20.0] * 48})) == {1}


def test_a_temperature_may_have_days_of_its_own() -> None:
    place = Site(
        name="",
        title=Title(zh="", en=""),
        quality=Quality(
            usual={
                "weir/temp": Usual(series="weir/temp", days=(Span(of=0, low=0, high=20),)),
                "weir/do": Usual(series="weir/do", saturation=1.0),
            }
        ),
    )
    assert drift.asked(place) == {"weir/temp": (), "weir/do": ("weir/temp",)}
    assert drift.of(place, "weir/temp", lambda _: 0)[-1]


# learning


def test_a_year_teaches_its_months_its_moves_and_its_days() -> None:
    found = usual_of("weir/do", bounds_of("do"), year())
    assert [span.of for span in found.moves] == [3600, 10_800]
    assert [span.of for span in found.strays] == [3600, 10_800, 43_200, 86_400, 259_200, 864_000, 2_592_000]
    assert {span.of for span in found.months} == set(range(13))
    for spans in (found.moves, found.strays):
        assert [span.low for span in spans] == sorted(span.low for span in spans)
        assert [span.high for span in spans] == sorted(span.high for span in spans)
    assert 0.15 <= found.moves[0].low < 1
    assert found.events == -1
    assert not unusual(year(), found).any()


def test_faults_in_the_record_are_told_by_what_it_taught_and_teach_nothing() -> None:
    sound, record = usual_of("weir/do", bounds_of("do"), year()), year()
    record.value[5000:5075] = 0.0
    record.value[[2000, 4000, 8000]] = 3.0
    found = usual_of("weir/do", bounds_of("do"), record)
    assert np.flatnonzero(unusual(record, found)).tolist() == [2000, 4000, *range(5000, 5078), 8000]
    assert found.moves[0].low < 2 * sound.moves[0].low


@pytest.mark.parametrize(
    ("quantity", "value", "why"),
    [
        pytest.param("nh3n", year(960).value, "jumps", id="what comes suddenly"),
        pytest.param("do", year(100).value, "few", id="few readings"),
        pytest.param("do", np.full(960, 7.0), "still", id="what never moves"),
        pytest.param("do", year(200).value, "short", id="less than a day before and a day after"),
    ],
)
def test_of_some_records_nothing_usual_is_learnt(quantity: str, value: np.ndarray, why: str) -> None:
    every = HOUR if why != "short" else QUARTER // 15
    at = START + np.arange(len(value)) * every
    assert usual_of(f"weir/{quantity}", bounds_of(quantity), Record(at=at, value=value)).moves == ()


@pytest.mark.parametrize(
    ("quantity", "events", "lift"),
    [
        pytest.param("cond", 1, 90, id="conductivity up to tenfold"),
        pytest.param("turb", 1, math.nan, id="turbidity as high as it likes"),
        pytest.param("temp", 0, math.nan, id="temperature nowhere"),
    ],
)
def test_events_have_a_side(quantity: str, events: int, lift: float) -> None:
    found = usual_of(f"weir/{quantity}", bounds_of(quantity), year(24 * 60))
    assert found.events == events
    np.testing.assert_allclose(found.lift, lift, rtol=0.2)


def test_an_hour_is_learnt_beside_a_quarter() -> None:
    found = usual_of("weir/do", bounds_of("do"), year(96 * 9, QUARTER))
    assert [span.of for span in found.moves] == [900, 3600, 10_800]


def test_days_are_learnt_of_the_months_that_the_record_knows() -> None:
    record = year(24 * 80)
    days = {int(span.of): span for span in days_of(record, bounds_of("temp"))}
    assert set(days) == {11, 12, 1}  # from 14 November; of February two days
    assert all(span.low < span.high for span in days.values())
    assert all(math.isnan(span.low) for span in days_of(record, bounds_of("do")))
    assert not list(days_of(record, bounds_of("cond")))
    assert not list(days_of(record.where(np.arange(len(record.at)) < 12), bounds_of("temp")))
    assert not list(days_of(record.where(np.zeros(len(record.at), np.bool_)), bounds_of("temp")))


def test_the_share_of_saturation_is_learnt_from_nights() -> None:
    water = Record(at=year().at, value=np.full(len(year()), 10.0))
    found = saturation_of(year(), water)
    assert 0.8 < found < 0.95
    assert math.isnan(saturation_of(year(), None))
    assert math.isnan(saturation_of(year(), Record(at=water.at - 400 * DAY, value=water.value)))
    assert math.isnan(saturation_of(year(24 * 5), water))


def test_oxygen_learns_beside_the_temperature_of_its_station() -> None:
    record = year()
    water = Record(at=record.at, value=np.full(len(record), 10.0))
    found = learn("weir/do", record.at, record.value, np.zeros(len(record), np.uint8), water=water)
    assert found.usual.saturation < 1
    assert found.usual.days
    assert math.isnan(found.thresholds.spike_suspect)
    assert "usual.csv" in found.thresholds.source
    assert math.isnan(learn("weir/ph", record.at, record.value, np.zeros(len(record), np.uint8), water=water).usual.saturation)
