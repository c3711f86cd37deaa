"""One suite for every series store: SQLite in a file, and a real InfluxDB."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.domain.batch import Batch
from detectors.domain.errors import Misconfigured
from detectors.domain.event import GridEvent, Level, Turn
from detectors.domain.judged import Flag, Judged, Outcome
from storage.series import Counts, Reading, Store, open_store, paging

START = 1_704_067_200_000_000_000
SECOND = 1_000_000_000
Rows = list[tuple[str, int, float]]
_numbers = itertools.count()
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=["sqlite", "influx"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every implementation of the port; tests share it, and keep to stations of their own."""
    if request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'series.db'}")
    else:
        here = request.getfixturevalue("influx")
        opened = open_store(here.store, here.token)
    yield opened
    opened.close()


@pytest.fixture
def station() -> str:
    return new_station()


def new_station() -> str:
    """A station that no other test writes to."""
    return f"s{next(_numbers)}"


def judged(rows: Rows, **columns: object) -> Judged:
    """Rows with a flag, outcome and so on for all of them, or a list with one for each."""
    whole = {"flag": Flag.GOOD, "tests": 0, "outcome": Outcome.JUDGED, "mark": 0, "seq": -1, "got": None} | columns
    batch = Batch.of(rows)
    kept = {name: np.broadcast_to(np.array(whole[name], np.uint8), len(rows)).copy() for name in ("flag", "outcome", "mark")}
    batch = dataclasses.replace(
        batch,
        mark=kept["mark"],
        seq=np.broadcast_to(np.array(whole["seq"], np.int64), len(rows)).copy(),
        got=batch.at + SECOND if whole["got"] is None else np.array(whole["got"], np.int64),
    )
    tests = np.broadcast_to(np.array(whole["tests"], np.uint16), len(rows)).copy()
    return Judged(readings=batch, flag=kept["flag"], tests=tests, outcome=kept["outcome"])


def every_second(name: str, values: list[float]) -> Rows:
    return [(name, START + i * SECOND, value) for i, value in enumerate(values)]


def stored(store: Store, name: str) -> Rows:
    found = store.read(name, START - 10**15, START + 10**15)
    return [(name, at, value) for at, value in zip(found.at.tolist(), found.value.tolist(), strict=True)]


def test_what_is_written_is_read(store: Store, station: str) -> None:
    name = f"{station}/do"
    written = store.write(judged(every_second(name, [7.9, 8.25, 0.1 + 0.2]), flag=[1, 3, 4], tests=[0, 2, 33], seq=[5, 6, -1]))
    found = store.read(name, START, START + 2 * SECOND + 1)
    assert written.points == 3
    assert written.refused == ()
    assert found.at.tolist() == [START, START + SECOND, START + 2 * SECOND]
    assert found.value.tolist() == [7.9, 8.25, 0.1 + 0.2]
    assert found.flag.tolist() == [1, 3, 4]
    assert found.tests.tolist() == [0, 2, 33]
    assert found.seq.tolist() == [5, 6, -1]
    assert (found.at.dtype, found.value.dtype, found.flag.dtype) == (np.int64, np.float64, np.uint8)


def test_writing_again_changes_nothing(store: Store, station: str) -> None:
    rows = judged(every_second(f"{station}/ph", [7.0, 7.1, 7.2]), seq=[1, 2, 3])
    for _ in range(3):
        store.write(rows)
    assert store.count(f"{station}/ph") == 3
    assert store.newest([f"{station}/ph"]) == {
        f"{station}/ph": Reading(at=START + 2 * SECOND, value=7.2, flag=1, tests=0, outcome=0)
    }


def test_a_corrected_value_replaces_the_earlier_one(store: Store, station: str) -> None:
    name = f"{station}/ph"
    store.write(judged([(name, START, 7.0)]))
    store.write(judged([(name, START, 6.5)], outcome=Outcome.HISTORY, flag=Flag.SUSPECT))
    assert store.newest([name])[name] == Reading(at=START, value=6.5, flag=3, tests=0, outcome=Outcome.HISTORY)


