"""Waiting before asking again."""

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.backoff import FIRST, MOST, backoff, wait


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_a_wait_lies_between_half_and_all_of_what_has_doubled(attempt: int, seed: int) -> None:
    full = min(MOST, FIRST * 2.0 ** min(attempt, 100))
    assert full / 2 <= wait(attempt, seed=seed) <= full


@settings(deadline=None)
@given(st.floats(0, 1e6), st.integers(0, 50))
def test_it_never_comes_back_earlier_than_it_was_told(asked: float, attempt: int) -> None:
    assert wait(attempt, retry_after=asked) >= asked


def test_a_seed_waits_the_same_again_and_another_one_otherwise() -> None:
    first, again, other = (list(islice(backoff(seed=seed), 8)) for seed in (1, 1, 2))
    assert first == again != other


def test_waits_grow_and_then_stay() -> None:
    waits = list(islice(backoff(seed=3), 30))
    assert waits[0] < 1 < waits[5]
    assert max(waits) <= MOST
