"""Opening SQLite files that several processes share, and saying when one does not answer."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from detectors.domain.errors import Misconfigured, Unreachable

PATIENCE = 10.0  # seconds that a connection waits for another process's lock
_NUMPY = (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
_SCHEME = "sqlite:///"


def path_of(url: str | Path) -> Path:
    """The file that sqlite:////absolute/path names; a plain path is taken as it is."""
    text = str(url)
    return Path(text.removeprefix(_SCHEME)) if text.startswith(_SCHEME) else Path(text)


def connect(url: str | Path, script: str) -> sqlite3.Connection:
    """A connection in autocommit to the file, made with its folder and the script's tables where missing.

    It may be used from several threads, one at a time.

    Raises:
        Misconfigured: if the file is something else than a SQLite database.
        Unreachable: if the file cannot be opened or stays locked.
    """
    path = path_of(url)
    for kind in _NUMPY:
        sqlite3.register_adapter(kind, _whole)  # or SQLite would take NumPy's integers for bytes, without a word
    with answering(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # kill -9 loses nothing; a power cut may lose the last moments
            connection.executescript(script)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as fault:
            raise Misconfigured([f"{path}: {fault}"]) from fault
    return connection


@contextmanager
def answering(part: str) -> Iterator[None]:
    """Turn a locked, full or missing database into Unreachable; a wrong statement stays a bug."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as fault:
        raise Unreachable(part, str(fault)) from fault


@contextmanager
def transaction(connection: sqlite3.Connection, part: str) -> Iterator[sqlite3.Connection]:
    """All or nothing, with the write lock taken at once, so that no upgrade can deadlock."""
    with answering(part):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


class File:
    """One SQLite file for all threads of a process, which take turns on one connection.

    Raises:
        Misconfigured, Unreachable: as `connect` does.
    """

    def __init__(self, url: str | Path, script: str) -> None:
        self.path = path_of(url)
        self._db = connect(url, script)
        self._turn = threading.RLock()

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """The connection for as long as it is ours; each statement stands for itself.

        Raises:
            Unreachable: if the file does not answer.
        """
        with self._turn, answering(self.path.name):
            yield self._db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection for as long as it is ours; all that is written in it, or nothing.

        Raises:
            Unreachable: if the file does not answer.
        """
        with self._turn, transaction(self._db, self.path.name) as db:
            yield db

    def rows(self, query: str, given: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            Unreachable: if the file does not answer.
        """
        with self.turn() as db:
            return db.execute(query, given).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._db.close()


def _whole(number: Any) -> int:
    return int(number)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL; the switch ignores the busy time-out, so two processes that make the file at once take turns."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return