@pytest.mark.parametrize("together", [pytest.param(True, id="in one batch"), pytest.param(False, id="in two batches")])
def test_an_amended_reading_gets_its_new_flag_and_keeps_its_outcome(store: Store, station: str, together: bool) -> None:
    name = f"{station}/temp"
    rows, ways, flags = [(name, START, 9.9)] * 2, [Outcome.JUDGED, Outcome.AMENDED], [Flag.GOOD, Flag.SUSPECT]
    if together:
        store.write(judged(rows, outcome=ways, flag=flags, tests=[0, 2], seq=[7, 7]))
    else:
        store.write(judged(rows[:1], outcome=ways[0], flag=flags[0], seq=7))
        store.write(judged(rows[1:], outcome=ways[1], flag=flags[1], tests=2, seq=7))
    assert store.newest([name])[name] == Reading(at=START, value=9.9, flag=Flag.SUSPECT, tests=2, outcome=Outcome.JUDGED)
    assert store.count(name) == 1


def test_a_repeated_reading_leaves_what_is_stored(store: Store, station: str) -> None:
    name = f"{station}/temp"
    store.write(judged([(name, START, 9.9)], flag=Flag.SUSPECT, tests=4, seq=7))
    store.write(judged([(name, START, 9.9)], outcome=Outcome.REPEATED, flag=Flag.GOOD, seq=8))
    assert store.newest([name])[name] == Reading(at=START, value=9.9, flag=Flag.SUSPECT, tests=4, outcome=Outcome.JUDGED)
    assert store.read(name, START, START + 1).seq.tolist() == [7]


@pytest.mark.parametrize("together", [pytest.param(True, id="in one batch"), pytest.param(False, id="in two batches")])
def test_history_that_says_the_same_again_takes_no_flag_away(store: Store, station: str, together: bool) -> None:
    name = f"{station}/temp"
    rows, ways, flags = [(name, START, 9.9)] * 2, [Outcome.JUDGED, Outcome.HISTORY], [Flag.SUSPECT, Flag.GOOD]
    if together:
        store.write(judged(rows, outcome=ways, flag=flags, tests=[2, 0]))
    else:
        store.write(judged(rows[:1], outcome=ways[0], flag=flags[0], tests=2))
        assert store.write(judged(rows[1:], outcome=ways[1], flag=flags[1])).points == 1
    assert store.newest([name])[name] == Reading(at=START, value=9.9, flag=Flag.SUSPECT, tests=2, outcome=Outcome.JUDGED)


def test_an_amended_reading_leaves_a_value_that_was_corrected_meanwhile(store: Store, station: str) -> None:
    name = f"{station}/temp"
    store.write(judged([(name, START, 9.9)]))
    store.write(judged([(name, START, 7.5)], outcome=Outcome.HISTORY))
    store.write(judged([(name, START, 9.9)], outcome=Outcome.AMENDED, flag=Flag.SUSPECT, tests=2))
    assert store.newest([name])[name] == Reading(at=START, value=7.5, flag=3, tests=2, outcome=Outcome.HISTORY)


