"""Each test of quality that few series ask for, by what it says of a few readings."""

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.quality import Habits, Mooring, Neighbour, Quality, Relation, Season
from tests.unit.detectors.court.stand import SECOND, SERIES, START, Hearing, series_of, site, station, with_marks

NAN = float("nan")
HOUR = 3600 * SECOND
BASIN = [station("weir"), station("mill", beside="weir")]


def heard(quality: Quality, batch: Batch) -> Hearing:
    return Hearing(site(stations=BASIN, quality=quality)).judge(batch)


def of_habit(**numbers: object) -> Quality:
    return Quality(habits={SERIES: Habits(series=SERIES, **numbers)})


def gone(flags: list[int], tests: list[str]) -> str:
    return " ".join(f"{flag}{':' if names else ''}{names}" for flag, names in zip(flags, tests, strict=True))


@pytest.mark.parametrize(
    ("habits", "values", "said"),
    [
        pytest.param(
            {"stuck_high": 8}, [7, 8, 7], "1 4:stuck_at_limit 1", id="at the end of its range it says nothing of the water"
        ),
        pytest.param(
            {"stuck_high": 8, "stuck_after": 2}, [8, 8, 8, 8], "1 1 4:stuck_at_limit 4:stuck_at_limit", id="after a while"
        ),
        pytest.param({"stuck_low": 0, "stuck_after": 1}, [0, 1, 0, 0], "1 1 1 4:stuck_at_limit", id="a look up begins anew"),
        pytest.param(
            {"stuck_low": 0, "stuck_high": 8, "stuck_after": 1}, [0, 8, 8], "1 1 4:stuck_at_limit", id="from end to end"
        ),
        pytest.param({"stuck_low": 0}, [9, 99], "1 1", id="an end that is not given is none"),
        pytest.param(
            {"attenuated_over": 3, "attenuated_fail": 0.1, "attenuated_suspect": 0.5, "attenuated_readings": 3},
            [5, 7, 5, 5.2, 5.0, 5.0, 5.0],
            "2 2 1 1 4:attenuated_signal 4:attenuated_signal 4:attenuated_signal",
            id="a signal that fades fails",
        ),
        pytest.param(
            {"attenuated_over": 3, "attenuated_fail": 0.1, "attenuated_suspect": 0.5, "attenuated_by": "range"},
            [5, 7, 5.4, 5, 5.2, 5.1],
            "2 1 1 1 3:attenuated_signal 3:attenuated_signal",
            id="by its range",
        ),
        pytest.param(
            {"attenuated_over": 3, "attenuated_suspect": 9},
            [5, 6, 5],
            "2 3:attenuated_signal 3:attenuated_signal",
            id="suspect alone",
        ),
    ],
)
def test_a_habit(habits: dict[str, object], values: list[float], said: str) -> None:
    """Readings a second apart."""
    hearing = heard(of_habit(**habits), series_of(values))
    assert said == gone(hearing.flags, hearing.tests)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        pytest.param([0, 10, 20], "1 1 1", id="on time"),
        pytest.param([0, 15, 30], "1 1 1", id="as late as it may be"),
        pytest.param([0, 16, 26], "1 1:gap 1", id="what comes after a gap says so, and is believed"),
        pytest.param([0, 20, 10], "1 1:gap 2", id="history closes no gap"),
    ],
)
def test_gap(seconds: list[int], said: str) -> None:
    batch = Batch.of([(SERIES, START + t * SECOND, 5.0) for t in seconds])
    hearing = heard(of_habit(gap=15), batch)
    judged = hearing.verdicts[0].judged
    assert said == gone(judged.flag.tolist(), [hearing.final[SERIES, int(t)][1] for t in batch.at])


def test_a_reading_without_value_closes_a_gap() -> None:
    hearing = heard(of_habit(gap=15), series_of([5, NAN, 5], every=10))
    assert gone(hearing.flags, hearing.tests) == "1 9:mark 1"


SEASONS = (
    Season(series=SERIES, low=0, high=30, fail_low=-2, fail_high=40),
    Season(series=SERIES, month_from=11, month_to=2, low=0, high=10),
    Season(series=SERIES, month_from=6, month_to=8, hour_from=20, hour_to=5, low=15, high=25),
)


