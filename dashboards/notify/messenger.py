"""The messenger: takes what is due from the casebook's outbox, hands it to its channel, and knows it as sent.

In what order: mark as in hand, hand over, mark as sent. A messenger that dies between the last two leaves a message of which
nobody knows whether it went out; the next one sends it again, under the same name (docs/decisions/0006-mail-may-come-twice.md).
"""

import logging
from collections.abc import Callable

from dashboards.notify import channels
from dashboards.notify.texts import Text, text_of
from detectors.domain.errors import Refused, Unreachable
from detectors.domain.instant import SECOND
from detectors.domain.site import Chief, Site
from storage.casebook import Casebook, Message
from storage.casebook.outbox import MAILBOX, channel_name

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 900.0  # seconds

log = logging.getLogger(__name__)


def pause_after(attempts: int) -> float:
    """Seconds to wait after so many failures: 2, 4, 8, … up to a quarter of an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20))


class Messenger:
    """Sends the messages of one casebook. Only one may be at work on a casebook (`storage.casebook.alone`)."""

    def __init__(self, book: Casebook, site: Site, desk_url: str, clock: Callable[[], int]) -> None:
        self._book, self._site, self._clock = book, site, clock
        self._desk = desk_url.rstrip("/")
        self._sent: dict[str, int] = {}  # went out, but the casebook could not yet be told
        self._unsure = True  # a message may stand as in hand that nobody has in hand: at the start, after a round cut short

    def round(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Try every message that is due, while `go_on`; say how many were tried.

        After a channel failed once, its other messages wait for the next round, so that a dead server delays nobody else.
        """
        self._settle()
        self._unsure = True  # until the round has come to its end
        tried, down = 0, set[str]()
        for message in self._book.due(self._clock()):
            if message.channel in down or not go_on() or not self._book.sending(message.id, self._clock()):
                continue
            tried += 1
            if not self._carry(message):
                down.add(message.channel)
        self._unsure = False
        return tried

    def _settle(self) -> None:
        """Write down what is known to be sent, then make due again what a dead messenger, or a failed write, left in hand."""
        for name, at in tuple(self._sent.items()):
            self._book.sent(name, at)
            del self._sent[name]
        if self._unsure and (left := self._book.interrupted(self._clock())):
            log.info("%d messages were in hand and perhaps not sent; they are sent again", left)

    def _carry(self, message: Message) -> bool:
        try:
            self._hand_over(message)
        except Refused as wrong:
            self._failed(message, str(wrong))
            return False
        except Unreachable as away:
            self._failed(message, str(away), away.retry_after)
            return False
        except Exception as bug:  # a bug in one message's text or channel must not stop the others
            log.exception("message %s", message.id)
            self._failed(message, f"{type(bug).__name__} (a mistake of riverwatch; its log says more)")
            return False
        return True

    def _failed(self, message: Message, why: str, retry_after: float | None = None) -> None:
        if message.id in self._sent:
            return  # it went out; only the casebook does not know yet
        attempts = message.attempts + 1
        log.warning("message %s to %s did not go out (try %d): %s", message.id, message.chief, attempts, why)
        self._book.failed(message.id, why, self._clock() + int((retry_after or pause_after(attempts)) * SECOND))

    def _hand_over(self, message: Message) -> None:
        text = self._text(message)
        if message.channel == MAILBOX:
            self._book.deliver(message.id, text.subject, text.body, self._clock())
            return
        channels.send(self._url(message), text, f"<{message.id}@{self._site.name}.riverwatch.invalid>")
        self._sent[message.id] = self._clock()
        self._book.sent(message.id, self._sent[message.id])
        del self._sent[message.id]

    def _text(self, message: Message) -> Text:
        episode = self._book.episode(message.episode)
        assert episode is not None, "a message has an episode: the database holds the reference"
        chief = self._chief(message)
        language = chief.language if chief else self._site.language
        return text_of(message.kind, episode, self._site, language=language, link=f"{self._desk}/a/{message.token}")

    def _url(self, message: Message) -> str:
        chief = self._chief(message)
        for url in chief.channels if chief else ():
            if channel_name(url) == message.channel:
                return url
        raise Refused(f"the channel of {message.chief} stands no longer in chiefs.toml", message.channel)

    def _chief(self, message: Message) -> Chief | None:
        return next((chief for chief in self._site.chiefs if chief.name == message.chief), None)