@few
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.sampled_from([1, 60, 86_400])), min_size=1, max_size=40),
    st.integers(1, 9),
    st.integers(0, 60),
)
def test_a_stretch_is_every_reading_of_it_in_order_whatever_the_page(
    store: Store, rows: list[tuple[str, int, int]], page: int, first: int
) -> None:
    """Dense and sparse, paged anywhere: each reading once with all its columns, and no instant in two pages."""
    station = new_station()
    keys = sorted({(START + moment * unit * SECOND, f"{station}/{quantity}") for quantity, moment, unit in rows})
    number = range(len(keys))
    columns = {"flag": [1 + i % 4 for i in number], "tests": [i * 999 for i in number], "outcome": [i % 2 for i in number]}
    store.write(
        judged(
            [(name, at, i / 7) for i, (at, name) in enumerate(keys)],
            **columns, mark=[i % 90 for i in number], seq=list(number), got=[at + i for i, (at, _) in enumerate(keys)],
        )
    )  # fmt: skip
    start, names = START + first * SECOND, [f"{station}/{quantity}" for quantity in "abc"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "_FEWEST", page)
        pages = list(store.stretch(names, start, START + 10**16, rows=page))
    wanted = [(at, name, i) for i, (at, name) in enumerate(keys) if at >= start]
    found = [row for one in pages for row in as_rows(one)]
    assert found == [
        (at, name, i / 7, columns["flag"][i], columns["tests"][i], columns["outcome"][i], i % 90, i, at + i)
        for at, name, i in wanted
    ]
    assert all(one.readings.at[-1] < two.readings.at[0] for one, two in itertools.pairwise(pages))


def as_rows(page: Judged) -> list[tuple]:
    batch = page.readings
    names = [batch.names[number] for number in batch.series]
    columns = (batch.at, names, batch.value, page.flag, page.tests, page.outcome, batch.mark, batch.seq, batch.got)
    return [tuple(row) for row in zip(*(column if column is names else column.tolist() for column in columns), strict=True)]


def test_a_stretch_of_nothing_is_no_pages(store: Store, station: str) -> None:
    store.write(judged([(f"{station}/do", START, 1.0)]))
    asked = [([], START, START + 9), ([f"{station}/ph"], START, START + 9), ([f"{station}/do"], START + 1, START + 9)]
    assert [list(store.stretch(*one)) for one in asked] == [[], [], []]
    assert [len(page) for page in store.stretch([f"{station}/do"], -(2**63), 2**63 - 1)] == [1]


class Model:
    """The port's promise as a mapping: what each row does to what stands at its key."""

    def __init__(self) -> None:
        self.points: dict[tuple[str, int], Reading] = {}

    def take(self, name: str, new: Reading) -> float:
        """Write one row; the value it came with: a repeated one has, by its nature, that of the point it repeats."""
        old = self.points.get((name, new.at))
        if old and new.outcome == Outcome.REPEATED:
            return old.value
        if old and new.outcome == Outcome.HISTORY and new.value == old.value:
            return old.value
        amends = old and new.outcome == Outcome.AMENDED
        self.points[name, new.at] = dataclasses.replace(new, value=old.value, outcome=old.outcome) if amends else new
        return new.value


A_ROW = st.tuples(
    st.sampled_from(["a", "b"]), st.integers(0, 3), st.sampled_from([1.0, 2.5]), st.sampled_from([1, 3, 4]), st.integers(0, 3),
    st.sampled_from(list(Outcome)),
)  # fmt: skip


@few
@given(st.lists(st.lists(A_ROW, min_size=1, max_size=8), min_size=1, max_size=4))
def test_however_readings_come_the_store_is_what_the_port_promises(store: Store, batches: list[list[tuple]]) -> None:
    """Judged, late, repeated and amended readings in any mixture, cut into batches anywhere."""
    station, model = new_station(), Model()
    first = [(name, moment, 1.0, 1, 0, Outcome.JUDGED) for name in ("a", "b") for moment in range(4)]
    for batch in [first, *batches]:
        rows = []
        for quantity, moment, value, flag, tests, outcome in batch:
            name, at = f"{station}/{quantity}", START + moment
            rows.append((name, at, model.take(name, Reading(at=at, value=value, flag=flag, tests=tests, outcome=outcome))))
        _, _, _, flags, tests, outcomes = (list(column) for column in zip(*batch, strict=True))
        store.write(judged(rows, flag=flags, tests=tests, outcome=outcomes))
    for name in (f"{station}/a", f"{station}/b"):
        found = store.read(name, START, START + 9)
        points = [model.points[name, START + moment] for moment in range(4)]
        assert found.value.tolist() == [point.value for point in points]
        assert found.flag.tolist() == [point.flag for point in points]
        assert found.tests.tolist() == [point.tests for point in points]
        assert store.newest([name])[name] == points[-1]


