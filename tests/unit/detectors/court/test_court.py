"""The court as its callers meet it: outcomes, amendments, instrument matters, counts, blocks."""

import msgspec
import numpy as np
import pytest

from detectors.court import Court, Memory, freeze
from detectors.court.register import FULL
from detectors.domain.batch import Batch
from detectors.domain.errors import Refused
from detectors.domain.event import Level
from detectors.domain.judged import Outcome
from detectors.domain.quality import Habits, Quality
from tests.unit.detectors.court.stand import SECOND, SERIES, START, Hearing, limit, of_quality, series_of, site, station

NAN = float("nan")
FULL_QUALITY = of_quality(
    fail_low=0, fail_high=20, spike_suspect=2, spike_fail=4, rate=3, flat_tolerance=0.1, flat_suspect=3, flat_fail=5
)


@pytest.mark.parametrize(
    ("rows", "outcomes"),
    [
        pytest.param([(0, 5), (1, 5), (2, 5)], "JUDGED JUDGED JUDGED", id="newer than all before is judged"),
        pytest.param([(1, 5), (0, 5)], "JUDGED HISTORY", id="older is history"),
        pytest.param([(1, 5), (1, 5)], "JUDGED REPEATED", id="the same again is repeated"),
        pytest.param([(1, 5), (1, 6)], "JUDGED HISTORY", id="another value at the same instant is history"),
        pytest.param([(1, NAN), (1, NAN)], "JUDGED REPEATED", id="what is missing twice is repeated"),
        pytest.param([(0, 5), (1, 5), (0, 5)], "JUDGED JUDGED REPEATED", id="what a crashed bridge says again is repeated"),
        pytest.param([(0, 5), (1, 5), (0, 6)], "JUDGED JUDGED HISTORY", id="what it corrects is history"),
        pytest.param([*((i, 5) for i in range(33)), (1, 5)], "JUDGED " * 33 + "REPEATED", id="the 32 newest are known again"),
        pytest.param([*((i, 5) for i in range(33)), (0, 5)], "JUDGED " * 33 + "HISTORY", id="what lies further back is history"),
        pytest.param([(-9e9, 5), (-8e9, 5)], "JUDGED JUDGED", id="long before 1970 there is an order too"),
    ],
)
def test_outcomes(rows: list[tuple[float, float]], outcomes: str) -> None:
    batch = Batch.of([(SERIES, START + round(at * SECOND), value) for at, value in rows])
    assert " ".join(Hearing(site()).judge(batch).outcomes) == outcomes


def test_a_spike_is_said_again_with_its_new_flag() -> None:
    """The amended row is the earlier reading, whole, whichever batch it came in."""
    heard = Hearing(site(thresholds=[FULL_QUALITY]))
    first = series_of([5, 5.5, 10.5], every=10)
    first.mark[2], first.got[2] = ord("N"), START + 99 * SECOND
    heard.judge(first).judge(series_of([5.5], start=START + 30 * SECOND))
    judged = heard.verdicts[-1].judged
    assert judged.outcome.tolist() == [Outcome.JUDGED, Outcome.AMENDED]
    assert [judged.readings.names[i] for i in judged.readings.series] == [SERIES, SERIES]
    assert (judged.readings.at[1], judged.readings.value[1], judged.readings.mark[1]) == (START + 20 * SECOND, 10.5, ord("N"))
    assert (judged.readings.seq[1], judged.readings.got[1], judged.flag[1]) == (2, START + 99 * SECOND, 4)
    assert heard.tests == ["", "spike", "spike", ""]  # the reading before it too: its middle is off, as in QARTOD
    assert heard.memory.counts() == {"weir": (4, 4, 0, 0)}


def test_a_repeated_reading_keeps_the_flag_of_the_first() -> None:
    batch = Batch.of([(SERIES, START, 5), (SERIES, START + SECOND, 9), (SERIES, START + SECOND, 9)])
    heard = Hearing(site(limit(), thresholds=[FULL_QUALITY])).judge(batch)
    assert heard.verdicts[0].judged.flag.tolist() == [1, 3, 3]
    assert heard.verdicts[0].judged.tests.tolist()[1] == heard.verdicts[0].judged.tests.tolist()[2]


