"""How far a target was kept over a period, by days and by samples."""

import math

import numpy as np
import pytest

from detectors.water import compliance
from detectors.water.compliance import Share
from detectors.water.standard import items

DAY = 86_400 * 10**9
EDGES = np.arange(4) * DAY  # three days
RIVER = items("river")


def columns(*rows: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Readings, as (day, value)."""
    return np.array([round(day * DAY) for day, _ in rows], np.int64), np.array([value for _, value in rows], np.float64)


NH3N = columns((0.0, 0.4), (0.5, 0.8), (1.2, 1.2), (1.4, 1.6), (2.9, 0.1))
DO = columns((0.0, 8.0), (1.2, 8.0), (2.2, 4.0), (3.0, 1.0), (-1.0, 1.0), (2.3, math.nan))
SERIES = {"nh3n": NH3N, "do": DO, "coliform": columns((0.0, 30_000.0)), "cond": columns((0.0, 300.0))}


def test_the_mean_of_a_day_counts_what_lies_in_it() -> None:
    assert compliance.day_means(*DO, EDGES).tolist() == [8.0, 8.0, 4.0]
    assert np.isnan(compliance.day_means(*columns((0.5, 1.0)), EDGES)).tolist() == [False, True, True]


def test_a_section_stands_by_the_means_of_its_days() -> None:
    found = compliance.standing(SERIES, EDGES, RIVER, 2)
    assert found.means == {"nh3n": pytest.approx((0.6 + 1.4 + 0.1) / 3), "do": pytest.approx(20 / 3), "coliform": 30_000}
    assert (found.level, found.factors, found.days) == (3, ("nh3n",), (3, 4, 4))
    assert found.multiples == {"nh3n": 0.4, "coliform": 14.0}
    assert found.apart == {"coliform": 5}


def test_without_data_there_is_no_class() -> None:
    found = compliance.standing({"cond": columns((0.0, 1.0))}, EDGES, RIVER, 3)
    assert (found.level, found.factors, found.days) == (0, (), (0, 0, 0))
    found = compliance.standing({"do": columns((9.0, 1.0))}, EDGES, RIVER, 3)
    assert (found.level, found.days) == (0, (0, 0, 0))


def test_days_without_data_do_not_count() -> None:
    assert compliance.by_days((3, 4, 0), 3) == Share(kept=1, of=2)


def test_what_was_measured_in_one_instant_is_one_sample() -> None:
    first = {"nh3n": columns((0.0, 0.4), (1.0, 0.4)), "do": columns((0.0, 4.0), (2.0, 8.0), (2.5, math.nan))}
    assert compliance.by_samples(first, RIVER, 3) == Share(kept=2, of=3)
    assert compliance.by_samples({"coliform": columns((0.0, 9e9))}, RIVER, 3) == Share(kept=0, of=0)


def test_days_with_less_than_the_ecological_flow() -> None:
    flow = columns((0.1, 2.0), (0.2, 4.0), (1.1, 2.5))
    assert compliance.days_below(*flow, EDGES, 3.0) == Share(kept=1, of=2)


def test_shares_of_good_sections_and_of_those_worse_than_v() -> None:
    assert compliance.good_shares([1, 3, 4, 6, 0]) == (Share(kept=2, of=4), Share(kept=1, of=4))
    assert (Share(kept=2, of=4).rate, math.isnan(Share(kept=0, of=0).rate)) == (0.5, True)
