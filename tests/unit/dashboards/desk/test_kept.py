"""Exhibits that open pages show: read while pages ask, kept while their store is away."""

import socket
from pathlib import Path

import pytest

from dashboards.desk.kept import Kept
from storage.exhibits import Exhibit, Exhibits
from storage.shelf import Place
from tests import gateway


def an_exhibit(*, over: bool) -> Exhibit:
    """The list of an event."""
    return Exhibit(episode="e", camera="cam", series="cam/movers", made_at=0, over=over)


@pytest.fixture
def exhibits(tmp_path: Path) -> Exhibits:
    return Exhibits(Place(address=str(tmp_path / "exhibits")))


async def test_a_page_sees_what_comes_until_the_event_is_over(exhibits: Exhibits) -> None:
    shown = Kept(exhibits)
    await shown.ask("e")
    seen = [shown.of("e")]
    for over in (False, True):
        exhibits.hang(an_exhibit(over=over))
        shown.renew()
        seen.append(shown.of("e"))

    assert seen == [None, an_exhibit(over=False), an_exhibit(over=True)]


async def test_what_no_page_asks_for_any_more_is_forgotten(exhibits: Exhibits) -> None:
    exhibits.hang(an_exhibit(over=False))
    shown = Kept(exhibits, shown=-1.0)
    await shown.ask("e")
    shown.renew()

    assert shown.of("e") is None


async def test_while_the_store_is_away_what_was_shown_stays(exhibits: Exhibits, tmp_path: Path) -> None:
    exhibits.hang(an_exhibit(over=False))
    shown = Kept(exhibits)
    await shown.ask("e")
    lists = tmp_path / "exhibits" / "lists"
    (lists / "e.json").unlink()
    (lists / "e.json").mkdir()  # it cannot be read
    shown.renew()

    assert shown.of("e") == an_exhibit(over=False)


async def test_a_page_does_not_wait_for_a_store_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        shown = Kept(Exhibits(gateway.bucket(f"http://127.0.0.1:{deaf.getsockname()[1]}", "x")), patience=0.05)
        await shown.ask("e")

        assert shown.of("e") is None
