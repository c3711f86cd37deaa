"""Episodes in the casebook: the log of their turns, and each as it stands."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent, Turn
from storage.casebook.lifecycle import Act, after
from storage.casebook.records import Episode, episode_of

_FIELDS = Episode.__struct_fields__
_FACTS = ("facts", "worsened_facts")
_NAMES = ", ".join(f'"{name}"' for name in _FIELDS)
_MARKS = ", ".join("?" * len(_FIELDS))
_COVERS = """SELECT 1 FROM episode WHERE rule = ? AND series = ? AND NOT late
    AND since <= ? AND (cleared_at IS NULL OR cleared_at >= ?)"""
_SELECT = f"SELECT {_NAMES} FROM episode"  # noqa: S608  only names of our own columns


KINDS = {"all": "TRUE", "open": "state <> 'over'", "over": "state = 'over' AND NOT late", "late": "late"}  # of a list
_NEWEST = ((1 << 63) - 1, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which episodes a list shows."""

    limit: int = 200
    since: int = 0  # ns since 1970 UTC: those that began then or later
    kind: str = "all"  # of KINDS
    before: tuple[int, str] = _NEWEST  # beginning and id of an episode: those that follow it in the list


def log(db: sqlite3.Connection, event: GridEvent) -> bool:
    """Write one turn into the log; False if it stands there already.

    A turn that was too old to be told may be said once more when it is news: it stays as it was first, and is to be told.
    """
    found = db.execute("SELECT said FROM event WHERE id = ? AND turn = ?", (event.id, event.turn)).fetchone()
    if found is None:
        db.execute("INSERT INTO event VALUES (?, ?, ?, ?)", (event.id, event.turn, event.at, event.to_bytes()))
        return True
    was = GridEvent.from_bytes(found[0])
    now = msgspec.structs.replace(min(was, event, key=lambda turn: turn.at), tell=was.tell or event.tell)
    if now == was:
        return False
    db.execute("UPDATE event SET at = ?, said = ? WHERE id = ? AND turn = ?", (now.at, now.to_bytes(), now.id, now.turn))
    return True


def covers(db: sqlite3.Connection, event: GridEvent) -> bool:
    """Whether an exceedance found in history was seen when it happened: a broker said old things again."""
    return db.execute(_COVERS, (event.rule, event.series, event.at, event.at)).fetchone() is not None


def turns(db: sqlite3.Connection, name: str) -> Mapping[Turn, GridEvent]:
    """The turns of an episode that are known so far."""
    return {
        Turn(turn): GridEvent.from_bytes(said) for turn, said in db.execute("SELECT turn, said FROM event WHERE id = ?", (name,))
    }


def tell_anew(db: sqlite3.Connection, name: str, known: Mapping[Turn, GridEvent]) -> None:
    """Write the episode as its turns make it; an acknowledgement stays, what it was joined to, and its review."""
    was = find(db, name)
    if was is None:
        _write(db, episode_of(known))
        return
    now = episode_of(known, (was.acknowledged_at, was.acknowledged_by))
    kept = {name: getattr(was, name) for name in ("follows", "part_of", "verdict", "withheld")}
    _write(db, msgspec.structs.replace(now, **kept))


def acknowledge(db: sqlite3.Connection, name: str, who: str, now: int) -> Episode:
    """The episode, taken by somebody; the first to take it stays.

    Raises:
        Refused: if there is no such episode, or its state does not allow it.
    """
    was = find(db, name)
    if was is None:
        raise Refused("no such episode", name)
    state = after(was.state, Act.ACKNOWLEDGE)
    if was.acknowledged_at is not None:
        return was
    taken = msgspec.structs.replace(was, state=state, acknowledged_at=now, acknowledged_by=who)
    _write(db, taken)
    return taken


def find(db: sqlite3.Connection, name: str) -> Episode | None:
    """The episode of an event id."""
    found = _read(db.execute(f"{_SELECT} WHERE id = ?", (name,)))
    return found[0] if found else None


def listed(db: sqlite3.Connection, wanted: Wanted) -> list[Episode]:
    """Episodes, newest first."""
    last, name = wanted.before
    where = f"{KINDS[wanted.kind]} AND since BETWEEN ? AND ? AND (since < ? OR id > ?)"
    values = (wanted.since, last, last, name, wanted.limit)
    return _read(db.execute(f"{_SELECT} WHERE {where} ORDER BY since DESC, id LIMIT ?", values))


def seen_by(db: sqlite3.Connection, stations: Iterable[str], since: int) -> list[Episode]:
    """The raised episodes at some stations that began at `since` or later or are not over, in order of time."""
    names = msgspec.json.encode(list(stations)).decode()
    where = "raised_at IS NOT NULL AND station IN (SELECT value FROM json_each(?)) AND (since >= ? OR state <> 'over')"
    return _read(db.execute(f"{_SELECT} WHERE {where} ORDER BY since, id", (names, since)))


def named(db: sqlite3.Connection, beginning: str) -> Episode:
    """The one episode whose id begins so.

    Raises:
        Refused: if there is none, or more than one.
    """
    found = _read(db.execute(f"{_SELECT} WHERE substr(id, 1, ?) = ?", (len(beginning), beginning)))
    if len(found) != 1:
        raise Refused("no such episode" if not found else f"{len(found)} episodes begin so", beginning)
    return found[0]


def of_joint(db: sqlite3.Connection, first: str) -> list[Episode]:
    """The episodes of a joint event, by its first, in order of time."""
    return _read(db.execute(f"{_SELECT} WHERE id = ? OR (part_of = ? AND part_of <> '') ORDER BY since, id", (first, first)))


def around(db: sqlite3.Connection, matter: str, start: int, end: int) -> list[Episode]:
    """The raised episodes of a matter that began in a window."""
    where = "matter = ? AND raised_at IS NOT NULL AND NOT late AND since BETWEEN ? AND ?"
    return _read(db.execute(f"{_SELECT} WHERE {where}", (matter, start, end)))


def followers(db: sqlite3.Connection, name: str) -> list[Episode]:
    """The episodes that follow one directly."""
    return _read(db.execute(f"{_SELECT} WHERE follows = ? AND follows <> ''", (name,)))


def judge(db: sqlite3.Connection, name: str, verdict: str, *, withheld: bool) -> None:
    """Note what a review says of an episode, and whether it is kept from being told."""
    db.execute("UPDATE episode SET verdict = ?, withheld = ? WHERE id = ?", (verdict, withheld, name))


def join(db: sqlite3.Connection, name: str, follows: str, part_of: str) -> None:
    """Note which episode one follows, and which joint event it is part of."""
    db.execute("UPDATE episode SET follows = ?, part_of = ? WHERE id = ?", (follows, part_of, name))


def _write(db: sqlite3.Connection, episode: Episode) -> None:
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in _FIELDS if name != "id")
    statement = f"INSERT INTO episode ({_NAMES}) VALUES ({_MARKS}) ON CONFLICT (id) DO UPDATE SET {changes}"  # noqa: S608  only names of our own columns
    stored = msgspec.structs.astuple(episode)
    db.execute(statement, [msgspec.json.encode(one).decode() if isinstance(one, dict) else one for one in stored])


def _read(rows: sqlite3.Cursor) -> list[Episode]:
    found = (dict(zip(_FIELDS, row, strict=True)) for row in rows)
    return [
        msgspec.convert(one | {name: msgspec.json.decode(one[name]) for name in _FACTS}, Episode, strict=False) for one in found
    ]
