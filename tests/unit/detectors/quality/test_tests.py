"""Each test of quality, by what it says of a few readings."""

import pytest

from detectors.domain.judged import TESTS
from tests.unit.detectors.court.stand import Hearing, of_quality, series_of, site

NAN, INF = float("nan"), float("inf")
RANGE = {"fail_low": 0, "fail_high": 10, "suspect_low": 2, "suspect_high": 8}
SPIKE = {"spike_suspect": 2, "spike_fail": 4}
FLAT = {"flat_tolerance": 0.5, "flat_suspect": 3, "flat_fail": 5}


@pytest.mark.parametrize(
    ("thresholds", "values", "flags"),
    [
        pytest.param(RANGE, [0, 2, 5, 8, 10], [3, 1, 1, 1, 3], id="a bound itself is inside"),
        pytest.param(RANGE, [-0.1, 10.1], [4, 4], id="outside what the sensor can say fails"),
        pytest.param({"fail_high": 10}, [-1e9, 11], [1, 4], id="a bound that is not given bounds nothing"),
        pytest.param({"suspect_low": 2}, [1, 3], [3, 1], id="suspect bounds alone make suspect"),
        pytest.param(RANGE, [NAN, INF, -INF], [9, 9, 9], id="what is no number is missing"),
        pytest.param({}, [1, 2, NAN], [2, 2, 9], id="without thresholds nothing is evaluated"),
        pytest.param(SPIKE, [5, 5, 5], [1, 1, 1], id="calm water has no spikes"),
        pytest.param(SPIKE, [5, 10, 5], [1, 4, 1], id="a spike fails when its successor is back"),
        pytest.param(SPIKE, [5, 8, 5], [1, 3, 1], id="a small spike is suspect"),
        pytest.param(SPIKE, [5, 7, 5], [1, 1, 1], id="a spike as high as the threshold is none"),
        pytest.param(SPIKE, [5, 10], [1, 1], id="the newest reading cannot be a spike yet"),
        pytest.param(SPIKE, [10, 5, 5], [1, 3, 1], id="the first reading cannot be one, but counts as a neighbour"),
        pytest.param(SPIKE, [5, 5, 20, 20, 20], [1, 4, 4, 1, 1], id="both ends of a step are spikes, as in QARTOD"),
        pytest.param(SPIKE | RANGE, [5, -1, 5, 5], [1, 4, 1, 1], id="an impossible value is no neighbour"),
        pytest.param({"spike_fail": 4}, [5, 8, 5, 10, 5], [1, 1, 1, 4, 1], id="one threshold of two suffices"),
        pytest.param({"rate": 1}, [5, 6, 8, 8], [1, 1, 3, 1], id="a change faster than the rate is suspect"),
        pytest.param({"rate": 1} | RANGE, [5, 99, 7, 7], [1, 4, 1, 1], id="the rate looks past impossible values, by real time"),
        pytest.param(FLAT, [5] * 7, [1, 1, 1, 3, 3, 4, 4], id="flat for long is suspect, for longer fails"),
        pytest.param(FLAT, [5, 5.4, 5, 5.4, 5, 5.4], [1, 1, 1, 3, 3, 4], id="within the tolerance is flat"),
        pytest.param(FLAT, [5, 5.5, 5, 5.5, 5, 5.5], [1] * 6, id="a range as wide as the tolerance is not"),
        pytest.param(FLAT, [5, 5, 5, 5, 6, 6, 6, 6], [1, 1, 1, 3, 1, 1, 1, 3], id="a step begins a new run"),
        pytest.param(FLAT, [5, 5.2, 5.4, 5.6, 5.8, 6, 6.2], [1] * 7, id="a slow rise is not flat"),
        pytest.param(
            FLAT | {"flat_suspect": NAN}, [5] * 7, [1, 1, 1, 1, 1, 4, 4], id="a time that is not given is never reached"
        ),
        pytest.param(FLAT | {"flat_readings": 7}, [5] * 8, [1] * 6 + [4, 4], id="a run has at least so many readings"),
        pytest.param(FLAT | RANGE, [5, 5, -9, 5, 5, 5], [1, 1, 4, 3, 3, 4], id="an impossible value does not end a run"),
    ],
)
def test_a_test_says(thresholds: dict[str, float], values: list[float], flags: list[int]) -> None:
    """Readings a second apart get these flags in the end."""
    assert flags == Hearing(site(thresholds=[of_quality(**thresholds)])).judge(series_of(values)).flags


@pytest.mark.parametrize(
    ("mark", "flag", "tests"),
    [
        pytest.param(".", 1, "", id="no mark is ordinary"),
        pytest.param("N", 1, "", id="N is ordinary"),
        pytest.param("T", 4, "mark", id="over the measuring range fails"),
        pytest.param("D", 4, "mark", id="a fault fails"),
        pytest.param("B", 4, "mark", id="a broken line fails"),
        pytest.param("M", 9, "mark", id="maintenance is missing"),
        pytest.param("C", 9, "mark", id="calibration is missing"),
        pytest.param("F", 9, "mark", id="out of operation is missing"),
        pytest.param("S", 3, "mark", id="set by hand is suspect"),
        pytest.param("?", 3, "mark", id="an unknown mark is suspect"),
    ],
)
@pytest.mark.parametrize("thresholds", [[], [of_quality(**RANGE)]], ids=["without thresholds", "in range"])
def test_a_mark_says(mark: str, flag: int, tests: str, thresholds: list) -> None:
    heard = Hearing(site(thresholds=thresholds)).judge(series_of([5], marks=mark))
    assert heard.flags == [2 if flag == 1 and not thresholds else flag]
    assert heard.tests == [tests]


def test_the_worst_flag_wins_and_all_tests_are_named() -> None:
    """Too high, too fast: fail, and both are said."""
    given = of_quality(**RANGE, **SPIKE, rate=1, **FLAT)
    heard = Hearing(site(thresholds=[given])).judge(series_of([5, 5, 5, 9.9, 5], marks="...S."))
    assert heard.flags == [1, 1, 3, 4, 3]
    assert heard.tests == ["", "", "spike", "gross_range+spike+rate_of_change+mark", "rate_of_change"]
    assert set("+".join(heard.tests).split("+")) - {""} <= set(TESTS)


def test_maintenance_teaches_nothing() -> None:
    """A probe in the calibration bottle is no neighbour, and what it says is not judged."""
    given = of_quality(**RANGE, **SPIKE, rate=1)
    heard = Hearing(site(thresholds=[given])).judge(series_of([5, 5, 99, 99, 5, 5], marks="..CC.."))
    assert heard.flags == [1, 1, 9, 9, 1, 1]


def test_a_gap_is_no_flat_line() -> None:
    """The same value before and after a gap is two readings, not a stuck probe."""
    heard = Hearing(site(thresholds=[of_quality(**FLAT)])).judge(series_of([5, 5], every=3600))
    assert heard.flags == [1, 1]


def test_a_long_staircase_errs_towards_silence() -> None:
    """More different values than there is memory for: the run is never said to be longer than it is."""
    values = [5 - 0.04 * i for i in range(12)] + [4.56] * 20
    heard = Hearing(site(thresholds=[of_quality(flat_tolerance=0.3, flat_suspect=8, flat_fail=10)])).judge(series_of(values))
    exact = [
        1 if max(values[max(0, i - 8) : i + 1]) - min(values[max(0, i - 8) : i + 1]) >= 0.3 or i < 8 else 3 for i in range(32)
    ]
    assert all(said == 1 for said, true in zip(heard.flags, exact, strict=True) if true == 1)
    assert heard.flags[-1] == 4