def test_the_last_of_two_rows_with_one_key_wins(store: Store, station: str) -> None:
    name = f"{station}/temp"
    store.write(judged([(name, START, 1.0), (f"{station}/ph", START, 7.0), (name, START, 2.0)]))
    assert stored(store, name) == [(name, START, 2.0)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_is_refused_and_its_neighbours_are_kept(store: Store, station: str, value: float) -> None:
    name = f"{station}/do"
    written = store.write(judged(every_second(name, [1.0, value, 3.0])))
    assert [(one.series, one.at) for one in written.refused] == [(name, START + SECOND)]
    assert written.points == 2
    assert [value for _, _, value in stored(store, name)] == [1.0, 3.0]


@pytest.mark.parametrize("name", ["nostation", "/do", "s/", "s\\/do", "s/do\\", "s\n/do", "s/d\x00o", "s" * 1100 + "/do"])
def test_a_name_no_database_can_carry_is_refused(store: Store, station: str, name: str) -> None:
    written = store.write(judged([(f"{station}/do", START, 1.0), (name, START, 2.0)]))
    assert [one.series for one in written.refused] == [name]
    assert store.count(f"{station}/do") == 1
    assert name not in store.series()


@pytest.mark.parametrize(
    "name",
    [
        "tank 1/level",
        "a,b/c=d",
        'say "hi"/ph',
        "it's/do",
        "青河-3号/氨氮",
        "a\\b/c\\ d",
        "a\\,b/x",
        "tab=,\\ x/y/z",
        "ünï/🌊",
        "'/\"",
        "%/$__x",
    ],
)
def test_quotes_spaces_and_all_scripts_come_back_as_they_went(store: Store, station: str, name: str) -> None:
    name = f"{station}{name}"
    store.write(judged([(name, START, 1.5)], flag=Flag.SUSPECT))
    assert stored(store, name) == [(name, START, 1.5)]
    assert name in store.series()
    assert store.newest([name])[name].flag == Flag.SUSPECT
    assert store.count(name) == 1
    assert store.downsampled(name, START, START + 1, SECOND).mean.tolist() == [1.5]


@pytest.mark.parametrize(
    "value", [-0.05, -1e308, 1.7976931348623157e308, 5e-324, -2.5e-9, 1e15, 2**53 + 2.0, 1 / 3, 0.0, 123456789.987654321]
)
def test_every_finite_double_comes_back(store: Store, station: str, value: float) -> None:
    name = f"{station}/do"
    store.write(judged([(name, START, value)]))
    assert [found for _, _, found in stored(store, name)] == [value]


def test_instants_one_nanosecond_apart_are_two_points(store: Store, station: str) -> None:
    name = f"{station}/do"
    store.write(judged([(name, START + 1, 1.0), (name, START, 2.0)]))
    assert stored(store, name) == [(name, START, 2.0), (name, START + 1, 1.0)]


def test_readings_before_1970_and_in_2200_are_kept(store: Store, station: str) -> None:
    name, early, late = f"{station}/do", -SECOND, 7_258_118_400 * SECOND
    store.write(judged([(name, early, 1.0), (name, late, 2.0)]))
    assert store.read(name, -(2**63), 2**63 - 1).at.tolist() == [early, late]
    assert store.newest([name])[name].at == late


def test_an_instant_no_database_holds_is_refused(store: Store, station: str) -> None:
    name = f"{station}/do"
    written = store.write(judged([(name, -(2**63), 1.0), (name, START, 1.0), (name, 2**63 - 1, 1.0)], got=[START] * 3))
    assert [one.at for one in written.refused] == [-(2**63), 2**63 - 1]
    assert store.count(name) == 1


def test_readings_come_in_order_whatever_order_they_were_written_in(store: Store, station: str) -> None:
    rows = every_second(f"{station}/do", [float(i) for i in range(20)])
    store.write(judged(rows[10:][::-1]))
    store.write(judged(rows[:10][::-1]))
    assert stored(store, f"{station}/do") == rows


def test_a_read_ends_before_its_end_and_after_its_most(store: Store, station: str) -> None:
    name = f"{station}/do"
    store.write(judged(every_second(name, [0.0, 1.0, 2.0, 3.0])))
    assert store.read(name, START + SECOND, START + 3 * SECOND).value.tolist() == [1.0, 2.0]
    assert store.read(name, START, START + 9 * SECOND, most=3).value.tolist() == [0.0, 1.0, 2.0]


def test_bounds_may_be_numpys_integers(store: Store, station: str) -> None:
    name, start, end = f"{station}/do", np.int64(START), np.int64(START + SECOND)
    store.write(judged(every_second(name, [1.0, 2.0])))
    assert store.read(name, start, end).value.tolist() == [1.0]
    assert store.downsampled(name, start, end, np.int64(SECOND)).mean.tolist() == [1.0]


def test_a_series_without_readings_is_empty_everywhere(store: Store, station: str) -> None:
    name = f"{station}/do"
    assert len(store.read(name, 0, 2**62)) == 0
    assert len(store.downsampled(name, START, START + SECOND, SECOND)) == 0
    assert store.newest([name]) == {}
    assert store.newest([]) == {}
    assert store.count(name) == 0
    assert name not in store.series()


def test_an_empty_batch_is_written(store: Store) -> None:
    written = store.write(judged([]))
    assert (written.points, written.refused) == (0, ())


def test_newest_without_names_is_that_of_every_series(store: Store, station: str) -> None:
    store.write(judged([(f"{station}/do", START, 1.0), (f"{station}/ph", START, 7.0), (f"{station}/do", START + 1, 2.0)]))
    found = store.newest()
    assert found[f"{station}/do"].value == 2.0
    assert found[f"{station}/ph"].value == 7.0
    assert set(found) == set(store.series())
    assert store.count() >= 3


def test_newest_of_hundreds_of_series_is_theirs_alone(store: Store, station: str) -> None:
    names = [f"{station}/q{i}" for i in range(300)]
    store.write(judged([(name, START + i, float(i)) for i, name in enumerate(names)]))
    assert {name: one.value for name, one in store.newest(names[:250]).items()} == {
        name: float(i) for i, name in enumerate(names[:250])
    }


def test_a_batch_larger_than_one_request_arrives_whole(store: Store, station: str) -> None:
    rows = [(f"{station}/do", START + i, i / 8) for i in range(12_000)]
    assert store.write(judged(rows)).points == 12_000
    assert stored(store, f"{station}/do") == rows


@few
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    steps=st.lists(st.integers(1, 40 * SECOND), min_size=60, max_size=60),
    flags=st.lists(st.sampled_from([1, 2, 3, 4, 9]), min_size=60, max_size=60),
    every=st.integers(SECOND, 300 * SECOND),
)
def test_buckets_are_what_numpy_makes_of_the_readings(
    store: Store, values: list[float], steps: list[int], flags: list[int], every: int
) -> None:
    """Mean, least, most, count and worst flag of each span, wherever the spans fall."""
    name = f"{new_station()}/do"
    at = START + np.cumsum(steps[: len(values)])
    flag = np.array(flags[: len(values)])
    store.write(judged(list(zip([name] * len(at), at.tolist(), values, strict=True)), flag=flag))
    end = int(at[-1])  # leaves the last reading out
    found = store.downsampled(name, START, end, every)

    kept = at < end
    spans, column = at[kept] // every * every, np.array(values)[kept]
    for i, span in enumerate(np.unique(spans)):
        inside = spans == span
        assert found.at[i] == span
        assert found.mean[i] == pytest.approx(column[inside].mean(), rel=1e-9, abs=1e-6)
        assert (found.low[i], found.high[i]) == (column[inside].min(), column[inside].max())
        assert (found.count[i], found.flag[i]) == (inside.sum(), flag[kept][inside].max())
    assert len(found) == len(np.unique(spans))


