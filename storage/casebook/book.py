"""The book: what the worker, the messenger and the desk ask of the casebook; every change is one transaction."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from detectors.domain.event import GridEvent, Turn
from detectors.domain.site import Site
from detectors.water.joint import Joints
from storage.casebook import episodes, joining, outbox, reviews
from storage.casebook.episodes import Wanted
from storage.casebook.records import Episode, Message, Sending
from storage.casebook.reviews import Precision, Review
from storage.casebook.tables import bring_up
from storage.sqlite import File


class Casebook:
    """Episodes, acknowledgements and the outbox of one site. Threads may share it, processes share its file."""

    def __init__(self, url: str | Path, site: Site, clock: Callable[[], int] = time.time_ns) -> None:
        self._site, self._clock, self._joints = site, clock, Joints(site)
        self._file = File(url, "PRAGMA foreign_keys = ON;")
        self.path = self._file.path
        self._reading, self._writing = self._file.turn, self._file.transaction
        with self._reading() as db:
            bring_up(db, self.path.name)
            self._secret = outbox.keep_secret(db)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def take(self, event: GridEvent) -> bool:
        """Write one event, its episode and the messages it calls for; False if it was known already.

        In which order the turns of an episode come, and how often, makes no difference.
        """
        with self._writing() as db:
            if event.turn is Turn.LATE and episodes.covers(db, event):
                return False
            if not episodes.log(db, event):
                return False
            known = episodes.turns(db, event.id)
            episodes.tell_anew(db, event.id, known)
            reviews.withhold(db, event)
            for first in joining.settle(db, self._joints, event.id):
                joining.tell(db, self._site, first, secret=self._secret, now=self._clock())
        return True

    def open_events(self, limit: int = 1000) -> list[Episode]:
        """The episodes that are not over, newest first."""
        with self._reading() as db:
            return episodes.listed(db, Wanted(limit=limit, kind="open"))

    def events(self, limit: int = 200, since: int = 0) -> list[Episode]:
        """The episodes that began at `since` or later, newest first."""
        with self._reading() as db:
            return episodes.listed(db, Wanted(limit=limit, since=since))

    def page(self, kind: str, after: Episode | None, limit: int) -> list[Episode]:
        """The episodes of a kind ("all", "open", "over", "late"), newest first, that follow one in that list, or from its top."""
        with self._reading() as db:
            wanted = Wanted(limit=limit, kind=kind)
            return episodes.listed(db, replace(wanted, before=(after.since, after.id)) if after else wanted)

    def seen_by(self, stations: Iterable[str], since: int) -> list[Episode]:
        """The raised episodes at some stations that began at `since` or later or are not over, in order of time."""
        with self._reading() as db:
            return episodes.seen_by(db, stations, since)

    def episode(self, name: str) -> Episode | None:
        """The episode of an event id."""
        with self._reading() as db:
            return episodes.find(db, name)

    def named(self, beginning: str) -> Episode:
        """The one episode whose id begins so.

        Raises:
            Refused: if there is none, or more than one.
        """
        with self._reading() as db:
            return episodes.named(db, beginning)

    def joint(self, name: str) -> list[Episode]:
        """The episodes of the joint event that one belongs to, in order of time; at least itself, if there is one."""
        with self._reading() as db:
            found = episodes.find(db, name)
            return episodes.of_joint(db, found.part_of or found.id) if found else []

    def by_token(self, token: str) -> Episode:
        """The episode that a message's link leads to; looking changes nothing.

        Raises:
            Refused: if no message carries this token.
        """
        with self._reading() as db:
            found = episodes.find(db, outbox.by_token(db, token).episode)
        assert found is not None, "a message has an episode: the database holds the reference"
        return found

    def acknowledge(self, token: str, who: str, now: int) -> Episode:
        """Somebody takes it: `who`, or the chief whom the message was for. The first to take it stays.

        Raises:
            Refused: if no message carries this token, or the episode does not allow it.
        """
        with self._writing() as db:
            message = outbox.by_token(db, token)
            return episodes.acknowledge(db, message.episode, who or message.chief, now)

    def acknowledge_episode(self, name: str, who: str, now: int) -> Episode:
        """Somebody takes it without a link, at the command line.

        Raises:
            Refused: if there is no such episode, or it does not allow it.
        """
        with self._writing() as db:
            return episodes.acknowledge(db, name, who, now)

    def review(self, said: Review) -> Episode:
        """Take a person's word on an episode; what was withheld and is confirmed is told now.

        Raises:
            Refused: if there is no such episode, or a name or a reason is missing.
        """
        with self._writing() as db:
            found = reviews.review(db, said)
            joining.tell(db, self._site, found.part_of or found.id, secret=self._secret, now=self._clock())
            return found

    def reviews(self, name: str) -> list[Review]:
        """The reviews of an episode, newest first."""
        with self._reading() as db:
            return reviews.of(db, name)

    def precision(self) -> list[Precision]:
        """Of each station and rule with a reviewed episode how often it was right."""
        with self._reading() as db:
            return list(reviews.precision(db))

    def messages(self, of: Iterable[str]) -> dict[str, list[Message]]:
        """The messages about some episodes, oldest first, by episode."""
        found: dict[str, list[Message]] = {name: [] for name in of}
        with self._reading() as db:
            for message in outbox.of_episodes(db, found):
                found[message.episode].append(message)
        return found

    def mailbox(self, chief: str, limit: int = 100) -> list[Message]:
        """What arrived in a chief's local mailbox, newest first."""
        with self._reading() as db:
            return outbox.mailbox(db, chief, limit)

    def outbox_counts(self) -> dict[Sending, int]:
        """How many messages are where on their way; what is missing is none."""
        with self._reading() as db:
            return outbox.counts(db)

    def due(self, now: int, limit: int = 50) -> list[Message]:
        """The messages to be sent now, oldest first."""
        with self._reading() as db:
            return outbox.due(db, now, limit)

    def sending(self, name: str, now: int) -> bool:
        """Take a message in hand; False if another has it or it is sent."""
        with self._writing() as db:
            return outbox.sending(db, name, now)

    def sent(self, name: str, now: int) -> None:
        """Know that a message is sent."""
        with self._writing() as db:
            outbox.sent(db, name, now)

    def failed(self, name: str, why: str, retry_at: int) -> None:
        """Note why a message did not go out and when to try again."""
        with self._writing() as db:
            outbox.failed(db, name, why, retry_at)

    def interrupted(self, now: int) -> int:
        """Make due again what a dead messenger had in hand, and say how many; only the one living messenger may ask."""
        with self._writing() as db:
            return outbox.interrupted(db, now)

    def deliver(self, name: str, title: str, body: str, now: int) -> None:
        """Put a message into its chief's local mailbox and know it as sent, in one transaction; twice changes nothing."""
        with self._writing() as db:
            outbox.deliver(db, name, title, body, now)
            outbox.sent(db, name, now)
