"""Line protocol: every double and every int64 read back as they were, and names keep their letters."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged, Outcome
from storage import schema
from storage.digits import MANY, decimals, put_integer
from storage.lines import escape, lines, prefix

LINE = re.compile(rb"readings,quantity=do,station=s value=(\S+?)(?:,(\S+))? (-?\d+)\n")
INT64 = st.integers(-(2**63), 2**63 - 1)


def judged(values: list[float], **columns: object) -> Judged:
    rows = len(values)
    whole = {"flag": 1, "tests": 0, "outcome": 0, "mark": 0, "seq": -1, "at": 0, "got": 0} | columns
    column = {name: np.broadcast_to(np.array(value, np.int64), rows) for name, value in whole.items()}
    batch = Batch.of([("s/do", 0, value) for value in values])
    batch = dataclasses.replace(
        batch, **{name: column[name] for name in ("at", "seq", "got")}, mark=column["mark"].astype(np.uint8)
    )
    flag, outcome = (column[name].astype(np.uint8) for name in ("flag", "outcome"))
    return Judged(readings=batch, flag=flag, tests=column["tests"].astype(np.uint16), outcome=outcome)


def parsed(rows: Judged) -> list[tuple[float, dict[str, int], int]]:
    text = bytes(lines(rows).span(0, len(rows)))
    found = LINE.findall(text)
    assert len(found) == text.count(b"\n") == len(rows)
    return [
        (float(value), dict(map(number, fields.decode().split(","))) if fields else {}, int(at)) for value, fields, at in found
    ]


def number(field: str) -> tuple[str, int]:
    name, digits = field.split("=")
    assert digits.endswith("i")
    return name, int(digits[:-1])


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_every_double_reads_back_to_the_bit(values: list[float]) -> None:
    """The sign of zero and the smallest denormal too."""
    found = [value for value, _, _ in parsed(judged(values))]
    assert np.array(found).tobytes() == np.array(values).tobytes()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 9)), min_size=1))
def test_a_sensors_decimal_is_written_as_it_was_said(said: list[tuple[int, int]]) -> None:
    """Few digits stay few: 8.2 is not 8.199999999999999."""
    values = [digits / 10**places for digits, places in said]
    text = bytes(lines(judged(values)).text)
    for value, line in zip(values, text.splitlines(), strict=False):
        written = line.split(b"value=")[1].split(b",")[0].decode()
        assert float(written) == value
        assert "e" not in written
        assert len(written) <= len(repr(value)) + 12


@settings(deadline=None)
@given(st.lists(st.tuples(INT64, INT64), min_size=1))
def test_every_int64_reads_back(numbers: list[tuple[int, int]]) -> None:
    """Instants and sequence numbers at both ends of their range too."""
    seq, at = ([pair[i] for pair in numbers] for i in (0, 1))
    found = parsed(judged([1.0] * len(numbers), seq=seq, at=at, got=at))
    assert [(fields[schema.SEQ], moment, fields[schema.LAG]) for _, fields, moment in found] == [(s, a, 0) for s, a in numbers]


@pytest.mark.parametrize("number", [0, 9, 10, -1, -9, -10, -99, -100, 2**63 - 1, -(2**63), -(2**63) + 1])
def test_an_integer_at_an_edge(number: int) -> None:
    """Where a digit more begins."""
    out = np.zeros(24, np.uint8)
    end = put_integer(out, 0, number)
    assert bytes(out[:end]) == str(number).encode()


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        pytest.param(Outcome.JUDGED, {"flag", "tests", "outcome", "mark", "seq", "lag"}, id="a judged reading writes all"),
        pytest.param(Outcome.HISTORY, {"flag", "tests", "outcome", "mark", "seq", "lag"}, id="history writes all"),
        pytest.param(Outcome.REPEATED, set(), id="a repeated one nothing new"),
        pytest.param(Outcome.DERIVED, {"flag", "tests", "outcome", "mark", "seq", "lag"}, id="a derived one writes all"),
    ],
)
def test_fields(outcome: Outcome, fields: set[str]) -> None:
    """Besides the value, which is always there."""
    ((value, found, at),) = parsed(judged([1.5], outcome=outcome, at=5))
    assert (value, set(found), at) == (1.5, fields, 5)


def test_an_amended_one_writes_its_flag_and_tests_and_no_value() -> None:
    """A value that was corrected meanwhile stays; rows around it are as ever."""
    rows = judged([1.5, 2.5, 3.5], outcome=[0, 3, 2], at=[5, 6, 7], flag=3, tests=2, got=[5, 6, 7])
    assert bytes(lines(rows).span(1, 3)) == (
        b"readings,quantity=do,station=s flag=3i,tests=2i 6\nreadings,quantity=do,station=s value=3.5 7\n"
    )


def test_a_line_says_everything() -> None:
    rows = judged([-7.25], flag=3, tests=33, outcome=1, mark=77, seq=12, at=1000, got=1500)
    text = bytes(lines(rows).text[: lines(rows).edges[-1]])
    assert text == b"readings,quantity=do,station=s value=-7.25,flag=3i,tests=33i,outcome=1i,mark=77i,seq=12i,lag=500i 1000\n"


def test_chosen_rows_are_the_only_ones_written() -> None:
    found = lines(judged([0.0, 1.0, 2.0, 3.0]), np.array([1, 3]))
    assert [b"value=1," in bytes(found.span(0, 1)), b"value=3," in bytes(found.span(1, 2)), len(found)] == [True, True, 2]


def test_no_rows_are_no_lines() -> None:
    found = lines(judged([]))
    assert (len(found), bytes(found.span(0, 0))) == (0, b"")


def test_a_value_with_many_digits_is_left_to_repr() -> None:
    _, places = decimals(np.array([1 / 3, 0.1, 100.0, 1e300, 5e-324, 0.0]))
    assert places.tolist() == [MANY, 1, 0, MANY, MANY, 0]


def test_names_are_escaped() -> None:
    assert escape("a,b c=d") == "a\\,b\\ c\\=d"
    assert prefix("tank 1/level") == b"readings,quantity=level,station=tank\\ 1 value="
    assert prefix("nothing") == b""
