"""How long to wait before asking again."""

import random
from collections.abc import Iterator
from itertools import count

FIRST, MOST = 0.2, 30.0  # seconds


def wait(attempt: int, *, seed: int = 0, retry_after: float | None = None, first: float = FIRST, most: float = MOST) -> float:
    """Seconds before the attempt after the attempt-th failure (0, 1, …): doubling, never before `retry_after`.

    The same seed waits the same, and two seeds differ, so that workers that failed together do not come back together.
    """
    full = min(most, first * 2.0 ** min(attempt, 60))
    share = random.Random(f"{seed} {attempt}").uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
    return max(full * share, retry_after or 0.0)


def backoff(*, seed: int = 0, first: float = FIRST, most: float = MOST) -> Iterator[float]:
    """The waits of one run of failures, without end."""
    for attempt in count():
        yield wait(attempt, seed=seed, first=first, most=most)
