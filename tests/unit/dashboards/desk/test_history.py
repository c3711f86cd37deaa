"""The history: leaves of events, read once between two looks."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from dashboards.desk.history import History
from dashboards.desk.views.events import Leaf
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.site import Site
from storage.casebook import Casebook

from .conftest import NOW, S


@pytest.fixture
def book(site: Site, tmp_path: Path) -> Casebook:
    """Five episodes, the second and the fourth over."""
    kept = Casebook(tmp_path / "book.db", site, clock=lambda: NOW)
    for n in range(5):
        kept.take(turn(n))
        if n % 2:
            kept.take(msgspec.structs.replace(turn(n), turn=Turn.CLEARED, at=NOW + 100 * S))
    return kept


def turn(n: int) -> GridEvent:
    """The beginning of the n-th episode."""
    since = NOW + n * S
    return GridEvent(
        id=event_id("limit:do-low", "up/do", since), turn=Turn.RAISED, rule="limit:do-low", matter="pollution",
        level=Level.WARNING, series="up/do", station="up", quantity="do", since=since, at=since, value=4.2, limit=5.0,
        code="", standard="", cell="", reach="r", tell=True,
    )  # fmt: skip


async def test_leaves_follow_one_another_to_the_oldest_and_say_who_was_told(book: Casebook) -> None:
    history = History(book, long=2)
    leaf = await history.of("all", None, NOW)
    leaves = [leaf]
    while leaf and leaf.more:
        leaf = await history.of("all", leaf.episodes[-1], NOW)
        leaves.append(leaf)

    assert [[one.since - NOW for one in leaf.episodes] for leaf in leaves if leaf] == [[4 * S, 3 * S], [2 * S, S], [0]]
    assert [len(leaf.told[one.id]) for leaf in leaves if leaf for one in leaf.episodes] == [1, 2, 1, 2, 1]


async def test_a_leaf_is_read_once_in_a_look_and_again_in_the_next(book: Casebook) -> None:
    history = History(book)
    first = await history.of("over", None, NOW)
    book.take(msgspec.structs.replace(turn(4), turn=Turn.CLEARED, at=NOW + 100 * S))
    same, fresh = [await history.of("over", None, at) for at in (NOW, NOW + 1)]

    assert same is first
    assert [_many(leaf) for leaf in (first, fresh)] == [2, 3]


async def test_a_book_that_does_not_answer_leaves_nothing_to_show(book: Casebook) -> None:
    with sqlite3.connect(book.path) as other:
        other.execute("ALTER TABLE episode RENAME TO elsewhere")

    assert await History(book).of("all", None, NOW) is None


def _many(leaf: Leaf | None) -> int:
    return len(leaf.episodes) if leaf else 0
