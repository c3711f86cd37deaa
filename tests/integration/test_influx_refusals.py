"""What a real InfluxDB turns away, and what becomes of the rest."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.errors import Refused, Unreachable
from detectors.domain.judged import Judged
from storage.series.influx import InfluxStore
from storage.series.prepare import prepare

HOUR = 3600


@pytest.fixture
def bucket(influx) -> Callable[[str, int], InfluxStore]:
    def make(name: str, keep: int = 0) -> InfluxStore:
        store = InfluxStore(f"{influx.url}?org={influx.org}&bucket={name}", influx.token)
        prepare(store.pipe.address, keep)
        return store

    return make


def judged(rows: list[tuple[str, int, float]]) -> Judged:
    zero = np.zeros(len(rows), np.uint8)
    return Judged(readings=Batch.of(rows), flag=zero + 1, tests=zero.astype(np.uint16), outcome=zero)


def test_points_beyond_the_retention_are_refused_by_name_and_the_others_stay(bucket) -> None:
    store = bucket("short", keep=HOUR)
    now = time.time_ns()
    rows = [("s/do", now - age * HOUR * 10**9, float(age)) for age in (0, 50, 0, 90)]
    rows = [(name, at + i, value) for i, (name, at, value) in enumerate(rows)]
    written = store.write(judged(rows))
    assert {(one.series, one.at) for one in written.refused} == {("s/do", rows[1][1]), ("s/do", rows[3][1])}
    assert all("retention" in one.reason for one in written.refused)
    assert (written.points, store.count("s/do")) == (2, 2)


def test_a_whole_batch_beyond_the_retention_is_refused_in_one_request(bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    store = bucket("short", keep=HOUR)
    sent = []
    write = store.pipe.write
    monkeypatch.setattr(store.pipe, "write", lambda text: (sent.append(len(text)), write(text)))
    old = time.time_ns() - 90 * HOUR * 10**9
    assert len(store.write(judged([("old/do", old + i, 1.0) for i in range(500)])).refused) == 500
    assert len(sent) == 1


def test_a_field_of_another_type_refuses_what_lies_beside_it_and_nothing_else(bucket) -> None:
    """Somebody wrote text where our numbers belong: in that shard, a week of the bucket, InfluxDB takes no number more."""
    store = bucket("conflict")
    at, week = 1_704_067_200 * 10**9, 7 * 86_400 * 10**9
    store.pipe.write(f'readings,quantity=do,station=somebody value="seven" {at}\n'.encode())
    written = store.write(judged([("a/do", at - week, 1.0), ("b/do", at + 1, 2.0), ("a/do", at + week, 3.0)]))
    assert [one.series for one in written.refused] == ["b/do"]
    assert "conflict" in written.refused[0].reason
    assert store.count("a/do") == 2


def test_a_wrong_token_is_named_and_nothing_is_refused(influx) -> None:
    store = InfluxStore(influx.store, "wrong")
    with pytest.raises(Unreachable, match="RIVERWATCH_STORE_TOKEN"):
        store.write(judged([("s/do", 0, 1.0)]))
    with pytest.raises(Unreachable, match="RIVERWATCH_STORE_TOKEN"):
        store.count()


def test_a_missing_bucket_is_waited_for(influx) -> None:
    store = InfluxStore(f"{influx.url}?org={influx.org}&bucket=nowhere", influx.token)
    with pytest.raises(Unreachable, match="bucket"):
        store.write(judged([("s/do", 0, 1.0)]))
    prepare(store.pipe.address)
    assert store.write(judged([("s/do", 0, 1.0)])).points == 1


def test_a_wrong_query_is_refused(influx) -> None:
    with pytest.raises(Refused):
        InfluxStore(influx.store, influx.token).pipe.query("SELECT FROM WHERE")
