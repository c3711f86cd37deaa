"""Curves: gaps are not bridged, doubtful points are marked, the clock is the site's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.desk import curve
from dashboards.desk.curves import drawn, joined
from storage.series import Buckets

S = 1_000_000_000
T0 = 1_700_000_000 * S
MINUTE = 60 * S


def _at(*steps: int) -> np.ndarray:
    return np.cumsum([T0, *(step * S for step in steps)]).astype(np.int64)


@pytest.mark.parametrize(
    ("gaps", "steps"),
    [
        pytest.param([], [10, 10, 10, 10], id="an even rhythm has none"),
        pytest.param([3], [10, 10, 600, 10, 10], id="a long step between short ones is one"),
        pytest.param([], [900, 900, 900, 10, 10, 10], id="a change to a faster rhythm is none"),
        pytest.param([], [10, 10, 10, 900, 900, 900], id="a change to a slower rhythm is none"),
        pytest.param([3, 4], [10, 10, 600, 600, 10, 10], id="a lonely point stays alone"),
        pytest.param([], [600], id="two points are too few to tell"),
    ],
)
def test_a_gap_is_a_step_much_longer_than_those_around(gaps: list[int], steps: list[int]) -> None:
    assert gaps == np.flatnonzero(curve.breaks(_at(*steps), 0)).tolist()


def test_a_gap_shorter_than_a_bucket_is_none() -> None:
    assert not curve.breaks(_at(10, 10, 100, 10, 10), 120 * S).any()


def test_the_clock_is_the_sites_through_a_change_of_summer_time() -> None:
    before, after = 1_711_846_800 * S, 1_711_850_400 * S  # 2024-03-31, Europe/Berlin springs from 02:00 to 03:00

    shown = curve.clock(np.array([before - 3600 * S, after], np.int64), "Europe/Berlin")

    assert shown[0] - (before - 3600 * S) // 1_000_000 == 3_600_000
    assert shown[1] - after // 1_000_000 == 7_200_000


def test_what_is_no_number_is_a_hole() -> None:
    pairs = curve.line(_at(10, 10), np.array([1.0, np.nan, 2.0]), 0, "UTC")

    assert [value for _, value in pairs] == [1.0, None, 2.0]


def _buckets(n: int, start: int = T0) -> Buckets:
    at = start + np.arange(n, dtype=np.int64) * MINUTE
    mean = np.arange(n, dtype=np.float64)
    flag = np.ones(n, np.uint8)
    flag[1::7] = 4
    return Buckets(at=at, mean=mean, low=mean - 1, high=mean + 2, count=np.ones(n, np.int64), flag=flag)


@given(st.integers(5, 60), st.integers(1, 59))
def test_a_chart_fed_with_what_is_new_is_the_chart_drawn_whole(n: int, cut: int) -> None:
    """What desk.js does: drop from the last bucket sent on, put what came since."""
    whole, seen = _buckets(n), _buckets(min(cut, n))
    last = int(seen.at[-1])
    edge = int(curve.clock(np.array([last], np.int64), "UTC")[0])

    old, new, full = drawn(seen, "24h", "UTC"), drawn(whole, "24h", "UTC", since=last), drawn(whole, "24h", "UTC")

    for name in full:
        assert [pair for pair in old[name] if pair[0] < edge - 1] + new[name] == full[name]


def test_buckets_join_without_the_one_that_was_still_filling() -> None:
    old, new = _buckets(10), _buckets(4, T0 + 9 * MINUTE)

    both = joined(old, new, start=T0 + 2 * MINUTE, since=int(old.at[-1]))

    assert both.at.tolist() == (T0 + np.arange(2, 13) * MINUTE).tolist()


def test_a_doubtful_bucket_is_marked_where_it_lies_farthest_from_its_mean() -> None:
    points = drawn(_buckets(3), "24h", "UTC")["fail"]

    assert [value for _, value in points] == [3.0]  # mean 1, high 3