@few
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=30))
def test_any_doubles_in_any_order_are_kept_as_the_last_of_each_key(store: Store, rows: list[tuple[int, float]]) -> None:
    """The store is a mapping from (series, at), written in order."""
    name = f"{new_station()}/do"
    given_rows = [(name, START + moment, value) for moment, value in rows]
    store.write(judged(given_rows))
    assert stored(store, name) == [(name, at, value) for at, value in sorted({at: value for _, at, value in given_rows}.items())]


def event(station: str, turn: Turn, at: int) -> GridEvent:
    return GridEvent(
        id="e1", turn=turn, rule="limit:do, low", matter="pollution", level=Level.ALARM, series=f"{station}/do", station=station,
        quantity="do", since=START, at=at, value=None if turn is Turn.CLEARED else 1.5, limit=2.0, code="06026",
        standard="GB/T 47678.5-2026", cell="", reach="", tell=True,
    )  # fmt: skip


def test_events_are_written_again_and_again(store: Store, station: str) -> None:
    """They are for boards: a board's own test reads them."""
    for turn in (Turn.RAISED, Turn.RAISED, Turn.CLEARED, Turn.LATE):
        store.write_event(event(station, turn, START))
    assert store.count(f"{station}/do") == 0


@pytest.mark.parametrize("url", ["postgres://x/y", "http://localhost:8086", "http://localhost:8086?org=o", "series.db"])
def test_an_address_of_no_known_form_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(Misconfigured, match="RIVERWATCH_STORE"):
        open_store(url)


