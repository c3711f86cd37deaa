"""The messenger with a real SMTP server, a real web hook and the local mailbox."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dashboards.notify import Messenger
from detectors.domain.errors import Unreachable
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.site import Chief, Site, Station, Title
from storage.casebook import Casebook, Sending

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_763_795_700_000_000_000
SECOND = 1_000_000_000


class Postman:
    """A mail server that keeps what it takes; while `answer` is set it says that instead."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Take one letter."""
        if not self.answer:
            self.letters.append(message_from_bytes(envelope.content or b"", policy=policy.default))
        return self.answer or "250 taken"


@pytest.fixture
def postman() -> Iterator[tuple[Postman, str]]:
    """The postman, and the Apprise URL that leads to him."""
    handler = Postman()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"mailto://127.0.0.1:{port}?from=riverwatch@example.org&to=zhang@example.org&mode=insecure"
    controller.stop()


def a_site(*channels: str) -> Site:
    title = Title(zh="主街断面", en="Main Street")
    station = Station(name="main", title=title, kind="water", place=(120.0, 31.0), quantities=("do",), reach="lower")
    chief = Chief(name="zhang", title=title, level="county", reaches=("lower",), channels=channels)
    return Site(name="test", title=title, stations={"main": station}, chiefs=(chief,))


def an_event(turn: Turn = Turn.RAISED, since: int = NOW) -> GridEvent:
    return GridEvent(
        id=event_id("limit:do-low", "main/do", since), turn=turn, rule="limit:do-low", matter="pollution", level=Level.ALARM,
        series="main/do", station="main", quantity="do", since=since, at=since + SECOND, value=3.2, limit=5.0,
        code="06026", standard="GB/T 47678.5-2026", cell="", reach="lower", tell=True,
    )  # fmt: skip


class Round:
    """A casebook, its messenger and a clock that a test sets."""

    def __init__(self, folder: Path, *channels: str) -> None:
        self.now = NOW
        self.site = a_site(*channels)
        self.book = Casebook(folder / "book.db", self.site, clock=lambda: self.now)
        self.messenger = Messenger(self.book, self.site, "http://desk.example.org/", lambda: self.now)

    def messages(self) -> list[str]:
        """The states of all messages."""
        found = self.book.messages(one.id for one in self.book.events())
        return [message.state for messages in found.values() for message in messages]


def test_an_episode_is_told_once_when_it_begins_and_once_when_it_is_over(postman: tuple[Postman, str], tmp_path: Path) -> None:
    office, url = postman
    rounds = Round(tmp_path, url, "mailbox:")
    for event in (an_event(), an_event(), an_event(Turn.CLEARED), an_event(Turn.CLEARED)):
        rounds.book.take(event)
        rounds.messenger.round()
    rounds.messenger.round()

    assert [letter["Subject"] for letter in office.letters] == [
        "【报警】主街断面：溶解氧 3.2 mg/L，低于限值 5 mg/L",
        "【解除】主街断面：溶解氧已恢复，现为 3.2 mg/L",
    ]
    assert [message.title for message in reversed(rounds.book.mailbox("zhang"))] == [
        letter["Subject"] for letter in office.letters
    ]
    assert rounds.messages() == ["sent"] * 4


def test_a_letter_has_one_message_id_made_of_the_message_and_the_link_that_acknowledges(
    postman: tuple[Postman, str], tmp_path: Path
) -> None:
    office, url = postman
    rounds = Round(tmp_path, url)
    rounds.book.take(an_event())
    (message,) = rounds.book.due(NOW)
    rounds.messenger.round()

    (letter,) = office.letters
    body = letter.get_body()
    assert letter.get_all("Message-ID") == [f"<{message.id}@test.riverwatch.invalid>"]
    assert body is not None
    assert f"http://desk.example.org/a/{message.token}" in body.get_content()
    assert rounds.book.acknowledge(message.token, "", NOW).acknowledged_by == "zhang"


def test_a_server_that_refuses_is_tried_again_later_and_later_and_seen_to_fail(
    postman: tuple[Postman, str], tmp_path: Path
) -> None:
    office, url = postman
    rounds = Round(tmp_path, url)
    rounds.book.take(an_event())
    office.answer = "451 the office is closed"
    tried = []
    for second in range(40):
        rounds.now = NOW + second * SECOND
        if rounds.messenger.round():
            tried.append(second)
    assert tried == [0, 2, 6, 14, 30]
    assert rounds.book.outbox_counts() == {Sending.FAILING: 1}

    office.answer, rounds.now = "", NOW + 100 * SECOND
    rounds.messenger.round()

    assert (len(office.letters), rounds.messages()) == (1, ["sent"])


def test_a_dead_server_delays_nobody_but_its_own(tmp_path: Path) -> None:
    rounds = Round(tmp_path, "mailto://127.0.0.1:1?from=a@example.org&to=b@example.org&mode=insecure", "mailbox:")
    for i in range(5):
        rounds.book.take(an_event(since=NOW + i))

    assert rounds.messenger.round() == 6  # one letter and five to the mailbox
    assert len(rounds.book.mailbox("zhang")) == 5


def test_a_channel_taken_out_of_the_site_is_said_and_kept(tmp_path: Path) -> None:
    rounds = Round(tmp_path, "json://127.0.0.1:1")
    rounds.book.take(an_event())
    later = Messenger(rounds.book, a_site("mailbox:"), "http://desk", lambda: NOW)

    later.round()

    ((message,),) = rounds.book.messages([an_event().id]).values()
    assert "stands no longer in chiefs.toml" in message.why


