"""Tables of the casebook, and how an older file becomes one of today."""

import sqlite3

from detectors.domain.errors import Misconfigured
from storage.sqlite import transaction

# Each step leads from one version to the next; a step that has been released is never changed, only followed.
STEPS = (
    """
    CREATE TABLE secret (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL);
    CREATE TABLE event (
        id TEXT NOT NULL, turn TEXT NOT NULL, at INTEGER NOT NULL, said BLOB NOT NULL,
        PRIMARY KEY (id, turn)
    );
    CREATE TABLE episode (
        id TEXT PRIMARY KEY, state TEXT NOT NULL, rule TEXT NOT NULL, matter TEXT NOT NULL, level TEXT NOT NULL,
        series TEXT NOT NULL, station TEXT NOT NULL, quantity TEXT NOT NULL, since INTEGER NOT NULL,
        raised_at INTEGER, cleared_at INTEGER, acknowledged_at INTEGER, acknowledged_by TEXT,
        value REAL, cleared_value REAL, "limit" REAL, code TEXT NOT NULL, standard TEXT NOT NULL,
        cell TEXT NOT NULL, reach TEXT NOT NULL, late INTEGER NOT NULL, told INTEGER NOT NULL
    );
    CREATE INDEX episode_since ON episode (since);
    CREATE INDEX episode_open ON episode (since) WHERE state <> 'over';
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, episode TEXT NOT NULL REFERENCES episode (id),
        chief TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
        made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, attempts INTEGER NOT NULL, why TEXT NOT NULL,
        sent_at INTEGER, token TEXT NOT NULL UNIQUE
    );
    CREATE INDEX outbox_due ON outbox (due_at) WHERE state <> 'sent';
    CREATE INDEX outbox_episode ON outbox (episode);
    CREATE TABLE mailbox (
        message TEXT PRIMARY KEY REFERENCES outbox (id), chief TEXT NOT NULL, arrived_at INTEGER NOT NULL,
        title TEXT NOT NULL, body TEXT NOT NULL
    );
    CREATE INDEX mailbox_chief ON mailbox (chief, arrived_at);
    """,
    """
    ALTER TABLE episode ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
    """,
    """
    ALTER TABLE episode ADD COLUMN follows TEXT NOT NULL DEFAULT '';
    ALTER TABLE episode ADD COLUMN part_of TEXT NOT NULL DEFAULT '';
    CREATE INDEX episode_follows ON episode (follows) WHERE follows <> '';
    CREATE INDEX episode_part_of ON episode (part_of) WHERE part_of <> '';
    """,
    """
    ALTER TABLE episode ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
    ALTER TABLE episode ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE review (
        number INTEGER PRIMARY KEY AUTOINCREMENT, episode TEXT NOT NULL REFERENCES episode (id),
        verdict TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL
    );
    CREATE INDEX review_episode ON review (episode);
    """,
    """
    ALTER TABLE episode ADD COLUMN worsened_at INTEGER;
    ALTER TABLE episode ADD COLUMN worsened_told INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE episode ADD COLUMN worsened_facts TEXT NOT NULL DEFAULT '{}';
    """,
)
VERSION = len(STEPS)


def bring_up(connection: sqlite3.Connection, name: str) -> None:
    """Make the tables, or change those of an older version; several processes may do it at once.

    Raises:
        Misconfigured: if a newer riverwatch has written the file.
    """
    version = _version(connection)
    if version > VERSION:
        raise Misconfigured([f"{name}: version {version} of the casebook; this riverwatch knows versions up to {VERSION}"])
    if version == VERSION:
        return
    with transaction(connection, name):
        for number in range(_version(connection), VERSION):  # asked again: another process may have been faster
            for statement in filter(str.strip, STEPS[number].split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
