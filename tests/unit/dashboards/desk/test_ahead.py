"""What a chart shows of the next hours: a fan that begins at the newest good value, or nothing."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from dashboards.desk.ahead import EVERY, LENGTH, Ahead, drawn, foreseen
from dashboards.desk.charts import around, span_of
from detectors.domain.batch import Batch
from detectors.domain.instant import DAY, HOUR, MINUTE
from detectors.domain.judged import Judged
from detectors.water import forecast
from storage.series import Buckets, open_store

NOW = 20_000 * DAY + 7 * HOUR


def buckets(days: float, end: int = NOW, flag: int = 1) -> Buckets:
    at = np.arange(end - round(days * DAY), end, EVERY)
    value = 8 - np.sin((at + EVERY / 2) / DAY * 2 * np.pi)
    ones = np.ones(len(at), np.int64)
    return Buckets(at=at, mean=value, low=value, high=value, count=ones, flag=np.full(len(at), flag, np.uint8))


def test_a_fan_begins_at_the_newest_value_and_follows_the_day() -> None:
    fan = foreseen(buckets(10), NOW)
    assert fan is not None
    assert len(fan) == forecast.STEPS + 1
    assert fan["at"][[0, -1]].tolist() == [NOW - EVERY // 2, NOW - EVERY // 2 + LENGTH]
    assert fan["value"] == pytest.approx(8 - np.sin(fan["at"] / DAY * 2 * np.pi), abs=0.06)
    assert fan["low"][0] == fan["value"][0] == fan["high"][0]
    assert (np.diff(fan["high"] - fan["low"]) >= 0).all()


@pytest.mark.parametrize(
    "taught",
    [
        pytest.param(buckets(0), id="nothing was heard"),
        pytest.param(buckets(2), id="two days are too few"),
        pytest.param(buckets(10, NOW - 2 * HOUR), id="it ended two hours ago"),
        pytest.param(buckets(10, flag=4), id="nothing of it was good"),
    ],
)
def test_where_nothing_can_be_foreseen_nothing_is_drawn(taught: Buckets) -> None:
    fan = foreseen(taught, NOW)
    assert fan is None
    assert drawn(fan, "UTC") == {"ahead": [], "ahead.low": [], "ahead.band": []}


def test_it_is_drawn_on_the_sites_clock_as_a_line_and_a_band_upon_its_lower_edge() -> None:
    fan = foreseen(buckets(10), NOW)
    assert fan is not None
    points = drawn(fan, "Asia/Shanghai")
    assert points["ahead"][0][0] == int(fan["at"][0]) // 1_000_000 + 8 * 3_600_000
    assert points["ahead.low"][-1][1] == pytest.approx(fan["low"][-1], rel=1e-5)
    assert points["ahead.band"][-1][1] == pytest.approx(fan["high"][-1] - fan["low"][-1], rel=1e-4)


def judged(taught: Buckets) -> Judged:
    rows = [("weir/do", int(at), float(value)) for at, value in zip(taught.at, taught.mean, strict=True)]
    nothing = np.zeros(len(rows), np.uint8)
    return Judged(readings=Batch.of(rows), flag=nothing + np.uint8(1), tests=nothing.astype(np.uint16), outcome=nothing)


def test_many_readers_of_one_minute_share_a_look(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/series.db")
    store.write(judged(buckets(10)))
    ahead = Ahead(store, "UTC")
    first = asyncio.run(ahead.of("weir/do", NOW))
    store.write(judged(buckets(0.1, NOW + 2 * MINUTE)))

    again, later = (asyncio.run(ahead.of("weir/do", NOW + after * MINUTE)) for after in (1, 2))

    assert len(first["ahead"]) == forecast.STEPS + 1
    assert again == first
    assert later != first
    store.close()


@pytest.mark.parametrize(
    ("hours", "matter", "span"),
    [
        pytest.param(0.1, "pollution", "1h", id="what began just now is seen in an hour"),
        pytest.param(0.1, "outlook", "24h", id="what is foreseen needs the hours to come"),
        pytest.param(30, "outlook", "7d", id="and its own beginning"),
    ],
)
def test_how_much_time_an_event_is_shown_in(hours: float, matter: str, span: str) -> None:
    assert span_of(NOW - round(hours * HOUR), NOW, matter) == span


@pytest.mark.parametrize(
    ("minutes", "hours", "span"),
    [
        pytest.param(0.5, 0.94, "1h", id="a short one within its hour"),
        pytest.param(60, 5, "24h", id="an hour within five"),
        pytest.param(3 * 1440, 15 * 24, "30d", id="three days within fifteen"),
        pytest.param(30 * 1440, 150 * 24, "30d", id="a month within five, hour by hour"),
    ],
)
def test_an_event_that_is_over_is_shown_with_twice_its_length_on_each_side(minutes: float, hours: float, span: str) -> None:
    end = NOW + round(minutes * 60e9)
    start, stop, which = around(NOW, end)

    assert (start < NOW, stop > end, which) == (True, True, span)
    assert (stop - start) / HOUR == pytest.approx(hours, abs=0.01)
