"""The tests of quality against ioos_qc 3, on real and on made records at a regular step.

Where the court differs on purpose: a reading that fails the gross range is no neighbour for other tests; the rate uses fractions
of a second; a flat run is measured by real time, and rests on at least three readings; the ends of a record are good, not 2.
"""

import csv
import gzip
import warnings
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.thresholds import Thresholds
from tests.unit.detectors.court.stand import START, Hearing, of_quality, series_of, site

QUARTER = 900.0  # seconds
MADE = ["walk", "steps", "stuck"]
RECORDS = [*MADE, *(f"logan {name}" for name in ("temp", "cond", "ph", "do", "turb")), "neon dissolvedOxygen", "neon pH"]


@pytest.fixture(params=RECORDS)
def record(request: pytest.FixtureRequest) -> np.ndarray:
    """Two thousand readings, one each quarter of an hour."""
    random = np.random.default_rng(7)
    made = {
        "walk": np.round(np.cumsum(random.normal(size=2000)), 2),
        "steps": np.repeat(random.integers(0, 9, 250), 8).astype(float),
        "stuck": np.where(np.arange(2000) % 100 < 40, 5.0, np.round(random.normal(5, 0.05, 2000), 2)),
    }
    if request.param in made:
        return made[request.param]
    shared: Path = request.getfixturevalue("shared")
    source, column = request.param.split()
    if source == "neon":
        with gzip.open(shared / "realdata" / "neon_prin" / "NEON_PRIN_5min_cleaned.csv.gz", "rt") as file:
            rows = [row[column] for row in islice(csv.DictReader(file), 2500) if row[column]][:2000]
    else:
        with (shared / "realdata" / "logan_river" / "FranklinBasin2020.csv").open() as file:
            rows = [row[column] for row in csv.DictReader(file)][9000:11000]
    return np.array(rows, float)


def said(record: np.ndarray, thresholds: Thresholds) -> np.ndarray:
    return np.array(Hearing(site(thresholds=[thresholds])).judge(series_of(list(record), every=QUARTER)).flags)


def times(record: np.ndarray) -> np.ndarray:
    return (START + np.arange(len(record)) * int(QUARTER) * 10**9).astype("datetime64[ns]")


def oracle(name: str, record: np.ndarray, *args: object, **kwargs: object) -> np.ndarray:
    """What ioos_qc says, its "not evaluated" taken for good."""
    from ioos_qc import qartod  # noqa: PLC0415  slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flags = np.ma.filled(getattr(qartod, name)(record, *args, **kwargs), 9).astype(int)
    return np.where(flags == 2, 1, flags)


def test_gross_range_is_that_of_ioos_qc(record: np.ndarray) -> None:
    middle, spread = float(np.mean(record)), float(np.std(record))
    suspect, fail = ((middle - k * spread, middle + k * spread) for k in (1.0, 2.0))
    given = of_quality(fail_low=fail[0], fail_high=fail[1], suspect_low=suspect[0], suspect_high=suspect[1])
    expected = oracle("gross_range_test", record, fail, suspect)
    assert set(expected) > {1} or np.ptp(record) < spread
    np.testing.assert_array_equal(said(record, given), expected)


def test_spike_is_that_of_ioos_qc(record: np.ndarray) -> None:
    height = float(np.std(np.diff(record)))
    expected = oracle("spike_test", record, height, 2 * height)
    assert {1} < set(expected)
    np.testing.assert_array_equal(said(record, of_quality(spike_suspect=height, spike_fail=2 * height)), expected)


def test_rate_of_change_is_that_of_ioos_qc(record: np.ndarray) -> None:
    rate = float(np.std(np.diff(record))) / QUARTER
    expected = oracle("rate_of_change_test", record, times(record), rate)
    assert {1, 3} <= set(expected)
    np.testing.assert_array_equal(said(record, of_quality(rate=rate)), expected)


@pytest.mark.parametrize("steps", [1.5, 3.5], ids=["near no tolerance", "a few steps of tolerance"])
def test_flat_line_is_that_of_ioos_qc(record: np.ndarray, steps: float) -> None:
    tolerance = steps * float(np.min(np.diff(np.unique(record))))
    expected = oracle("flat_line_test", record, times(record), 2 * QUARTER, 4 * QUARTER, tolerance)
    given = of_quality(flat_tolerance=tolerance, flat_suspect=2 * QUARTER, flat_fail=4 * QUARTER)
    np.testing.assert_array_equal(said(record, given), expected)
