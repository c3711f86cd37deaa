"""kill -9 of the messenger, again and again, while messages go out: nothing is lost, and a repeat can be recognised."""

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from detectors.domain.event import GridEvent, Level, Turn, event_id
from storage.casebook import Casebook, Sending
from storage.registry import load

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_763_795_700_000_000_000
EPISODES, KILLS = 100, 6  # each episode is told through two channels: 200 messages


class SlowOffice:
    """A mail server that needs a moment for each letter, so that a kill finds the messenger in the middle of one."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Take a letter, wait, and say so."""
        self.names.append(message_from_bytes(envelope.content or b"")["Message-ID"])
        await asyncio.sleep(0.02)
        return "250 taken"


@pytest.fixture
def office() -> Iterator[tuple[SlowOffice, int]]:
    """The office and its port."""
    handler = SlowOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def a_breach(number: int) -> GridEvent:
    since = NOW + number
    return GridEvent(
        id=event_id("limit:do-low", "franklin/do", since), turn=Turn.RAISED, rule="limit:do-low", matter="pollution",
        level=Level.WARNING, series="franklin/do", station="franklin", quantity="do", since=since, at=since, value=3.2, limit=5.0,
        code="06026", standard="GB/T 47678.5-2026", cell="320999001001005", reach="upper", tell=True,
    )  # fmt: skip


def a_site_with_mail(folder: Path, port: int) -> Path:
    shutil.copytree(ROOT / "sites" / "qinghe", folder)
    chiefs = (folder / "chiefs.toml").read_text(encoding="utf-8")
    url = f"mailto://127.0.0.1:{port}?from=riverwatch@example.org&to=zhang@example.org&mode=insecure"
    (folder / "chiefs.toml").write_text(chiefs.replace('"mailbox:"]', f'"mailbox:", "{url}"]'), encoding="utf-8")
    return folder


def all_sent(book: Casebook) -> bool:
    return book.outbox_counts() == {Sending.SENT: 2 * EPISODES}


def wait_until(true: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_every_message_arrives_through_every_kill_and_the_mailbox_has_each_once(
    office: tuple[SlowOffice, int], tmp_path: Path
) -> None:
    """Every letter arrives under its name; a repeat has the same name and was in hand at a kill; no mailbox doubles."""
    server, port = office
    site = a_site_with_mail(tmp_path / "site", port)
    book = Casebook(tmp_path / "casebook.db", load(site))
    for number in range(EPISODES):
        assert book.take(a_breach(number))
    chance = random.Random(20251122)
    environment = {**os.environ, "RIVERWATCH_DATA": str(tmp_path), "RIVERWATCH_SITE": str(site)}

    for kill in range(KILLS + 1):
        last, before = kill == KILLS, len(server.names)
        command = [sys.executable, "-m", "streams.cli", "messenger", "--every", "0.05"]
        with subprocess.Popen(command, cwd=ROOT, env=environment) as messenger:
            wait_until(lambda: all_sent(book) if last else len(server.names) > before)  # noqa: B023  called at once
            time.sleep(0 if last else chance.uniform(0.0, 0.25))
            messenger.kill()

    arrived = Counter(server.names)
    wanted = {
        f"<{message.id}@qinghe.riverwatch.invalid>"
        for messages in book.messages(one.id for one in book.events(limit=1000)).values()
        for message in messages
        if message.channel != "mailbox:"
    }
    assert set(arrived) == wanted
    assert len(wanted) == EPISODES
    assert sum(arrived.values()) - EPISODES <= KILLS, "more letters twice than could have been in hand"
    mailbox = book.mailbox("zhang", limit=1000)
    assert len(mailbox) == len({message.episode for message in mailbox}) == EPISODES
    book.close()
