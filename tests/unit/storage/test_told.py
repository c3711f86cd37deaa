"""Readings out of SQLite by compiled code and through Python's objects are the same, to the bit."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.batch import Batch
from detectors.domain.errors import Unreachable
from detectors.domain.judged import Judged
from storage.series import open_store
from storage.series.stepping import Stepper
from storage.series.told import told

INT64 = st.integers(-(2**63) + 2, 2**63 - 3)
VALUES = st.one_of(
    st.integers(-(10**15), 10**15).map(lambda k: k / 1e6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e-7, 0.1 + 0.2, 9e9, 9.1e9, -9e9, 5e-324]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(INT64, st.tuples(VALUES, INT64, INT64), max_size=6))
def test_whatever_is_stored_is_told(tmp_path_factory: object, rows: dict[int, tuple[float, int, int]]) -> None:
    """Any instant, any double, any lag; a page at a time, and all at once in either way."""
    folder: Path = tmp_path_factory.mktemp("told")
    store = open_store(f"sqlite:///{folder}/series.db")
    at = np.array(sorted(rows), np.int64)
    value, got, seq = (np.array([rows[int(t)][i] for t in at], kind) for i, kind in enumerate((float, np.int64, np.int64)))
    nothing = np.zeros(len(at), np.uint8)
    batch = Batch(names=("s/do",), series=nothing.astype(np.int32), at=at, value=value, mark=nothing + 77, seq=seq, got=got)
    tests = np.full(len(at), 0xFFFF, np.uint16)
    store.write(Judged(readings=batch, flag=nothing + np.uint8(4), tests=tests, outcome=nothing + np.uint8(1)))
    pages = list(store.stretch(["s/do"], -(2**63), 2**63 - 1))
    store.close()
    found = [page.readings for page in pages]
    for name in ("at", "value", "got", "seq"):
        told = np.concatenate([getattr(batch, name)[:0], *(getattr(one, name) for one in found)])
        assert (told == getattr(batch, name)).all()
        assert len(told) == len(at)
    for all_of in both_ways(folder / "series.db"):
        assert [getattr(all_of.readings, name).tolist() for name in ("at", "value", "got", "seq")] == [
            getattr(batch, name).tolist() for name in ("at", "value", "got", "seq")
        ]
        assert (all_of.tests == tests).all()
    assert {int(page.tests[0]) for page in pages} <= {0xFFFF}
    assert {int(page.flag[0]) for page in pages} <= {4}
    assert {int(page.readings.mark[0]) for page in pages} <= {77}


def both_ways(path: Path) -> Iterator[Judged]:
    """All that is stored of s/do, as a `Stepper` reads it and as Python does."""
    stepper = Stepper.of(path)
    assert stepper is not None
    asked = ("s/do", -(2**63), 2**63 - 1, 100)
    yield told(stepper, *asked)
    stepper.close()
    with closing(connect(path)) as db:
        yield told(db, *asked)


def test_a_file_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="unable to open"):
        Stepper.of(tmp_path / "none.db")


def test_a_statement_the_file_cannot_answer_is_unreachable_and_the_next_one_is_answered(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.db")) as db:
        db.execute("CREATE TABLE a (b REAL, c INTEGER)")
        db.execute("INSERT INTO a VALUES (1.5, 7), (2.5, 8), (3.5, 9)")
        db.commit()
    stepper = Stepper.of(tmp_path / "a.db")
    assert stepper is not None
    with pytest.raises(Unreachable, match="no such table"):
        stepper.columns("SELECT b FROM nowhere", (), 0, 1)
    value, whole = stepper.columns("SELECT b, c FROM a WHERE c > ? ORDER BY b", (7,), 1, 100)
    assert (value.tolist(), whole.tolist()) == ([2.5, 3.5], [[8, 9]])
    assert stepper.columns("SELECT b FROM a", (), 0, 2)[0].tolist() == [1.5, 2.5]