@pytest.mark.parametrize(
    ("instant", "value", "flag"),
    [
        pytest.param("2023-04-01T00:00", 30, 1, id="a bound itself is inside"),
        pytest.param("2023-04-01T00:00", 31, 3, id="outside is suspect"),
        pytest.param("2023-04-01T00:00", 41, 4, id="far outside fails"),
        pytest.param("2023-04-01T00:00", NAN, 9, id="what is missing has no season"),
        pytest.param("2023-12-31T23:59", 11, 3, id="a season may reach over the new year"),
        pytest.param("2024-02-29T00:00", 11, 3, id="a leap day is in February"),
        pytest.param("2023-12-01T00:00", 99, 3, id="the later season decides alone"),
        pytest.param("2023-07-01T13:00", 14, 3, id="21:00 by the site's clock is night"),
        pytest.param("2023-07-01T04:00", 14, 1, id="noon is not"),
        pytest.param("2023-06-30T21:59", 14, 3, id="the last hour is inside"),
        pytest.param("2023-06-30T22:00", 14, 1, id="06:00 by the site's clock is day"),
        pytest.param("2023-05-31T13:00", 14, 1, id="a night in May is none in summer"),
        pytest.param("1901-12-01T00:00", 11, 3, id="long before 1970 there were winters too"),
    ],
)
def test_climatology(instant: str, value: float, flag: int) -> None:
    """The site's clock is eight hours ahead of UTC."""
    at = int(np.datetime64(instant, "ns").astype(int))
    hearing = heard(Quality(seasons=SEASONS), Batch.of([(SERIES, at, value)]))
    assert hearing.flags == [flag]
    assert hearing.tests == [{1: "", 3: "climatology", 4: "climatology", 9: "mark"}[flag]]


def test_history_has_its_seasons_and_months_without_one_say_nothing() -> None:
    only = Quality(seasons=(Season(series=SERIES, month_from=11, month_to=11, low=0, high=10),))
    november, december = START, START + 30 * 24 * HOUR
    hearing = heard(only, Batch.of([(SERIES, december, 99.0), (SERIES, november, 99.0)]))
    assert hearing.flags == [2, 3]


def moving(rows: list[tuple[float | None, float | None]]) -> Batch:
    """Temperature, then conductivity, one message a second."""
    said = [(("weir/temp", temp), ("weir/cond", cond)) for temp, cond in rows]
    return Batch.of([(name, START + i * SECOND, v) for i, pair in enumerate(said) for name, v in pair if v is not None])


COUPLED = Quality(
    relations={"weir/temp": Relation(series="weir/temp", related="weir/cond", rate=1.0, related_rate=5.0, within=0.5)}
)


@pytest.mark.parametrize("backwards", [False, True], ids=["temperature first", "conductivity first"])
@pytest.mark.parametrize(
    ("rows", "flags"),
    [
        pytest.param([(10, 300), (11, 300), (12, 300)], [1, 1, 1], id="a slow change needs no company"),
        pytest.param([(10, 300), (15, 330), (15, 330)], [1, 2, 1], id="in company it is believed"),
        pytest.param([(10, 300), (15, 301), (15, 301)], [1, 3, 1], id="alone it is suspect, known one reading later"),
        pytest.param([(10, 300), (15, 301)], [1, 2], id="and not before"),
        pytest.param([(10, None), (15, None), (15, None)], [1, 2, 1], id="of a silent companion nothing can be said"),
        pytest.param([(10, 300), (10, 300), (15, None), (15, 300)], [1, 1, 2, 1], id="nor when it was silent at that moment"),
    ],
)
def test_multi_variate(rows: list[tuple[float | None, float | None]], flags: list[int], backwards: bool) -> None:
    batch = moving(rows)
    if backwards:
        order = sorted(range(len(batch)), key=lambda i: (batch.at[i], -batch.series[i]))
        batch = Batch.of([(batch.names[batch.series[i]], int(batch.at[i]), float(batch.value[i])) for i in order])
    final = heard(COUPLED, batch).final
    temp = {at: said for (name, at), said in final.items() if name == "weir/temp"}
    assert [flag for flag, _ in temp.values()] == flags
    assert [tests for flag, tests in temp.values() if flag == 3] == ["multi_variate"] * flags.count(3)


def beside(*others: tuple[str, float, float]) -> Quality:
    return Quality(
        neighbours=tuple(Neighbour(series=SERIES, neighbour=name, within=5, low=low, high=high) for name, low, high in others)
    )


@pytest.mark.parametrize(
    ("quality", "rows", "flag"),
    [
        pytest.param(beside(("mill/do", -1, 2)), [("mill/do", 0, 5), (SERIES, 1, 7)], 1, id="as far apart as they may be"),
        pytest.param(beside(("mill/do", -1, 2)), [("mill/do", 0, 5), (SERIES, 1, 7.5)], 3, id="further is suspect"),
        pytest.param(beside(("mill/do", -1, 2)), [("mill/do", 0, 5), (SERIES, 1, 3.5)], 3, id="to either side"),
        pytest.param(beside(("mill/do", -1, 2)), [("mill/do", 0, 5), (SERIES, 6, 99)], 2, id="an old neighbour says nothing"),
        pytest.param(beside(("mill/do", -1, 2)), [(SERIES, 6, 99)], 2, id="nor one that was never heard"),
        pytest.param(
            beside(("mill/do", -1, 2), ("mill/ph", -1, 2)),
            [("mill/do", 0, 50), ("mill/ph", 0, 7), (SERIES, 1, 7)],
            1,
            id="who agrees with one neighbour is believed",
        ),
    ],
)
def test_neighbour(quality: Quality, rows: list[tuple[str, int, float]], flag: int) -> None:
    hearing = heard(quality, Batch.of([(name, START + t * SECOND, value) for name, t, value in rows]))
    assert hearing.final[SERIES, START + rows[-1][1] * SECOND] == (flag, "neighbour" if flag == 3 else "")


