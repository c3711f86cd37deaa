"""Reviews: people say whether an episode was right; a camera's rule that is wrong too often tells nobody unasked (R-AVOID-27)."""

from collections.abc import Iterator
from enum import StrEnum
from sqlite3 import Connection

import msgspec

from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent, Turn
from detectors.domain.trust import trusts
from storage.casebook import episodes
from storage.casebook.records import Episode

LONGEST = 500  # letters of a reason
_NEWEST = "number = (SELECT max(number) FROM review n WHERE n.episode = r.episode)"  # who looks again may change their mind


class Verdict(StrEnum):
    """What a person found when they looked."""

    CONFIRMED = "confirmed"
    FALSE = "false"


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word on one episode."""

    episode: str
    verdict: Verdict
    who: str
    why: str
    at: int  # ns since 1970 UTC


class Precision(msgspec.Struct, frozen=True, kw_only=True):
    """How often one rule was right at one station, of the last that were reviewed."""

    station: str
    rule: str
    matter: str
    reviewed: int
    confirmed: int
    withdrawn: bool  # whether nobody is told unasked

    @property
    def share(self) -> float:
        """Confirmed of reviewed."""
        return self.confirmed / self.reviewed


def review(db: Connection, said: Review) -> Episode:
    """Write a review; the episode as it stands after it. The newest review of an episode holds, the others are kept.

    Raises:
        Refused: if there is no such episode, or nobody's name or no reason is given.
    """
    who, why = said.who.strip()[:LONGEST], said.why.strip()[:LONGEST]
    if not who or not why:
        raise Refused("a review without a name or a reason", said.episode)
    if episodes.find(db, said.episode) is None:
        raise Refused("no such episode", said.episode)
    written = (said.episode, said.verdict, who, why, said.at)
    db.execute("INSERT INTO review (episode, verdict, who, why, at) VALUES (?, ?, ?, ?, ?)", written)
    episodes.judge(db, said.episode, said.verdict, withheld=said.verdict is Verdict.FALSE)
    found = episodes.find(db, said.episode)
    assert found is not None, "it stood there a moment ago"
    return found


def withhold(db: Connection, event: GridEvent) -> None:
    """Keep an episode that rises and was never looked at from being told, if its rule is wrong too often at its station."""
    trust = trusts().get(event.matter)
    if event.turn is not Turn.RAISED or trust is None or of(db, event.id):
        return
    if trust.is_lost(*_counted(db, event.station, event.rule, trust.last)):
        episodes.judge(db, event.id, "", withheld=True)


def of(db: Connection, name: str) -> list[Review]:
    """The reviews of an episode, newest first."""
    rows = db.execute("SELECT episode, verdict, who, why, at FROM review WHERE episode = ? ORDER BY number DESC", (name,))
    return [Review(episode=row[0], verdict=Verdict(row[1]), who=row[2], why=row[3], at=row[4]) for row in rows]


def precision(db: Connection) -> Iterator[Precision]:
    """Of each station and rule with a reviewed episode how often it was right."""
    pairs = "SELECT DISTINCT e.station, e.rule, e.matter FROM review r JOIN episode e ON e.id = r.episode ORDER BY 1, 2"
    for station, rule, matter in db.execute(pairs).fetchall():
        trust = trusts().get(matter)
        right, reviewed = _counted(db, station, rule, trust.last if trust else -1)
        lost = trust is not None and trust.is_lost(right, reviewed)
        yield Precision(station=station, rule=rule, matter=matter, reviewed=reviewed, confirmed=right, withdrawn=lost)


def _counted(db: Connection, station: str, rule: str, last: int) -> tuple[int, int]:
    """How many of the last reviewed episodes of a rule at a station were right, and how many were reviewed; -1 means all."""
    newest = (
        f"SELECT r.verdict FROM review r JOIN episode e ON e.id = r.episode WHERE r.{_NEWEST}"  # noqa: S608  only names of our own columns
        " AND e.station = ? AND e.rule = ? ORDER BY r.number DESC LIMIT ?"
    )
    said = [verdict for (verdict,) in db.execute(newest, (station, rule, last))]
    return said.count(Verdict.CONFIRMED), len(said)
