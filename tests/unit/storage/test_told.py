"""Readings out of SQLite by the quick way and by the slow one are the same, to the bit."""

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged
from storage.series import open_store

INT64 = st.integers(-(2**63) + 2, 2**63 - 3)
VALUES = st.one_of(
    st.integers(-(10**15), 10**15).map(lambda k: k / 1e6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e-7, 0.1 + 0.2, 9e9, 9.1e9, -9e9, 5e-324]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(INT64, st.tuples(VALUES, INT64, INT64), max_size=6))
def test_whatever_is_stored_is_told(tmp_path_factory: object, rows: dict[int, tuple[float, int, int]]) -> None:
    """Values that are no millionths, and lags that no 64 bits hold, take the slow way by themselves."""
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
    assert {int(page.tests[0]) for page in pages} <= {0xFFFF}
    assert {int(page.flag[0]) for page in pages} <= {4}
    assert {int(page.readings.mark[0]) for page in pages} <= {77}
