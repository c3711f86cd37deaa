"""Six hours of the Logan River come in late, to a SQLite store and to a real InfluxDB; the record is mended, alarms stay."""

import csv
import dataclasses
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.site import Site
from storage.casebook import Casebook
from storage.repairs import HOUR, Repairs
from storage.series import Store, open_store
from tests.unit.detectors.court.stand import SECOND, limit, of_quality, site, station
from tests.unit.streams.test_rejudging import River

DAY = 24 * HOUR
QUANTITIES = ("temp", "cond", "ph", "do")
STATIONS = ("waterlab", "mainstreet")
OUTAGE = (6.0, 12.25)  # hours into the third day
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "influx"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path}/series.db")
    else:
        here = request.getfixturevalue("influx")
        opened = open_store(here.store, here.token)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def records(shared: Path) -> list[tuple[str, int, float]]:
    """Five days of both stations as they came from the probes, around what a technician labelled."""
    rows = []
    for name, file in zip(STATIONS, ("WaterLab2019", "MainStreet2019"), strict=True):
        with (shared / "realdata" / "logan_river" / f"{file}.csv").open(encoding="utf-8-sig") as lines:
            for row in csv.DictReader(lines):
                if "2019-08-14" <= row["datetime"] < "2019-08-19":
                    at = int(datetime.fromisoformat(row["datetime"]).replace(tzinfo=UTC).timestamp()) * SECOND
                    rows += [(f"{name}/{one}", at, float(row[one])) for one in QUANTITIES if row[one] not in {"", "NULL", "NA"}]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def watched(prefix: str) -> Site:
    """Both stations under names of their own, with tests that these days fail often."""
    names = [f"{prefix}{name}" for name in STATIONS]
    strict = {
        "temp": {"fail_low": -5, "fail_high": 40, "spike_suspect": 1, "spike_fail": 5, "rate": 3e-4},
        "cond": {"fail_low": 1, "fail_high": 5000, "spike_suspect": 10, "spike_fail": 200, "rate": 0.01},
        "ph": {"fail_low": 0, "fail_high": 14, "spike_suspect": 0.1, "spike_fail": 2, "rate": 1e-4},
        "do": {"fail_low": 0, "fail_high": 25, "spike_suspect": 0.3, "spike_fail": 4, "rate": 2e-4},
    }
    still = {"flat_tolerance": 0.001, "flat_suspect": 1800, "flat_fail": 7200}
    return site(
        *(limit("ph-high", f"{name}/ph", above=8.7, clear=8.65, delay=900.0) for name in names),
        *(limit("do-low", f"{name}/do", above=None, below=8.0, clear=8.2, delay=900.0) for name in names),
        thresholds=[of_quality(f"{name}/{one}", **strict[one], **still) for name in names for one in QUANTITIES],
        stations=[dataclasses.replace(station(name), quantities=QUANTITIES) for name in names],
    )


def in_batches(rows: list[tuple[str, int, float]], size: int, lag: int = 0) -> Iterator[Batch]:
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        yield Batch.of(some, got=max(at for _, at, _ in some) + lag)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_back_fill_after_an_outage_repairs_the_record(
    store: Store, records: list[tuple[str, int, float]], seed: int, tmp_path: Path
) -> None:
    """Shuffled and cut anywhere; one day is corrected afterwards besides. Flags in the end are those of readings in time."""
    prefix = f"h{next(_numbers)}-"
    river = River(watched(prefix), store, Casebook(tmp_path / "late.book", watched(prefix)), Repairs(tmp_path / "late.repairs"))
    plain = watched("")
    in_time = River(plain, open_store(f"sqlite:///{tmp_path}/t.db"), Casebook(tmp_path / "b", plain), Repairs(tmp_path / "r"))
    for batch in in_batches(records, 500):
        in_time.hear(batch)

    rng, first = np.random.default_rng(seed), records[0][1]
    is_held = [OUTAGE[0] * HOUR <= at - first - 2 * DAY < OUTAGE[1] * HOUR for _, at, _ in records]
    off = set(rng.choice(np.flatnonzero(~np.array(is_held)), 30, replace=False).tolist())
    live = [(prefix + name, at, value + (i in off)) for i, (name, at, value) in enumerate(records) if not is_held[i]]
    late = [(prefix + name, at, value) for i, (name, at, value) in enumerate(records) if is_held[i] or i in off]
    for batch in in_batches(live, 500):
        river.hear(batch)
    before = river.live()
    for batch in in_batches([late[i] for i in rng.permutation(len(late))], 37, lag=6 * HOUR):
        river.hear(batch)
    assert river.live() == before
    unmended = sum(river.record(prefix + name) != in_time.record(name) for name in {name for name, _, _ in records})
    done = river.mend().repaired(quiet=-HOUR)

    for name in sorted({name for name, _, _ in records}):
        assert river.record(prefix + name) == in_time.record(name)
    assert river.live() == before
    assert unmended > 0
    assert done.amended > 0
    assert all(not one.told for one in river.book.events(10_000) if one.late)
    assert river.mend().repaired(quiet=-HOUR).amended == 0
