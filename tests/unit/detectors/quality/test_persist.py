"""Instrument matters by themselves: when one is opened, when it is over, and that none chatters."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.judged import Flag
from detectors.quality import persist
from detectors.quality.roll import BIT

SECOND = 10**9
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND


def turns(said: str, every: int = MINUTE, test: str = "gross_range") -> list[tuple[int, int]]:
    """How matters turn, and at which reading: `said` has an x for a failure and a dot for a pass."""
    fails = np.array([one == "x" for one in said])
    bits = np.where(fails, BIT[test], 0).astype(np.uint16)
    passes = np.where(fails, 0, BIT[test]).astype(np.uint16)
    rows, none, good = np.zeros(len(said), np.int32), np.zeros(len(said), np.uint8), np.full(len(said), Flag.GOOD, np.uint8)
    at, memory = np.arange(len(said)) * every, np.zeros(1, persist.MEMORY)
    found = persist.step(memory, rows, at, none, good, bits, passes, np.ones(len(said), np.bool_))
    return [(int(one["turn"]), int(one["i"])) for one in found]


@pytest.mark.parametrize(
    ("said", "every", "found"),
    [
        pytest.param("xx", MINUTE, [], id="twice is an accident"),
        pytest.param("xxx", MINUTE, [(1, 2)], id="three times is an illness"),
        pytest.param("xxx" + "." * 29, MINUTE, [(1, 2)], id="it lasts until passes have made up for the failures"),
        pytest.param("xxx" + "." * 30, MINUTE, [(1, 2), (-1, 32)], id="ten for each"),
        pytest.param("x" * 90 + "." * 60, MINUTE, [(1, 2), (-1, 149)], id="sixty are always enough"),
        pytest.param("xxx" + "." * 30 + "x" + "." * 39, MINUTE, [(1, 2), (-1, 32)], id="what is over stays over for one failure"),
        pytest.param(
            "xxx" + "." * 25 + "x" + "." * 15, MINUTE, [(1, 2), (-1, 43)], id="one failure of what is raised is ten passes"
        ),
        pytest.param("xxx" + "." * 600, SECOND, [(1, 2), (-1, 602)], id="fast readings must be quiet for ten minutes"),
        pytest.param("xxx" + "." * 6, 4 * HOUR, [(1, 2), (-1, 8)], id="of slow ones a quiet day is enough"),
        pytest.param("xxx" + "." * 3, 48 * HOUR, [(1, 2), (-1, 5)], id="and never fewer than three"),
        pytest.param("x.." * 8 + "." * 58, MINUTE, [(1, 21), (-1, 81)], id="what fails time and again is over in the same way"),
    ],
)
def test_a_matter(said: str, every: int, found: list[tuple[int, int]]) -> None:
    assert found == turns(said, every)


@given(st.integers(1, 80), st.integers(1, 59), st.sampled_from([SECOND, MINUTE, 15 * MINUTE]), st.integers(2, 30))
def test_a_probe_that_fails_oftener_than_every_tenth_reading_is_one_matter(row: int, rest: int, every: int, rows: int) -> None:
    """Failures and passes in turn, however they are spread (chattering, ISA-18.2): told once, if at all, and not over between."""
    rest = min(rest, 10 * min(row, 6) - 1)
    assert turns(("x" * row + "." * rest) * rows, every)[1:] == []


@given(st.lists(st.booleans(), max_size=400), st.sampled_from([SECOND, 10 * SECOND, MINUTE]))
def test_nobody_is_told_of_the_same_test_twice_in_ten_minutes(fails: list[bool], every: int) -> None:
    rose = [i * every for turn, i in turns("".join(".x"[one] for one in fails), every) if turn > 0]
    assert all(after - before >= persist.SOON for before, after in pairwise(rose))