@pytest.fixture
def opener(tmp_path: Path) -> Callable[[], Store]:
    return lambda: open_store(f"sqlite:///{tmp_path / 'shared.db'}")


def test_a_second_process_sees_what_the_first_has_written(opener: Callable[[], Store]) -> None:
    """Two connections on one SQLite file, as the worker's and the desk's."""
    writer, reader = opener(), opener()
    writer.write(judged([("s/do", START, 1.0)]))
    assert reader.series() == ["s/do"]
    writer.write(judged([("s/do", START + 1, 2.0)]))
    assert reader.newest()["s/do"].value == 2.0
    writer.close()
    assert reader.count() == 2
    reader.close()


def test_flags_and_tests_are_counted_within_their_stretch(store: Store, station: str) -> None:
    """The first reading lies before the stretch and the last behind it; a reading on which two tests fired counts for both."""
    clear, doubted, still = (f"{station}/{quantity}" for quantity in ("ph", "do", "turb"))
    flags, tests = [4, 1, 3, 3, 4, 9, 4], [1, 0, 2, 3, 1 << 15, 64, 1]
    store.write(judged(every_second(doubted, [float(i) for i in range(7)]), flag=flags, tests=tests))
    store.write(judged(every_second(clear, [7.0, 7.1]), tests=[0, 4]))

    found = store.counts([doubted, clear, still], START + SECOND, START + 6 * SECOND)

    fired = {"gross_range": 1, "spike": 2, "gap": 1, "unlikely": 1}
    assert found == {
        doubted: Counts(flags={1: 1, 3: 2, 4: 1, 9: 1}, tests=fired),
        clear: Counts(flags={1: 1}, tests={"rate_of_change": 1}),
    }
    assert (found[doubted].total, store.counts([], START, START + SECOND)) == (5, {})


def test_counting_many_series_leaves_out_those_not_asked_for(store: Store, station: str) -> None:
    store.write(judged([(f"{station}/s{i}", START, 1.0) for i in range(3)], flag=[3, 1, 3], tests=[2, 0, 2]))
    asked = [f"{station}/s{i}" for i in range(1, 250)]

    assert store.counts(asked, START, START + 1) == {
        f"{station}/s1": Counts(flags={1: 1}),
        f"{station}/s2": Counts(flags={3: 1}, tests={"spike": 1}),
    }
