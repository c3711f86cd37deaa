"""The tables of the casebook are made once, by whoever comes first."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detectors.domain.errors import Refused, Unreachable
from detectors.domain.site import Site, Title
from storage.casebook import Casebook
from storage.casebook.alone import alone
from storage.casebook.outbox import channel_name, message_id, token_of
from storage.casebook.tables import STEPS, VERSION

SITE = Site(name="test", title=Title(zh="测", en="test"))


def test_processes_that_open_a_new_casebook_at_once_agree_on_its_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        books = list(pool.map(lambda _: Casebook(tmp_path / "book.db", SITE), range(8)))

    assert len({book._secret for book in books}) == 1
    assert len(books[0]._secret) == 32
    for book in books:
        book.close()


def test_the_file_says_its_version_and_is_written_ahead(tmp_path: Path) -> None:
    Casebook(tmp_path / "book.db", SITE).close()

    with sqlite3.connect(tmp_path / "book.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_casebook_of_the_first_release_is_brought_up_and_keeps_its_episodes(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "book.db", isolation_level=None) as db:
        for statement in STEPS[0].split(";"):
            db.execute(statement)
        db.execute(
            "INSERT INTO episode VALUES ('e', 'open', 'limit:x', 'pollution', 'warning', 'a/do', 'a', 'do', 1,"
            " 2, NULL, NULL, NULL, 3.0, NULL, 5.0, '', '', '', '', 0, 1)"
        )
        db.execute("PRAGMA user_version = 1")

    book = Casebook(tmp_path / "book.db", SITE)

    assert [(one.id, one.value, one.facts) for one in book.open_events()] == [("e", 3.0, {})]
    book.close()


def test_a_casebook_that_cannot_be_opened_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "book.db").mkdir()

    with pytest.raises(Unreachable, match=r"book\.db"):
        Casebook(tmp_path / "book.db", SITE)


def test_nothing_is_delivered_to_a_mailbox_but_messages(tmp_path: Path) -> None:
    book = Casebook(tmp_path / "book.db", SITE)

    with pytest.raises(Refused, match="no such message"):
        book.deliver("made-up", "title", "body", 0)
    book.close()


def test_names_of_messages_and_tokens_follow_from_their_cause() -> None:
    one = message_id("e", "zhang", "mailbox:", "raised")

    assert one == message_id("e", "zhang", "mailbox:", "raised")
    assert len({one, message_id("e", "li", "mailbox:", "raised"), message_id("e", "zhang", "mailbox:", "cleared")}) == 3
    assert token_of(one, b"secret") == token_of(one, b"secret") != token_of(one, b"other")


def test_a_channel_is_named_without_its_secrets() -> None:
    name = channel_name("mailtos://me:swordfish@example.org?to=zhang@example.org")

    assert name.startswith("mailtos:")
    assert "swordfish" not in name
    assert "zhang" not in name


def test_one_messenger_is_alone_and_the_next_may_follow(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    with alone(book), pytest.raises(Unreachable, match="another messenger"), alone(book, patience=0.0):
        pass
    with alone(book, patience=0.0):
        pass
