"""SQLite files that processes share."""

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.errors import Misconfigured, Unreachable
from storage import sqlite


def test_a_url_names_an_absolute_file() -> None:
    assert sqlite.path_of("sqlite:////a/b.db") == Path("/a/b.db")
    assert sqlite.path_of(Path("/a/b.db")) == Path("/a/b.db")


def test_a_missing_folder_is_made_and_the_file_is_write_ahead(tmp_path: Path) -> None:
    connection = sqlite.connect(tmp_path / "new" / "a.db", "CREATE TABLE t (x)")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_file_that_cannot_be_opened_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreachable, match=r"a\.db does not answer"):
        sqlite.connect(tmp_path / "file" / "a.db", "")


def test_a_file_of_another_kind_is_a_setting_to_mend(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database at all, " * 99)
    with pytest.raises(Misconfigured, match="not a database"):
        sqlite.connect(tmp_path / "a.db", "CREATE TABLE t (x)")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    connection = sqlite.connect(tmp_path / "a.db", "CREATE TABLE t (x)")

    def fail() -> None:
        with sqlite.transaction(connection, "a.db") as db:
            db.execute("INSERT INTO t VALUES (1)")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert connection.execute("SELECT * FROM t").fetchall() == []
    connection.close()


def test_a_locked_file_is_unreachable_and_later_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    one, two = (sqlite.connect(tmp_path / "a.db", "CREATE TABLE IF NOT EXISTS t (x)") for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unreachable, match="locked"), sqlite.transaction(two, "a.db"):
        pass
    one.execute("COMMIT")
    with sqlite.transaction(two, "a.db") as db:
        db.execute("INSERT INTO t VALUES (1)")
    assert one.execute("SELECT count(*) FROM t").fetchone() == (1,)
    one.close()
    two.close()


def test_a_wrong_statement_stays_a_bug(tmp_path: Path) -> None:
    connection = sqlite.connect(tmp_path / "a.db", "CREATE TABLE t (x NOT NULL)")
    with pytest.raises(sqlite3.IntegrityError), sqlite.transaction(connection, "a.db") as db:
        db.execute("INSERT INTO t VALUES (NULL)")
    connection.close()


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8, np.uint16])
def test_numpys_integers_are_integers(tmp_path: Path, kind: type[np.integer]) -> None:
    connection = sqlite.connect(tmp_path / "a.db", "CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (?)", (kind(7),))
    assert connection.execute("SELECT x, typeof(x) FROM t").fetchone() == (7, "integer")
    connection.close()


def test_threads_take_turns_on_a_file_and_their_transactions_stay_whole(tmp_path: Path) -> None:
    """Two that read and then write what they read plus one would lose counts if they met."""
    file = sqlite.File(tmp_path / "a.db", "CREATE TABLE t (n); INSERT INTO t VALUES (0)")

    def count() -> None:
        for _ in range(50):
            with file.transaction() as db:
                ((n,),) = db.execute("SELECT n FROM t").fetchall()
                db.execute("UPDATE t SET n = ?", (n + 1,))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert file.rows("SELECT n FROM t") == [(200,)]
    file.close()


def test_a_turn_inside_a_transaction_belongs_to_it(tmp_path: Path) -> None:
    file = sqlite.File(tmp_path / "a.db", "CREATE TABLE t (x)")

    def fail() -> None:
        with file.transaction(), file.turn() as db:
            db.execute("INSERT INTO t VALUES (1)")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert file.rows("SELECT * FROM t WHERE x = :x", {"x": 1}) == []
    file.close()
