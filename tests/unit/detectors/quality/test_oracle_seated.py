"""The tests that few series ask for against ioos_qc 3, on real and on made records; and its precedence of flags.

Where the court differs on purpose: decision 14.
"""

import numpy as np
import pytest
from ioos_qc import qartod

from detectors.domain.batch import Batch
from detectors.domain.judged import Flag
from detectors.domain.quality import Habits, Mooring, Quality, Season
from detectors.domain.thresholds import Thresholds
from detectors.quality import roll
from tests.unit.detectors.court.stand import SERIES, START, Hearing, of_quality, series_of, site
from tests.unit.detectors.quality.test_oracle import QUARTER, oracle, record, times

__all__ = ["record"]  # a fixture
HOURS = int(3600 * 1e9)


def said(record: np.ndarray, quality: Quality, *thresholds: Thresholds, every: float = QUARTER) -> np.ndarray:
    return np.array(Hearing(site(thresholds=thresholds, quality=quality)).judge(series_of(list(record), every=every)).flags)


def unevaluated(flags: np.ndarray) -> np.ndarray:
    """Flags with 2 where ioos_qc has it, which `oracle` takes for good."""
    return np.ma.filled(flags, 9).astype(int)


@pytest.mark.parametrize("clock", [0.0, 28_800.0], ids=["in UTC", "eight hours ahead"])
def test_climatology_is_that_of_ioos_qc(record: np.ndarray, clock: float) -> None:
    """Months, a few of them twice, some not at all, some with a span to fail; two and a half years, four readings a week."""
    every = 42 * 3600.0
    middle, spread = float(np.mean(record)), float(np.std(record)) + 0.1
    spans = [(1, 4, 0.5, None), (3, 3, 2.0, None), (6, 9, 1.0, 1.5), (12, 12, 0.2, 3.0)]
    config = [
        {
            "tspan": (first, last),
            "period": "month",
            "vspan": (middle - k * spread, middle + k * spread),
            "fspan": None if fail is None else (middle - fail * spread, middle + fail * spread),
        }
        for first, last, k, fail in spans
    ]
    seasons = [
        Season(
            series=SERIES,
            month_from=one["tspan"][0],
            month_to=one["tspan"][1],
            low=one["vspan"][0],
            high=one["vspan"][1],
            **({} if one["fspan"] is None else {"fail_low": one["fspan"][0], "fail_high": one["fspan"][1]}),
        )
        for one in config
    ]
    at = (START + np.arange(len(record)) * int(every * 1e9) + int(clock * 1e9)).astype("datetime64[ns]")
    expected = unevaluated(qartod.climatology_test(config, record, at, np.full(len(record), np.nan)))
    assert {1, 2, 3} <= set(expected)
    np.testing.assert_array_equal(said(record, Quality(seasons=tuple(seasons), clock=clock), every=every), expected)


def test_hours_of_climatology_are_those_of_ioos_qc(record: np.ndarray) -> None:
    low, high = float(np.quantile(record, 0.2)), float(np.quantile(record, 0.8))
    config = [{"tspan": (6, 17), "period": "hour", "vspan": (low, high)}]
    expected = unevaluated(qartod.climatology_test(config, record, times(record), np.full(len(record), np.nan)))
    season = Season(series=SERIES, hour_from=6, hour_to=17, low=low, high=high)
    assert {1, 2, 3} <= set(expected)
    np.testing.assert_array_equal(said(record, Quality(seasons=(season,), clock=0.0)), expected)


@pytest.mark.parametrize("by", ["std", "range"])
@pytest.mark.parametrize("readings", [1, 5], ids=["from the first reading on", "from the fifth on"])
def test_attenuated_signal_is_that_of_ioos_qc(record: np.ndarray, by: str, readings: int) -> None:
    """Exactly, where a window has no more than eight readings."""
    over = 8 * QUARTER
    lively = [float(np.std(part) if by == "std" else np.ptp(part)) for part in np.array_split(record, 250)]
    suspect, fail = float(np.quantile(lively, 0.3)) + 1.1237e-3, float(np.quantile(lively, 0.1)) + 1.0237e-3  # no tie
    expected = unevaluated(
        qartod.attenuated_signal_test(record, times(record), suspect, fail, test_period=over, min_obs=readings, check_type=by)
    )
    habits = Habits(
        series=SERIES,
        attenuated_by=by,
        attenuated_over=over,
        attenuated_suspect=suspect,
        attenuated_fail=fail,
        attenuated_readings=readings,
    )
    assert {1, 4} <= set(expected)
    np.testing.assert_array_equal(said(record, Quality(habits={SERIES: habits})), expected)


@pytest.mark.parametrize("by", ["std", "range"])
def test_a_long_window_is_at_most_an_eighth_longer(record: np.ndarray, by: str) -> None:
    """A day of quarters of an hour: each flag is the one ioos_qc gives with a window of 24 to 27 hours."""
    day = 96 * QUARTER
    lively = [float(np.std(part) if by == "std" else np.ptp(part)) for part in np.array_split(record, 20)]
    suspect, fail = float(np.quantile(lively, 0.5)) + 1.1237e-3, float(np.quantile(lively, 0.2)) + 1.0237e-3
    every = [
        unevaluated(qartod.attenuated_signal_test(record, times(record), suspect, fail, over, min_obs=90, check_type=by))
        for over in day + np.arange(13) * QUARTER
    ]
    habits = Habits(
        series=SERIES,
        attenuated_by=by,
        attenuated_over=day,
        attenuated_suspect=suspect,
        attenuated_fail=fail,
        attenuated_readings=90,
    )
    ours = said(record, Quality(habits={SERIES: habits}))
    assert (np.array(every) == ours).any(axis=0).all()


