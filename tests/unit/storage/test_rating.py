"""Sections and basins over a period, from a store that holds real records."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.judged import Judged
from detectors.domain.section import Section
from detectors.domain.site import Site, Station, Title
from detectors.water.compliance import Share
from storage.rating import day_edges, rated
from storage.series import Store
from storage.series.sqlite import SqliteStore
from streams.commands import rate

SECOND = 10**9
START = round(datetime.fromisoformat("2026-03-01T00:00+08:00").timestamp()) * SECOND
DAY = 86_400 * SECOND
TITLE = Title(zh="断面", en="section")


def judged(series: str, at: np.ndarray, value: np.ndarray, flag: int = 1) -> Judged:
    n = len(at)
    zero = np.zeros(n, np.uint8)
    names = Batch(names=(series,), series=np.zeros(n, np.int32), at=at, value=value, mark=zero, seq=np.full(n, -1), got=at)
    return Judged(readings=names, flag=zero + np.uint8(flag), tests=zero.astype(np.uint16), outcome=zero)


def site(*sections: Section) -> Site:
    stations = {
        one.station: Station(name=one.station, title=TITLE, kind="water", place=(120, 31), quantities=("do",)) for one in sections
    }
    return Site(name="s", title=TITLE, stations=stations, sections={one.station: one for one in sections})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    one = SqliteStore(f"sqlite:///{tmp_path}/series.db")
    yield one
    one.close()


def daily(*values: float) -> tuple[np.ndarray, np.ndarray]:
    """A value at noon of each day."""
    return START + np.arange(len(values)) * DAY + DAY // 2, np.array(values, np.float64)


def test_a_month_of_a_real_river(store: Store) -> None:
    """Logan River, Franklin Basin: clean head water, as anybody there would say."""
    text = gzip.decompress((files("simulators") / "recordings" / "franklin.csv.gz").read_bytes()).decode()
    rows = list(csv.DictReader(text.splitlines()))
    for quantity in ("do", "ph", "temp"):
        kept = [row for row in rows if row[quantity]]
        at = np.array([round(datetime.fromisoformat(row["at"]).timestamp()) * SECOND for row in kept], np.int64)
        store.write(judged(f"franklin/{quantity}", at, np.array([float(row[quantity]) for row in kept])))
    start = int(at[0])
    (found,) = rated(site(Section(station="franklin", target=1)), store, start, start + 30 * DAY).sections
    assert (found.standing.level, found.rating.en, found.standing.factors) == (1, "excellent", ("ph", "do"))
    assert found.days == Share(kept=30, of=30) or found.days == Share(kept=31, of=31)
    assert 0.9 < found.samples.rate <= 1.0


def test_every_figure_of_a_section_and_its_basin(store: Store) -> None:
    store.write(judged("a/nh3n", *daily(0.4, 1.2, 1.4, 0.6)))
    store.write(judged("a/do", *daily(8, 8, 2, 8)))
    store.write(judged("a/do", START + np.arange(3) * DAY, np.array([0.1, 0.1, 0.1]), flag=4))
    store.write(judged("a/flow", *daily(1, 3, 5, 7)))
    store.write(judged("a/transparency", *daily(5, 6, 7, 99)))
    store.write(judged("a/ecoli", *daily(50, 60, 70)))
    told = Section(
        station="a",
        target=3,
        zone="z",
        zone_target=4,
        basin="b",
        ecological_flow=3.0,
        black_odorous=True,
        profile="EU 2006/7/EC inland",
    )
    found = rated(site(told, Section(station="c", basin="b")), store, START, START + 4 * DAY)
    one, nothing = found.sections
    assert one.standing.means == {"nh3n": pytest.approx(0.9), "do": pytest.approx(6.5)}
    assert (one.standing.level, one.standing.days) == (3, (2, 4, 5, 3))
    assert (one.days, one.samples) == (Share(kept=2, of=4), Share(kept=2, of=4))
    assert (one.zone_days, one.zone_samples) == (Share(kept=3, of=4), Share(kept=3, of=4))
    assert (one.flow_days, one.black_odorous, one.profile_class) == (Share(kept=3, of=4), 2, "excellent")
    assert (nothing.standing.level, nothing.rating, nothing.flow_days, nothing.black_odorous) == (0, None, None, None)
    (basin,) = found.basins
    assert (basin.name, basin.sections, basin.by_shares, basin.rating.en, basin.black_odorous) == ("b", 1, False, "good", 2)


def test_a_lake_in_a_basin_is_held_against_the_limits_of_lakes(store: Store) -> None:
    for name in "ab":
        store.write(judged(f"{name}/tp", *daily(0.15)))
        store.write(judged(f"{name}/tn", *daily(1.8)))
    here = site(Section(station="a", basin="b"), Section(station="b", basin="b", waterbody="lake"))

    found = rated(here, store, START, START + DAY)

    assert [(one.standing.level, dict(one.standing.apart)) for one in found.sections] == [(3, {}), (5, {"tn": 5})]
    assert found.basins[0].rating.en == "moderate pollution"
    assert "tn V" in "\n".join(rate.as_text(found, here))


def test_a_basin_that_is_named_twice_is_called_by_one_name(store: Store) -> None:
    store.write(judged("a/do", *daily(8)))
    here = site(Section(station="a", basin="清河 | Qinghe"))

    *_, basin = rate.as_text(rated(here, store, START, START + DAY), here)

    assert basin.split("  ")[0] == "Qinghe"


def test_five_sections_are_rated_by_shares(store: Store) -> None:
    for name, value in zip("abcde", (8, 8, 8, 8, 1), strict=True):
        store.write(judged(f"{name}/do", *daily(value)))
    (basin,) = rated(site(*(Section(station=name) for name in "abcde")), store, START, START + DAY).basins
    assert (basin.by_shares, basin.rating.en, basin.good, basin.worse) == (True, "good", Share(kept=4, of=5), Share(kept=1, of=5))


def test_days_are_those_of_the_site() -> None:
    """Twenty-three hours on the day the clocks go forward."""
    start = round(datetime.fromisoformat("2026-03-28T12:00+01:00").timestamp()) * SECOND
    edges = list(day_edges(start, start + 3 * DAY, "Europe/Berlin"))
    assert [round((b - a) / SECOND / 3600) for a, b in pairwise(edges)] == [12, 23, 24, 13]


@pytest.mark.parametrize(("start", "end"), [(START, START), (START, START + 4000 * DAY)], ids=["no time", "too long"])
def test_a_stretch_that_cannot_be_rated_is_refused(start: int, end: int) -> None:
    with pytest.raises(Refused):
        list(day_edges(start, end, "Asia/Shanghai"))


def test_a_site_without_sections_is_refused(store: Store) -> None:
    with pytest.raises(Refused):
        rated(site(), store, START, START + DAY)


def test_people_read_it_as_two_tables_and_programs_as_json(store: Store) -> None:
    store.write(judged("a/nh3n", *daily(1.4)))
    here = site(
        Section(station="a", target=3, zone_target=4, basin="b", ecological_flow=1.0), Section(station="c", black_odorous=True)
    )
    here = replace(here, timezone="UTC")
    found = rated(here, store, START, START + DAY)
    text = "\n".join(rate.as_text(found, here))
    assert text.startswith("2026-02-28 16:00 to 2026-03-01 16:00, UTC\nsection")
    assert "a        IV     III     0/1 0.0%  0/1 0.0%  1/1 100.0%" in text
    assert "nh3n 0.4x" in text
    said = msgspec.json.decode(rate.as_json(found))
    assert said["sections"][0]["standing"]["multiples"] == {"nh3n": 0.4}