def test_a_message_that_was_in_hand_when_the_messenger_died_goes_out_under_the_same_name(
    postman: tuple[Postman, str], tmp_path: Path
) -> None:
    """It had reached the server, but nobody knew: the repeat carries the same Message-ID, so that it can be recognised."""
    office, url = postman
    rounds = Round(tmp_path, url)
    rounds.book.take(an_event())
    (message,) = rounds.book.due(NOW)
    rounds.messenger.round()
    with sqlite3.connect(rounds.book.path) as db:  # as if it had died before writing it down
        db.execute("UPDATE outbox SET state = 'sending', sent_at = NULL")
    db.close()

    assert rounds.messenger.round() == 0
    assert Messenger(rounds.book, rounds.site, "http://desk", lambda: NOW).round() == 1
    assert [letter["Message-ID"] for letter in office.letters] == [f"<{message.id}@test.riverwatch.invalid>"] * 2


class Forgetful(Casebook):
    """A casebook whose file is locked by somebody else, now and then."""

    locked = ""

    def sent(self, name: str, now: int) -> None:
        """Not while `locked` says so."""
        self._answer("sent")
        super().sent(name, now)

    def failed(self, name: str, why: str, retry_at: int) -> None:
        """Not while `locked` says so."""
        self._answer("failed")
        super().failed(name, why, retry_at)

    def _answer(self, what: str) -> None:
        if self.locked == what:
            raise Unreachable("book.db", "database is locked")


def test_a_letter_that_went_out_while_the_casebook_was_locked_goes_out_once(postman: tuple[Postman, str], tmp_path: Path) -> None:
    office, url = postman
    site = a_site(url)
    book = Forgetful(tmp_path / "book.db", site, clock=lambda: NOW)
    book.take(an_event())
    messenger = Messenger(book, site, "http://desk", lambda: NOW)
    book.locked = "sent"
    messenger.round()
    with pytest.raises(Unreachable):
        messenger.round()

    book.locked = ""
    messenger.round()

    assert len(office.letters) == 1
    assert book.outbox_counts() == {Sending.SENT: 1}


def test_a_failure_that_could_not_be_written_down_is_tried_again(postman: tuple[Postman, str], tmp_path: Path) -> None:
    office, url = postman
    site = a_site(url)
    book = Forgetful(tmp_path / "book.db", site, clock=lambda: NOW)
    book.take(an_event())
    messenger = Messenger(book, site, "http://desk", lambda: NOW)
    book.locked, office.answer = "failed", "451 closed"
    with pytest.raises(Unreachable):
        messenger.round()

    book.locked = office.answer = ""
    messenger.round()

    assert (len(office.letters), book.outbox_counts()) == (1, {Sending.SENT: 1})


def test_other_channels_are_apprise_s_own(tmp_path: Path) -> None:
    taken: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    rounds = Round(tmp_path, f"json://127.0.0.1:{server.server_port}/hook")
    rounds.book.take(an_event())
    rounds.messenger.round()
    thread.join(10)
    server.server_close()

    assert [one["title"] for one in taken] == ["【报警】主街断面：溶解氧 3.2 mg/L，低于限值 5 mg/L"]
    assert rounds.messages() == ["sent"]


# --- the program itself

Starts = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """Starts `riverwatch …` on the demo site with its data in a folder of the test's own."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "RIVERWATCH_DATA": str(tmp_path), "RIVERWATCH_SITE": str(ROOT / "sites" / "qinghe")}

    def start(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "streams.cli", *words]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def a_book(folder: Path) -> Casebook:
    title = Title(zh="主街断面", en="Main Street")
    station = Station(name="mainstreet", title=title, kind="water", place=(120.0, 31.0), quantities=("do",), reach="lower")
    chief = Chief(name="zhang", title=title, level="county", reaches=("lower",), channels=("mailbox:",))
    return Casebook(folder / "casebook.db", Site(name="qinghe", title=title, stations={"mainstreet": station}, chiefs=(chief,)))


def a_breach_at_main_street(since: int = NOW) -> GridEvent:
    return GridEvent.from_bytes(
        an_event(since=since).to_bytes().replace(b'"main"', b'"mainstreet"').replace(b"main/do", b"mainstreet/do")
    )


def wait_until(true: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_the_program_sends_what_becomes_due_and_ends_when_told(starts: Starts, tmp_path: Path) -> None:
    book = a_book(tmp_path)
    process = starts("messenger", "--every", "0.05")
    book.take(a_breach_at_main_street())
    wait_until(lambda: book.mailbox("zhang"))

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert book.mailbox("zhang")[0].title.startswith("【报警】主街断面：溶解氧 3.2 mg/L")
    book.close()


def test_the_program_lists_shows_and_takes_cases_and_tells_no_token(starts: Starts, tmp_path: Path) -> None:
    book = a_book(tmp_path)
    book.take(a_breach_at_main_street())
    name = a_breach_at_main_street().id
    assert starts("messenger", "--once").wait(30) == 0

    listed = json.loads(starts("cases", "list", "--json").communicate(timeout=30)[0])
    shown = starts("cases", "show", name[:8], "--json").communicate(timeout=30)[0]
    taken = starts("cases", "ack", name, "--who", "duty officer")

    assert listed["outbox"] == {"sent": 1}
    assert [(case["id"], case["state"], len(case["messages"])) for case in listed["cases"]] == [(name, "open", 1)]
    assert json.loads(shown)["messages"][0]["state"] == "sent"
    with sqlite3.connect(tmp_path / "casebook.db") as db:
        (token,) = db.execute("SELECT token FROM outbox").fetchone()
    assert token.encode() not in shown
    assert taken.wait(30) == 0
    assert book.events()[0].acknowledged_by == "duty officer"
    assert starts("cases", "ack", "no-such-case").wait(30) == 1
    book.close()