def test_gap_is_that_of_ioos_qc() -> None:
    """The same readings fire; only ours stay good, and the first, which nothing precedes, does not fire."""
    steps = np.random.default_rng(3).choice([900, 900, 900, 3600, 7200, 7201, 90_000], 500)
    at = START + np.cumsum(steps).astype(np.int64) * 10**9
    expected = np.ma.filled(qartod.time_gap_test(at.astype("datetime64[ns]"), fail_span=2), 9)
    habits = Habits(series=SERIES, gap=7200)
    hearing = Hearing(site(quality=Quality(habits={SERIES: habits}))).judge(Batch.of([(SERIES, int(t), 5.0) for t in at]))
    assert [tests == "gap" for tests in hearing.tests][1:] == (expected == 4).tolist()[1:]
    assert set(hearing.flags) == {1}


def test_location_is_that_of_ioos_qc() -> None:
    """A drifting buoy with leaps and places on no globe; what follows such a place is held against the last that was one."""
    random = np.random.default_rng(5)
    n = 400
    lon, lat = (at + np.cumsum(random.normal(0, 0.002, n)) for at in (111.8, 41.7))
    leaps = random.random(n) < 0.1
    lon = lon + np.cumsum(np.where(leaps, random.normal(0, 0.1, n), 0))
    lat[::50] = 95.0
    expected = np.ma.filled(qartod.location_test(lon, lat, range_max=1000, range_method="wgs84"), 9).astype(int)
    after = np.roll(lat > 90, 1)
    rows = [(f"weir/{axis}", START + i * 10**9, v[i]) for i in range(n) for axis, v in (("lon", lon), ("lat", lat))]
    hearing = Hearing(site(quality=Quality(moorings={"weir": Mooring(station="weir", step=1000)}))).judge(Batch.of(rows))
    ours = np.array(hearing.flags[1::2])
    assert {1, 3, 4} <= set(expected)
    np.testing.assert_array_equal(ours[~after], expected[~after])


@pytest.mark.parametrize("one", [1, 3, 4])
@pytest.mark.parametrize("two", [0, 1, 3, 4])
def test_precedence_is_that_of_ioos_qc(one: int, two: int) -> None:
    """4 before 3 before 1 before 2; the 0 of a kernel is its 2."""
    worst, bits = np.zeros(1, np.uint8), np.zeros((3, 1), np.uint16)
    for flag, test in ((one, "gross_range"), (two, "neighbour")):
        roll.add(worst, *bits, np.array([flag], np.uint8), roll.BIT[test])
    assert worst[0] == qartod.qartod_compare([np.array([one]), np.array([two or 2])])[0]


def test_precedence_of_all_tests_together_is_that_of_ioos_qc(record: np.ndarray) -> None:
    """Gross range, rate, climatology and attenuation on one record: the worst of what ioos_qc says of each."""
    middle, spread = float(np.mean(record)), float(np.std(record)) + 0.1
    rate = float(np.std(np.diff(record))) / QUARTER
    bounds = (middle - 1.5 * spread, middle + 1.5 * spread)
    season = (middle - spread, middle + spread)
    parts = [
        oracle("gross_range_test", record, (middle - 99 * spread, middle + 99 * spread), bounds),
        oracle("rate_of_change_test", record, times(record), rate),
        unevaluated(
            qartod.climatology_test(
                [{"tspan": (1, 12), "period": "month", "vspan": season}], record, times(record), np.full(len(record), np.nan)
            )
        ),
        unevaluated(qartod.attenuated_signal_test(record, times(record), spread / 20, spread / 50, test_period=7200, min_obs=4)),
    ]
    given = of_quality(
        fail_low=middle - 99 * spread, fail_high=middle + 99 * spread, suspect_low=bounds[0], suspect_high=bounds[1], rate=rate
    )
    habits = Habits(
        series=SERIES,
        attenuated_over=7200,
        attenuated_suspect=spread / 20,
        attenuated_fail=spread / 50,
        attenuated_readings=4,
    )
    quality = Quality(habits={SERIES: habits}, seasons=(Season(series=SERIES, low=season[0], high=season[1]),))
    np.testing.assert_array_equal(said(record, quality, given), np.ma.filled(qartod.qartod_compare(parts), 9))


def test_the_flags_are_the_same_numbers() -> None:
    names = {"GOOD": "GOOD", "NOT_EVALUATED": "UNKNOWN", "SUSPECT": "SUSPECT", "FAIL": "FAIL", "MISSING": "MISSING"}
    assert {ours: int(Flag[ours]) for ours in names} == {ours: getattr(qartod.QartodFlags, its) for ours, its in names.items()}