def test_history_gets_the_tests_that_need_no_memory() -> None:
    heard = Hearing(site(thresholds=[FULL_QUALITY])).judge(series_of([5, 5.1], start=START))
    heard.judge(series_of([21.0], start=START - SECOND)).judge(series_of([9.0], start=START - 2 * SECOND))
    assert [verdict.judged.flag.tolist() for verdict in heard.verdicts[1:]] == [[4], [1]]


@pytest.mark.parametrize(
    ("values", "marks", "turns"),
    [
        pytest.param([99, 99], "", [], id="twice is an accident"),
        pytest.param([99, 99, 99, 99], "", ["raised:quality:gross_range@2"], id="three times is an illness, said once"),
        pytest.param([99, 99, 5, 99, 99], "", [], id="a pass between begins anew"),
        pytest.param([5] * 8, "", ["raised:quality:flat_line@7"], id="a stuck probe is ill once it has failed three times"),
        pytest.param([5, 6, 5, 6], "DDDD", ["raised:quality:mark@2"], id="a device that calls itself broken is ill"),
        pytest.param([99, 99, NAN, 99], "", ["raised:quality:gross_range@3"], id="what is missing neither heals nor harms"),
        pytest.param([99] * 5, "MMMMM", ["raised:quality:mark@2"], id="an instrument that is worked on is the operator's matter"),
        pytest.param([5] * 3, "CCC", ["raised:quality:mark@2"], id="one that is calibrated, too"),
        pytest.param([5] * 3, "FFF", ["raised:quality:mark@2"], id="and one that is not in operation"),
        pytest.param([5] * 3, "BBB", ["raised:quality:mark@2"], id="and one whose line or power is broken"),
        pytest.param(
            [5, 14, 5, 14, 5, 14],
            "",
            ["raised:quality:spike@4"],
            id="a probe that jumps to and fro is ill, known one reading later",
        ),
        pytest.param([99, 5, 6] * 8, "", ["raised:quality:gross_range@21"], id="one that is wrong time and again is ill"),
        pytest.param([99, *[5, 6] * 5] * 12, "", [], id="one that is wrong now and then is not"),
    ],
)
def test_instrument_matters(values: list[float], marks: str, turns: list[str]) -> None:
    heard = Hearing(site(limit(above=50.0, clear=40.0), thresholds=[FULL_QUALITY])).judge(series_of(values, marks=marks))
    assert turns == heard.turns
    assert all((event.matter, event.level, event.limit) == ("instrument", Level.NOTICE, None) for event in heard.events)


def test_an_instrument_that_is_back_at_work_is_well_again() -> None:
    heard = Hearing(site()).judge(series_of([5] * 33, marks="C" * 3 + "." * 30, every=60))
    assert heard.turns == ["raised:quality:mark@120", "cleared:quality:mark@1920"]


def test_two_tests_may_turn_with_one_reading() -> None:
    heard = Hearing(site(thresholds=[FULL_QUALITY])).judge(series_of([99, 99], marks="DD"))
    heard.judge(series_of([99], marks="D", start=START + 2 * SECOND))
    assert heard.turns == ["raised:quality:gross_range@2", "raised:quality:mark@2"]


def test_events_stand_in_the_order_of_the_readings_that_turned_them() -> None:
    rows = [("a/do", START, 9.0), ("b/do", START, 9.0), ("a/do", START + 1, 5.0), ("b/do", START + 1, 5.0)]
    heard = Hearing(site(limit("b", series="b/do"), limit("a", series="a/do"))).judge(Batch.of(rows))
    assert [event.rule for event in heard.events] == ["limit:a", "limit:b", "limit:a", "limit:b"]
    assert heard.verdicts[0].by == (0, 1, 2, 3)


def test_series_that_the_site_does_not_know_are_judged_and_counted() -> None:
    heard = Hearing(site()).judge(Batch.of([("barge/ph", START, 7.0), ("barge/ph", START, 7.0), ("barge/ph", START - 1, 7.0)]))
    assert heard.verdicts[0].judged.flag.tolist() == [2, 2, 2]
    assert heard.memory.counts() == {"barge": (3, 1, 1, 1)}


def test_an_empty_batch_changes_nothing() -> None:
    heard = Hearing(site()).judge(Batch.of([]))
    assert (len(heard.verdicts[0].judged), heard.memory.blocks(), heard.memory.newest) == (0, {}, 0)


