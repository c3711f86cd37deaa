"""The ledger: counts that survive restarts and repetition, and an equation that two independent stages must agree on."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.balance import PATIENCE
from storage.ledger import Balance, Ledger

DAY = 86_400 * 10**9
WAYS = ("judged", "history", "repeated")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger(url)
    yield opened
    opened.close()


def of(ledger: Ledger) -> dict[tuple[str, str, str], int]:
    return {(row.stage, row.device, row.outcome): row.n for row in ledger.rows()}


def memory(device: str, judged: int, history: int = 0, repeated: int = 0) -> dict[tuple[str, str], int]:
    """What a worker's memory says of a device."""
    counts = {"received": judged + history + repeated, "judged": judged, "history": history, "repeated": repeated}
    return {(device, outcome): n for outcome, n in counts.items()}


def test_absolute_counts_replace_older_ones(ledger: Ledger) -> None:
    assert ledger.set("readings", 3, 10, {("a", "judged"): 5})
    assert ledger.set("readings", 3, 11, {("a", "judged"): 7})
    assert of(ledger) == {("readings", "a", "judged"): 7}


@pytest.mark.parametrize("offset", [10, 9, 0])
def test_absolute_counts_of_an_offset_that_is_not_newer_change_nothing(ledger: Ledger, offset: int) -> None:
    ledger.set("readings", 3, 10, {("a", "judged"): 5})
    assert not ledger.set("readings", 3, offset, {("a", "judged"): 4})
    assert of(ledger) == {("readings", "a", "judged"): 5}


def test_a_record_is_added_once_however_often_it_comes(ledger: Ledger) -> None:
    for offset in (1, 2, 2, 1, 3, 0):
        ledger.add("landing", 0, offset, {("a", "judged"): 10})
    assert of(ledger) == {("landing", "a", "judged"): 30}


def test_partitions_and_stages_have_offsets_of_their_own(ledger: Ledger) -> None:
    for stage, partition in (("landing", 0), ("landing", 1), ("refused", 0)):
        ledger.add(stage, partition, 5, {("a", "judged"): 1})
    assert of(ledger) == {("landing", "a", "judged"): 2, ("refused", "a", "judged"): 1}


def test_notes_count_on(ledger: Ledger) -> None:
    ledger.note("bridge", "a", "reconnected")
    ledger.note("bridge", "a", "reconnected", 4)
    assert of(ledger) == {("bridge", "a", "reconnected"): 5}
    assert ledger.balance().notes == {"bridge": {"a": {"reconnected": 5}}}


def test_counts_survive_a_restart(ledger: Ledger, url: str) -> None:
    ledger.add("landing", 0, 5, {("a", "judged"): 1})
    ledger.close()
    again = Ledger(url)
    again.add("landing", 0, 5, {("a", "judged"): 1})
    assert of(again) == {("landing", "a", "judged"): 1}
    again.close()


def test_many_are_added_in_one_go_and_each_once(ledger: Ledger) -> None:
    entries = [("landing", n % 3, n // 3, {("a", "judged"): 1, ("b", "history"): 2}) for n in range(300)]
    assert ledger.add_many(entries) == 300
    assert ledger.add_many(entries) == 0
    assert of(ledger) == {("landing", "a", "judged"): 300, ("landing", "b", "history"): 600}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=30), st.data())
def test_redelivery_from_any_point_changes_no_sum(tmp_path_factory, brought: list[tuple[int, int]], data: st.DataObject) -> None:
    """Records come again from an earlier offset after a crash, as often as Kafka likes."""
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "l.db")
    expected: Counter[tuple[str, str, str]] = Counter()
    entries = [("landing", partition, offset, {("a", "judged"): n}) for offset, (partition, n) in enumerate(brought)]
    for _, _, _, counts in entries:
        expected["landing", "a", "judged"] += counts["a", "judged"]
    done = 0
    while done < len(entries):
        back = data.draw(st.integers(0, done))
        ahead = data.draw(st.integers(done + 1, len(entries)))
        ledger.add_many(entries[back:ahead])
        done = ahead
    assert of(ledger) == {key: n for key, n in expected.items() if n}
    ledger.close()


def balance_of(ledger: Ledger, later: int = DAY) -> Balance:
    """The balance long after the stages spoke, when no excuse is left."""
    now = max((told for (told,) in ledger._file.rows("SELECT told FROM marks")), default=0)
    return ledger.balance(now=now + later)


