"""Apart: days of two stations that lie apart as they never did, whose fault it is, and how that is learnt."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.judged import names_of
from detectors.domain.quality import NAN, Neighbour, Quality
from detectors.quality.learning import neighbours_of
from detectors.quality.learning.record import Record
from tests.unit.detectors.court.stand import SECOND, START, site

HOUR = 3600 * SECOND
DAY = 24 * HOUR
FROM = START // DAY * DAY


def beside(low: float = -1.0, high: float = 1.0) -> Quality:
    return Quality(
        neighbours=(
            Neighbour(series="weir/do", neighbour="mill/do", within=5400, drift_low=low, drift_high=high),
            Neighbour(series="mill/do", neighbour="weir/do", within=5400, drift_low=-high, drift_high=-low),
            Neighbour(series="weir/ph", neighbour="mill/ph", within=5400, low=-9, high=9),
        )
    )


def hourly(*levels: float) -> list[float]:
    """Hourly readings of days that each swing about a level."""
    return [level + math.sin(hour / 24 * 2 * math.pi) for level in levels for hour in range(24)]


def both(weir: list[float], mill: list[float]) -> Batch:
    pairs = enumerate(zip(weir, mill, strict=True))
    rows = [(name, FROM + i * HOUR, value) for i, pair in pairs for name, value in zip(("weir/do", "mill/do"), pair, strict=True)]
    return Batch.of([row for row in rows if math.isfinite(row[2])])


def said(weir: list[float], mill: list[float], quality: Quality | None = None) -> dict[str, list[float]]:
    """From which day to which each series is doubted, and from which it fails."""
    batch, court = both(weir, mill), Court(site(quality=quality or beside()))
    judged = court.judge(court.blank(), batch).judged
    day = (judged.readings.at - FROM) / DAY
    found = {}
    for series, name in enumerate(judged.readings.names):
        mine = judged.readings.series == series
        doubted = day[mine & (judged.flag >= 3)]
        assert {names_of(tests) for tests in judged.tests[mine & (judged.flag >= 3)]} <= {"drift"}
        failed = day[mine & (judged.flag == 4)]
        found[name] = [float(one.round(1)) for one in (*doubted[[0, -1]], *failed[:1])] if len(doubted) else []
    return found


CALM = [8.0] * 10


@pytest.mark.parametrize(
    ("weir", "mill", "doubted"),
    [
        pytest.param(CALM, CALM, ([], []), id="side by side"),
        pytest.param([*CALM, *[10.0] * 10], [8.0] * 20, ([10.5, 20.0, 13.5], []), id="the one that moved is doubted, and fails"),
        pytest.param([8.0] * 20, [*CALM, *[10.0] * 10], ([], [10.5, 20.0, 13.5]), id="be it the other"),
        pytest.param([*CALM, *[10.0] * 10], [*CALM, *[9.9] * 10], ([], []), id="what moves both is the river's"),
        pytest.param([*CALM, *np.arange(8, 11, 0.2)], [8.0] * 25, ([16.4, 25.0, 19.4], []), id="slowly, too"),
        pytest.param([*CALM, 10, 8, 8], [8.0] * 13, ([10.5, 11.4], []), id="until it is back"),
        pytest.param([10.0] * 20, [8.0] * 20, ([], []), id="those that never lay as was learnt were not learnt here"),
        pytest.param([*CALM, *[10.0] * 70], [8.0] * 80, ([10.5, 70.4, 13.5], []), id="after two months they lie so"),
    ],
)
def test_apart(weir: list[float], mill: list[float], doubted: tuple[list[float], list[float]]) -> None:
    """As learnt, the days of the two lie within 1 of each other."""
    found = said(hourly(*weir), hourly(*mill))
    for name, expected in zip(("weir/do", "mill/do"), doubted, strict=True):
        assert expected == pytest.approx(found[name], abs=0.4), name


def test_the_first_doubt_is_an_instrument_matter_for_it_keeps_limits_silent() -> None:
    batch, court = both(hourly(*CALM, 10, 8, 8), hourly(*[8.0] * 13)), Court(site(quality=beside()))
    matters = court.judge(court.blank(), batch).events
    assert [(one.matter, one.series, str(one.turn), one.rule) for one in matters] == [
        ("instrument", "weir/do", "raised", "quality:drift"),
        ("instrument", "weir/do", "cleared", "quality:drift"),
    ]


def test_a_day_without_the_neighbour_says_nothing_and_one_of_a_few_hours_neither() -> None:
    weir, mill = hourly(*CALM, *[10.0] * 10), hourly(*[8.0] * 20)
    mill[24 * 10 :] = [NAN] * 240
    assert said(weir, mill)["weir/do"] == []
    weir[24 * 10 :] = [value if hour % 24 < 6 else NAN for hour, value in enumerate(weir[24 * 10 :])]
    assert said(weir, hourly(*[8.0] * 20))["weir/do"] == []


def test_after_days_without_a_reading_the_day_begins_anew() -> None:
    weir = hourly(*CALM, *CALM)
    weir[24 * 4 : 24 * 8] = [NAN] * 96
    assert said(weir, hourly(*CALM, *CALM)) == {"weir/do": [], "mill/do": []}


def test_a_neighbour_that_asks_nothing_itself_is_not_judged() -> None:
    quality = Quality(neighbours=beside().neighbours[:1])
    moved = hourly(*CALM, *[10.0] * 10)
    assert said(moved, hourly(*[8.0] * 20), quality)["weir/do"] != []
    assert said(hourly(*[8.0] * 20), moved, quality) == {"weir/do": [], "mill/do": []}
    batch = Batch.of([("weir/ph", FROM, 7.0), ("weir/do", FROM, 8.0)])
    court = Court(site(quality=quality))
    assert court.judge(court.blank(), batch).judged.flag.tolist() == [2, 2]


def test_one_bound_may_be_missing() -> None:
    weir = hourly(*CALM, *[10.0] * 5, *[8.0] * 5, *[6.0] * 5)
    assert said(weir, hourly(*[8.0] * 25), beside(high=NAN))["weir/do"] == pytest.approx([20.5, 25.0, 23.5], abs=0.4)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.sampled_from([8.0, 8.2, 10.0, NAN]), min_size=6, max_size=10), st.integers(0, 480))
def test_cutting_the_stream_changes_nothing(levels: list[float], cut: int) -> None:
    """Judged whole, or cut anywhere with the memory stored in blocks between, it says the same and remembers the same."""
    batch, court = both(hourly(*levels), hourly(*[8.0] * len(levels))), Court(site(quality=beside()))
    columns = {name: getattr(batch, name) for name in ("series", "at", "value", "mark", "seq", "got")}
    one, two = (
        Batch(names=batch.names, **{key: of[part] for key, of in columns.items()}) for part in (slice(cut), slice(cut, None))
    )
    memory, first = court.blank(), court.blank()
    whole = court.judge(memory, batch).judged.flag.tolist()
    begun = court.judge(first, one).judged.flag.tolist()
    second = court.thaw(first.blocks(changed_only=False))
    assert whole == begun + court.judge(second, two).judged.flag.tolist()
    assert memory.blocks(changed_only=False) == second.blocks(changed_only=False)


# learning


def record(days: int, more: float = 0.0, seed: int = 1, noise: float = 0.05) -> Record:
    """A water that is warmer in summer and by day, and some noise of its own."""
    hours = np.arange(24 * days)
    level = 8 + 3 * np.sin(hours / 24 / 365 * 2 * np.pi) + np.sin(hours / 24 * 2 * np.pi)
    return Record(at=FROM + hours * HOUR, value=level + more + np.random.default_rng(seed).normal(0, noise, len(hours)))


def test_two_stations_of_one_water_teach_how_far_their_days_lie_apart() -> None:
    found = {one.series: one for one in neighbours_of({"weir/temp": record(200), "mill/temp": record(200, 0.5, 2)})}
    weir, mill = found["weir/temp"], found["mill/temp"]
    assert (weir.neighbour, mill.neighbour) == ("mill/temp", "weir/temp")
    assert -0.7 < weir.drift_low < -0.5 < weir.drift_high < -0.3
    assert (weir.drift_low, weir.drift_high) == pytest.approx((-mill.drift_high, -mill.drift_low))
    assert weir.source.startswith("days of 200 days together: 1%..99% ")
    assert (math.isinf(weir.low), weir.within) == (True, 5400)


@pytest.mark.parametrize(
    ("quantity", "low", "high"),
    [pytest.param("cond", True, False, id="a spill"), pytest.param("do", False, True, id="a collapse")],
)
def test_where_a_true_event_goes_no_day_drifts(quantity: str, low: bool, high: bool) -> None:
    one, *_ = neighbours_of({f"weir/{quantity}": record(200), f"mill/{quantity}": record(200, 0.5, 2)})
    assert (not math.isnan(one.drift_low), not math.isnan(one.drift_high)) == (low, high)


def test_of_several_neighbours_that_which_says_most_is_named() -> None:
    found = neighbours_of({"a/temp": record(150), "b/temp": record(150, 1, 2, 0.5), "c/temp": record(150, 1, 3)})
    assert {one.series: one.neighbour for one in found} == {"a/temp": "c/temp", "b/temp": "c/temp", "c/temp": "a/temp"}


@pytest.mark.parametrize(
    ("records", "why"),
    [
        pytest.param({"a/temp": record(80), "b/temp": record(80, 1, 2)}, "too short", id="less than a quarter of a year"),
        pytest.param({"a/temp": record(200), "b/temp": record(200, 0, 2, 90)}, "tells nothing", id="one that tells nothing"),
        pytest.param({"a/turb": record(200), "b/turb": record(200, 1, 2)}, "no drift", id="what an outfall may change at once"),
        pytest.param({"a/temp": record(200), "a/ph": record(200)}, "alone", id="no neighbour"),
        pytest.param({"a/temp": record(200), "b/temp": record(200)}, "the same", id="one record under two names"),
    ],
)
def test_nothing_is_learnt_of(records: dict[str, Record], why: str) -> None:
    assert list(neighbours_of(records)) == [], why