def test_the_newest_got_is_remembered() -> None:
    heard = Hearing(site()).judge(series_of([1, 2]))
    assert heard.memory.newest == START + SECOND == heard.court.thaw(heard.memory.blocks()).newest


# blocks


def many(stations: int, *, at: int = START) -> Batch:
    return Batch.of([(f"station-{i}/do", at, 5.0) for i in range(stations)])


def test_blocks_are_small_and_only_changed_ones_are_written() -> None:
    heard = Hearing(site()).judge(many(3000))
    everything = heard.memory.blocks()
    assert heard.memory.blocks() == {}
    assert max(map(len, everything.values())) <= 2 * FULL == 512 * 1024
    assert len(everything) > 3
    heard.judge(Batch.of([("station-7/do", START + 1, 5.0)]))
    assert sorted(heard.memory.blocks()) == ["series.00000", "stations.00000"]
    assert heard.memory.blocks(changed_only=False).keys() == everything.keys()


def test_one_rule_costs_at_most_300_bytes_a_series() -> None:
    memory = Hearing(site()).memory
    assert max(table.dtype.itemsize for table in memory.series.tables.values()) <= 300


def test_blocks_keep_their_names_when_series_are_added() -> None:
    """A block once written is overwritten, never left behind."""
    heard = Hearing(site()).judge(many(1500))
    shelf = heard.memory.blocks()
    again = heard.court.thaw(shelf)
    heard.court.judge(again, many(3000, at=START + 1))
    shelf |= again.blocks()
    assert heard.court.thaw(shelf).blocks(changed_only=False) == again.blocks(changed_only=False)
    assert heard.court.thaw(shelf).counts() == {f"station-{i}": ((2, 2, 0, 0) if i < 1500 else (1, 1, 0, 0)) for i in range(3000)}


def moved(memory: Memory, *, limits: tuple, thresholds: tuple = ()) -> Hearing:
    """The memory, in a court with other rules."""
    heard = Hearing(site(*limits, thresholds=thresholds))
    heard.memory = heard.court.thaw(memory.blocks(changed_only=False))
    return heard


def test_limits_are_remembered_by_name_when_rules_change() -> None:
    old = Hearing(site(limit("going"), limit("staying"), limit("low", above=None, below=3.0, clear=4.0)))
    old.judge(series_of([9]))
    new = moved(old.memory, limits=(limit("coming"), limit("low", above=None, below=3.0, clear=4.0), limit("staying")))
    new.judge(series_of([9, 5], start=START + SECOND))
    assert new.turns == ["raised:limit:coming@1", "cleared:limit:coming@2", "cleared:limit:staying@2"]
    assert new.events[-1].id == old.events[-1].id


def rewritten(data: bytes, change: dict) -> bytes:
    """A block, its tables changed as an older or newer court might have written them."""
    block, tables = freeze.from_bytes(data)
    kept = {name: table for name, table in tables.items() if name in change}
    frozen = {name: freeze.frozen(change[name](table)) for name, table in kept.items()}
    return freeze.to_bytes(msgspec.structs.replace(block, tables={**block.tables, **frozen}))


def test_a_memory_with_other_fields_is_read_by_name() -> None:
    def other(table: np.ndarray) -> np.ndarray:
        wider = np.zeros(len(table), [("fresh", "f4"), ("value", "f8", (3,)), *[(n, "i8") for n in ("at", "judged", "history")]])
        for name in ("at", "judged"):
            wider[name] = table[name]
        return wider

    heard = Hearing(site()).judge(series_of([5, 6]))
    blocks = {key: rewritten(data, {"order": other}) for key, data in heard.memory.blocks().items()}
    memory = heard.court.thaw(blocks)
    assert memory.counts() == {"weir": (2, 2, 0, 0)}
    assert heard.court.judge(memory, series_of([5])).judged.outcome.tolist() == [Outcome.HISTORY]


