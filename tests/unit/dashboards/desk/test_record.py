"""What pages ask of the store, over a real one."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboards.desk import record, trust
from dashboards.desk.record import DAY, HOUR, Record
from detectors.domain.batch import Batch
from detectors.domain.judged import Judged
from detectors.domain.section import Section
from detectors.domain.site import Site
from storage.series import Store, open_store

from .conftest import NOW, S


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/series.db")
    yield opened
    opened.close()


@pytest.fixture
def river(site: Site) -> Site:
    return replace(site, sections={"up": Section(station="up", target=3, basin="b")})


def put(store: Store, series: str, at: np.ndarray, value: float, flag: int = 1, tests: int = 0) -> None:
    n = len(at)
    readings = Batch.of([(series, int(one), value) for one in at])
    store.write(
        Judged(
            readings=readings,
            flag=np.full(n, flag, np.uint8),
            tests=np.full(n, tests, np.uint16),
            outcome=np.zeros(n, np.uint8),
        )
    )


def test_a_series_is_trusted_by_the_time_it_was_good(site: Site, store: Store) -> None:
    """Half the day nothing came; of the readings of the other half a quarter is doubted."""
    start = NOW - NOW % DAY
    put(store, "up/do", np.arange(start, start + 9 * HOUR, 60 * S), 8.0)
    put(store, "up/do", np.arange(start + 9 * HOUR, start + 12 * HOUR, 60 * S), 8.0, flag=3, tests=8 | 2)
    worst, *_, best = trust.trusts(site, store, start, start + DAY)

    assert (best.station, best.quantity, best.readings) == ("up", "do", 720)
    assert (best.good, best.suspect, best.fail, best.missing) == pytest.approx((0.375, 0.125, 0, 0.5))
    assert best.tests == (("flat_line", 180), ("spike", 180))
    assert (worst.missing, worst.doubt, worst.readings) == (1.0, 1.0, 0)


@pytest.mark.parametrize(
    ("missing", "before"),
    [
        pytest.param(0.0, None, id="what begins in the evening misses no morning"),
        pytest.param(0.75, 2 * DAY, id="what has spoken the day before yesterday does"),
        pytest.param(0.0, 30 * DAY, id="what was away for a month begins anew"),
    ],
)
def test_nothing_is_missing_before_a_series_began(missing: float, before: int | None, site: Site, store: Store) -> None:
    start = NOW - NOW % DAY
    put(store, "up/do", np.arange(start + 18 * HOUR, start + DAY, 60 * S), 8.0)
    if before:
        put(store, "up/do", np.array([start - before]), 8.0)

    assert missing == next(one.missing for one in trust.trusts(site, store, start, start + DAY) if one.quantity == "do")


@pytest.mark.parametrize(
    ("missing", "before"),
    [pytest.param(0.0, None, id="new"), pytest.param(1.0, 2 * DAY, id="back after a day away")],
)
def test_a_series_that_spoke_in_the_last_minute_only_is(missing: float, before: int | None, site: Site, store: Store) -> None:
    end = NOW - NOW % DAY + 60 * S
    put(store, "up/do", np.arange(end - 60 * S, end, S), 8.0)
    if before:
        put(store, "up/do", np.array([end - before]), 8.0)

    assert missing == next(one.missing for one in trust.trusts(site, store, end - DAY, end) if one.quantity == "do")


def test_a_stretch_shorter_than_a_step_misses_nothing(site: Site, store: Store) -> None:
    put(store, "up/do", np.array([NOW]), 8.0)
    found = {one.quantity: one for one in trust.trusts(site, store, NOW, NOW + S)}

    assert found["do"].good == 1.0


def test_what_is_said_to_be_missing_is_missing(site: Site, store: Store) -> None:
    start = NOW - NOW % DAY
    put(store, "up/ph", np.arange(start, start + DAY, 600 * S), 7.0, flag=9)

    assert next(one.missing for one in trust.trusts(site, store, start, start + DAY) if one.quantity == "ph") == 1.0


def test_the_cells_of_a_week_are_hours_and_those_of_a_month_days(
    river: Site, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record.time, "time_ns", lambda: NOW)
    put(store, "up/do", np.arange(NOW - 2 * DAY, NOW, 900 * S), 4.0)
    put(store, "up/class", np.array([NOW - HOUR]), 4.0)

    async def both() -> tuple[record.Period | None, record.Period | None]:
        kept = Record(river, store)
        return await kept.period("7d"), await kept.period("30d")

    week, month = asyncio.run(both())
    assert week is not None
    assert month is not None
    assert (week.each, len(week.edges), sum(week.cells["up"])) == ("hour", len(week.cells["up"]) + 1, 4)
    assert week.edges[-1] - week.edges[0] <= 7 * DAY + HOUR
    assert (month.each, len(month.cells["up"]), month.cells["up"][-3:]) == ("day", 30, [4, 4, 4])
    assert month.rated.sections[0].days.kept == 0


def test_an_answer_is_kept_for_two_minutes(river: Site, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [NOW]
    monkeypatch.setattr(record.time, "time_ns", lambda: now[0])
    kept = Record(river, store)
    first = asyncio.run(kept.trust("24h"))
    put(store, "up/do", np.array([NOW - S]), 8.0)

    assert first is not None
    assert asyncio.run(kept.trust("24h")) is first
    now[0] += 121 * S
    assert asyncio.run(kept.trust("24h")) != first


def test_a_store_that_does_not_answer_gives_nothing(river: Site) -> None:
    away = Record(river, open_store("http://127.0.0.1:1?org=o&bucket=b"))

    assert asyncio.run(away.trust("24h")) is None
    assert asyncio.run(away.period("7d")) is None


def test_a_site_without_sections_has_no_period(site: Site, store: Store) -> None:
    assert asyncio.run(Record(site, store).period("7d")) is None
