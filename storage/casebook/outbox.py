"""The outbox: one message for each episode, chief, channel and turn, named by its cause, until it is known to be sent."""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.site import Chief
from storage.casebook.records import FAILING_AFTER, Message, Sending

MAILBOX = "mailbox:"
KINDS = ("raised", "worsened", "cleared")  # of messages, in the order in which they are told
_FIRST = ", ".join(f"('{one}', '{other}')" for i, one in enumerate(KINDS) for other in KINDS[i + 1 :])
_COLUMNS = "o.id, episode, o.chief, channel, kind, state, made_at, due_at, attempts, why, sent_at, token"
_WITH_TEXT = (
    f"SELECT {_COLUMNS}, coalesce(title, '') title, coalesce(body, '') body FROM outbox o LEFT JOIN mailbox m ON m.message = o.id"  # noqa: S608  only names of our own columns
)


def channel_name(url: str) -> str:
    """A name for a channel that stands in the database and in logs: what kind it is, and a fingerprint of the rest."""
    if url == MAILBOX:
        return MAILBOX
    return f"{urlsplit(url).scheme}:{hashlib.blake2b(url.encode(), digest_size=6).hexdigest()}"


def message_id(episode: str, chief: str, channel: str, kind: str) -> str:
    """The name of a message, made of its cause, so that asking for it twice changes nothing."""
    return hashlib.blake2b(f"{episode}\n{chief}\n{channel}\n{kind}".encode(), digest_size=12).hexdigest()


def keep_secret(db: sqlite3.Connection) -> bytes:
    """The secret that tokens are made with: drawn once, when the casebook is new."""
    db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(32),))
    return bytes(db.execute("SELECT key FROM secret").fetchone()[0])


def token_of(message: str, secret: bytes) -> str:
    """What stands in a message's link: nobody guesses it, and it is the same each time the message is sent."""
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()[:40]


def put(db: sqlite3.Connection, episode: str, kinds: Iterable[str], chief: Chief, *, secret: bytes, now: int) -> None:
    """Ask for messages; those that were asked for already stay as they are."""
    for kind in kinds:
        for channel in map(channel_name, chief.channels):
            name = message_id(episode, chief.name, channel, kind)
            db.execute(
                "INSERT OR IGNORE INTO outbox (id, episode, chief, channel, kind, state, made_at, due_at, attempts, why, token)"
                " VALUES (?, ?, ?, ?, ?, 'due', ?, ?, 0, '', ?)",
                (name, episode, chief.name, channel, kind, now, now, token_of(name, secret)),
            )


def take_back(db: sqlite3.Connection, episode: str, kinds: Iterable[str], chief: str) -> None:
    """Ask no more for messages that nobody has begun to send."""
    for kind in kinds:
        db.execute(
            "DELETE FROM outbox WHERE episode = ? AND chief = ? AND kind = ? AND state = 'due' AND attempts = 0",
            (episode, chief, kind),
        )


def gone(db: sqlite3.Connection, episodes: Iterable[str], chief: str) -> frozenset[str]:
    """Of some episodes those that a chief was told of, or is being told of."""
    wanted = msgspec.json.encode(list(episodes)).decode()
    found = db.execute(
        "SELECT DISTINCT episode FROM outbox WHERE chief = ? AND kind = 'raised' AND NOT (state = 'due' AND attempts = 0)"
        " AND episode IN (SELECT value FROM json_each(?))",
        (chief, wanted),
    )
    return frozenset(name for (name,) in found)


def due(db: sqlite3.Connection, now: int, limit: int) -> list[Message]:
    """What is to be sent now, oldest first; that something is worse or over waits until it was told that it began."""
    return _messages(
        db.execute(
            f"{_WITH_TEXT} WHERE state IN ('due', 'failing') AND due_at <= ? AND NOT EXISTS ("  # noqa: S608  only names of our own
            " SELECT 1 FROM outbox b WHERE b.episode = o.episode AND b.chief = o.chief AND b.channel = o.channel"
            f" AND b.state <> 'sent' AND (b.kind, o.kind) IN (VALUES {_FIRST})) ORDER BY number LIMIT ?",
            (now, limit),
        )
    )


def sending(db: sqlite3.Connection, name: str, now: int) -> bool:
    """Take a message in hand, unless another has it or it is sent."""
    taken = db.execute(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, due_at = ? WHERE id = ? AND state IN ('due', 'failing')",
        (now, name),
    )
    return taken.rowcount == 1


def sent(db: sqlite3.Connection, name: str, now: int) -> None:
    """Know that a message is sent; the first time stays."""
    db.execute("UPDATE outbox SET state = 'sent', sent_at = ?, why = '' WHERE id = ? AND state <> 'sent'", (now, name))


def failed(db: sqlite3.Connection, name: str, why: str, retry_at: int) -> None:
    """Note why a message did not go out, and when it is tried again; it is never given up."""
    db.execute(
        "UPDATE outbox SET state = CASE WHEN attempts >= ? THEN 'failing' ELSE 'due' END, why = ?, due_at = ?"
        " WHERE id = ? AND state <> 'sent'",
        (FAILING_AFTER, why[:500], retry_at, name),
    )


def interrupted(db: sqlite3.Connection, now: int) -> int:
    """Make due again what a dead sender had in hand; only the one living sender may say so."""
    return db.execute("UPDATE outbox SET state = 'due', due_at = ? WHERE state = 'sending'", (now,)).rowcount


def deliver(db: sqlite3.Connection, name: str, title: str, body: str, now: int) -> None:
    """Put the text into the chief's mailbox; the second time changes nothing.

    Raises:
        Refused: if there is no such message.
    """
    found = db.execute("SELECT chief FROM outbox WHERE id = ?", (name,)).fetchone()
    if found is None:
        raise Refused("no such message", name)
    db.execute("INSERT OR IGNORE INTO mailbox VALUES (?, ?, ?, ?, ?)", (name, found[0], now, title, body))


def mailbox(db: sqlite3.Connection, chief: str, limit: int) -> list[Message]:
    """What arrived in a chief's mailbox, newest first."""
    return _messages(db.execute(f"{_WITH_TEXT} WHERE m.chief = ? ORDER BY arrived_at DESC, number DESC LIMIT ?", (chief, limit)))


def of_episodes(db: sqlite3.Connection, episodes: Iterable[str]) -> list[Message]:
    """The messages about some episodes, oldest first."""
    wanted = msgspec.json.encode(list(episodes)).decode()
    return _messages(db.execute(f"{_WITH_TEXT} WHERE episode IN (SELECT value FROM json_each(?)) ORDER BY number", (wanted,)))  # noqa: S608  only names of our own columns


def by_token(db: sqlite3.Connection, token: str) -> Message:
    """The message whose link carries the token.

    Raises:
        Refused: if there is none.
    """
    found = _messages(db.execute(f"{_WITH_TEXT} WHERE token = ?", (token,)))
    if not found:
        raise Refused("no message has this link", token)
    return found[0]


def counts(db: sqlite3.Connection) -> dict[Sending, int]:
    """How many messages are where on their way."""
    return {Sending(state): n for state, n in db.execute("SELECT state, count(*) FROM outbox GROUP BY state")}


def _messages(rows: sqlite3.Cursor) -> list[Message]:
    names = [column[0] for column in rows.description]
    return [msgspec.convert(dict(zip(names, row, strict=True)), Message, strict=False) for row in rows]