def test_an_ill_instrument_is_remembered_by_a_court_that_watches_more_tests() -> None:
    def of_fewer(table: np.ndarray) -> np.ndarray:
        kinds = [(name, kind.base, (2,) if kind.shape else ()) for name, (kind, *_) in table.dtype.fields.items()]
        fewer = np.zeros(len(table), kinds)
        for name in fewer.dtype.names:
            fewer[name] = table[name][:, :2] if table[name].ndim > 1 else table[name]
        return fewer

    heard = Hearing(site(thresholds=[of_quality(fail_low=0, fail_high=50)])).judge(series_of([99, 99, 99]))
    heard.memory = heard.court.thaw({k: rewritten(data, {"persist": of_fewer}) for k, data in heard.memory.blocks().items()})
    heard.judge(series_of([5] * 30, start=START + 60 * SECOND, every=60))
    assert heard.turns == ["raised:quality:gross_range@2", "cleared:quality:gross_range@1800"]


def test_a_table_that_no_rule_owns_is_left_out() -> None:
    heard = Hearing(site()).judge(series_of([5, 6]))
    blocks = heard.memory.blocks()
    block, _ = freeze.from_bytes(blocks["series.00000"])
    extra = {**block.tables, "tide": freeze.frozen(np.zeros(1, [("x", "f8")]))}
    blocks["series.00000"] = freeze.to_bytes(msgspec.structs.replace(block, tables=extra))
    assert heard.court.thaw(blocks).counts() == {"weir": (2, 2, 0, 0)}


def broken_blocks() -> list:
    data = Hearing(site(limit())).judge(series_of([5])).memory.blocks()["series.00000"]
    block, _ = freeze.from_bytes(data)
    table = block.tables["order"]

    def changed(**facts: object) -> bytes:
        return freeze.to_bytes(msgspec.structs.replace(block, **facts))

    return [
        pytest.param(b"", id="nothing"),
        pytest.param(data[:-1], id="a block cut short"),
        pytest.param(changed(names=("a/b", "a/c")), id="a table with too few rows"),
        pytest.param(changed(limits=((5, "high"),)), id="a limit of no series"),
        pytest.param(
            changed(tables={"order": freeze.FrozenTable((("x", "O", (), 0),), 8, table.rows[:8])}), id="a table of objects"
        ),
        pytest.param(changed(tables={"order": freeze.FrozenTable(table.fields, 1, table.rows)}), id="fields outside the row"),
    ]


@pytest.mark.parametrize("data", broken_blocks())
def test_what_is_no_block_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="not a block of memory"):
        Court(site(limit())).thaw({"series.00000": data})


def test_a_key_that_is_no_block_is_refused() -> None:
    with pytest.raises(Refused, match="not a block of memory"):
        Court(site()).thaw({"series.x": b""})


# blocks that were stored at different instants


def test_a_snapshot_need_not_be_atomic() -> None:
    """Records that one block has and another has not are judged again only for the one that has not."""
    of = site(limit("a", series="station-0/do"), stations=[station("station-0", silent_after=60.0)])
    whole, torn = Court(of), Court(of)
    memory = whole.blank()
    shelf: dict[str, bytes] = {}
    records = [many(1500, at=START + i * SECOND) for i in range(6)]
    for offset, batch in enumerate(records):
        whole.judge(memory, batch, offset)
        kept = memory.blocks(changed_only=False)
        shelf |= kept if offset == 1 else {key: data for key, data in kept.items() if key == "series.00001" and offset == 3}
    again = torn.thaw(shelf)
    for offset, batch in enumerate(records[2:], 2):
        judged = torn.judge(again, batch, offset).judged
        assert set(judged.outcome.tolist()) == {Outcome.JUDGED}
        assert len(judged) < 1500 if offset <= 3 else len(judged) == 1500
    assert again.counts() == memory.counts()
    assert again.blocks(changed_only=False) == memory.blocks(changed_only=False)


def test_who_is_met_later_takes_part_in_the_same_tests() -> None:
    """Tables grow with the series that are met: what was remembered goes on, and the new are heard beside."""
    names = [f"weir/q{i}" for i in range(40)]
    heard = Hearing(site(quality=Quality(habits={name: Habits(series=name, gap=5.0) for name in names})))
    for known, second in ((10, 0), (40, 1), (40, 100)):
        heard.judge(Batch.of([(name, START + second * SECOND, 5.0) for name in names[:known]]))
    assert heard.tests == [""] * 50 + ["gap"] * 40