def test_a_neighbour_that_another_test_doubts_is_none() -> None:
    quality = beside(("mill/do", -1, 2))
    rows = Batch.of([("mill/do", START, 5.0), ("mill/do", START + SECOND, 50.0), (SERIES, START + 2 * SECOND, 5.0)])
    assert heard(quality, with_marks(rows, ".S.")).flags == [2, 3, 1]


@pytest.mark.parametrize(
    ("places", "flags"),
    [
        pytest.param([(111.8, 41.7), (111.8, 41.7)], [2, 1, 2, 1], id="where it stands"),
        pytest.param([(111.8, 41.7), (111.803, 41.7)], [2, 1, 2, 3], id="a leap is suspect"),
        pytest.param(
            [(111.804, 41.7), (111.806, 41.7), (111.808, 41.7)], [2, 1, 2, 1, 2, 3], id="so is to be far from its place"
        ),
        pytest.param([(181, 41.7), (111.8, 41.7)], [4, 4, 2, 1], id="no globe has such a place, and no leap begins there"),
        pytest.param([(111.8, -91)], [2, 4], id="nor such a one"),
    ],
)
def test_location(places: list[tuple[float, float]], flags: list[int]) -> None:
    """A degree of longitude here is 83 km; a leap is 200 m, too far 500 m."""
    rows = [
        (f"weir/{axis}", START + i * SECOND, place[axis == "lat"]) for i, place in enumerate(places) for axis in ("lon", "lat")
    ]
    assert heard(Quality(moorings={"weir": Mooring(station="weir", step=200, away=500)}), Batch.of(rows)).flags == flags


def test_a_device_may_say_its_latitude_first_or_by_itself() -> None:
    quality = Quality(moorings={"weir": Mooring(station="weir", away=500)})
    rows = [
        ("weir/lat", START, 41.7),
        ("weir/lon", START, 120.0),
        ("weir/lat", START + SECOND, 95.0),
        ("weir/lon", START + HOUR, 0.0),
    ]
    assert heard(quality, Batch.of(rows)).flags == [2, 3, 4, 2]


def daily(swing: float, hours: int, *, start: int = START) -> Batch:
    """Readings every hour that rise and fall by `swing` in a day."""
    return series_of(list(8 + swing / 2 * np.sin(np.arange(hours) / 24 * 2 * np.pi)), every=3600, start=start)


@pytest.mark.parametrize(
    ("swing", "flag"),
    [
        pytest.param(2.0, 1, id="the river breathes"),
        pytest.param(0.6, 3, id="it hardly does"),
        pytest.param(0.1, 4, id="the probe lies under its own film"),
    ],
)
def test_pattern_loss(swing: float, flag: int) -> None:
    hearing = heard(of_habit(pattern_suspect=1.0, pattern_fail=0.2), daily(swing, 48))
    assert set(hearing.flags[:23]) == {2}
    assert set(hearing.flags[27:]) == {flag}


def test_a_day_with_a_hole_has_no_known_pattern() -> None:
    quality = of_habit(pattern_suspect=1.0, pattern_fail=0.2)
    hearing = heard(quality, daily(0.1, 30)).judge(daily(0.1, 30, start=START + 40 * HOUR))
    assert hearing.flags[29] == 4
    assert set(hearing.flags[30:52]) == {2}
    assert hearing.flags[-1] == 4


def test_what_few_ask_for_is_remembered_in_blocks_of_its_own() -> None:
    """And comes back with them, as long as the site still asks for it."""
    quality = beside(("mill/do", -1, 2))
    hearing = heard(quality, Batch.of([("mill/do", START, 5.0), (SERIES, START, 5.0)]))
    shelf = hearing.memory.blocks()
    hearing.memory = hearing.court.thaw(shelf)
    later = Batch.of([(SERIES, START + SECOND, 9.0)])
    assert {"quality-neighbour.00000", "series.00000"} <= shelf.keys()
    assert not any("gap" in name for name in shelf)
    assert hearing.judge(later).flags[-1] == 3
    assert sorted(hearing.memory.blocks()) == sorted(shelf)
    other = Hearing(site(stations=BASIN))
    other.memory = other.court.thaw(shelf)
    assert other.judge(later).flags == [2]


def test_seats_of_many_series_lie_in_several_blocks_and_only_changed_ones_are_written() -> None:
    names = [f"station-{i}/do" for i in range(1500)]
    habits = {name: Habits(series=name, attenuated_over=60, attenuated_fail=1) for name in names}
    hearing = Hearing(site(quality=Quality(habits=habits))).judge(Batch.of([(name, START, 5.0) for name in names]))
    shelf = hearing.memory.blocks()
    assert sum(name.startswith("quality-attenuated_signal") for name in shelf) == 3
    again = hearing.court.thaw(shelf)
    hearing.court.judge(again, Batch.of([(names[-1], START + SECOND, 5.0)]))
    assert [name for name in again.blocks() if name.startswith("quality")] == ["quality-attenuated_signal.00002"]
    assert hearing.court.thaw(shelf).blocks(changed_only=False) == shelf