def test_an_empty_ledger_closes(ledger: Ledger) -> None:
    assert ledger.balance().closes
    assert ledger.balance().devices == {}


def test_it_closes_when_both_stages_counted_the_same(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5, 2, 1) | memory("b", 1))
    ledger.add("landing", 0, 4, {("a", "judged"): 3, ("a", "history"): 2, ("a", "amended"): 9, ("b", "judged"): 1})
    ledger.add("landing", 0, 5, {("a", "judged"): 2, ("a", "repeated"): 1})
    ledger.add("refused", 0, 0, {("a", "bridge"): 4})
    found = balance_of(ledger)
    a = found.devices["a"]
    assert found.closes
    assert (a.received, a.judged, a.history, a.repeated, a.refused, a.stored, a.in_flight) == (12, 5, 2, 1, 4, 8, 0)
    assert a.received == a.judged + a.history + a.repeated + a.refused
    assert (found.total.received, found.total.stored, found.total.closes) == (13, 9, True)


def test_what_has_not_landed_yet_is_in_flight(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5, 2))
    ledger.add("landing", 0, 4, {("a", "judged"): 3})
    found = balance_of(ledger)
    assert found.closes
    assert (found.devices["a"].stored, found.devices["a"].in_flight, found.total.in_flight) == (3, 4, 4)


def test_a_reading_that_vanished_while_judging_is_told(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5) | {("a", "received"): 6})
    found = balance_of(ledger)
    assert (found.closes, found.devices["a"].stage, found.total.stage) == (False, "readings", "readings")


def test_a_reading_that_landed_twice_is_told(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5))
    ledger.add("landing", 0, 4, {("a", "judged"): 6})
    found = balance_of(ledger)
    assert (found.closes, found.devices["a"].stage) == (False, "landing")


def test_one_outcome_too_many_is_not_made_good_by_another_too_few(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5, 5))
    ledger.add("landing", 0, 4, {("a", "judged"): 6, ("a", "history"): 4})
    assert balance_of(ledger).devices["a"].stage == "landing"


def test_one_device_too_many_is_not_made_good_by_another_too_few(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5) | memory("b", 5))
    ledger.add("landing", 0, 4, {("a", "judged"): 6, ("b", "judged"): 4})
    assert not balance_of(ledger).closes


def test_landing_may_be_ahead_of_the_workers_last_snapshot_for_a_moment(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5))
    ledger.add("landing", 0, 4, {("a", "judged"): 6})
    assert balance_of(ledger, later=PATIENCE // 2).closes
    assert not balance_of(ledger, later=PATIENCE + 1).closes


def test_once_the_worker_has_spoken_again_landing_may_not_be_ahead(ledger: Ledger) -> None:
    ledger.add("landing", 0, 4, {("a", "judged"): 6})
    ledger.set("readings", 0, 9, memory("a", 5))
    assert not balance_of(ledger, later=0).closes


def test_what_the_store_refused_had_been_received_and_judged(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("a", 5))
    ledger.add("landing", 0, 4, {("a", "judged"): 5})
    ledger.add("refused", 0, 0, {("a", "landing"): 1})
    a = balance_of(ledger).devices["a"]
    assert (a.received, a.refused, a.closes) == (5, 0, True)


def test_frames_close_for_each_camera(ledger: Ledger) -> None:
    ledger.add("frames", 0, 1, {("gate", "received"): 9, ("gate", "looked"): 5, ("gate", "skipped"): 2, ("gate", "refused"): 1})
    ledger.add("frames", 1, 1, {("weir", "received"): 1, ("weir", "looked"): 2})
    found = balance_of(ledger)
    assert (found.cameras["gate"].in_flight, found.cameras["gate"].closes) == (1, True)
    assert (found.cameras["weir"].closes, found.closes) == (False, False)


def test_the_balance_is_json(ledger: Ledger) -> None:
    ledger.set("readings", 0, 9, memory("青河", 5))
    found = ledger.balance()
    assert msgspec.json.decode(msgspec.json.encode(found), type=Balance) == found


def adding(url: str, partition: int) -> None:
    ledger = Ledger(url)
    for offset in range(100):
        ledger.add("landing", partition, offset, {("a", "judged"): 1})
    ledger.close()


def test_processes_that_count_at_once_lose_nothing(url: str) -> None:
    """They make the file at once, too."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=adding, args=(url, partition)) for partition in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    ledger = Ledger(url)
    assert of(ledger) == {("landing", "a", "judged"): 300}
    ledger.close()
