"""What a newcomer does: one command, and a river on the page."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import Browser

from simulators.sent import Book
from storage.ledger import Ledger
from storage.series import open_store

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.needs("chromium")


@contextmanager
def up(data: Path, *more: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """`scripts/up` on a free port: the address it says, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(ROOT / "scripts" / "up"), "--port", str(port), "--data", str(data), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"it said {line!r}"
        yield found.group(), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.mark.timeout(400)
def test_one_command_shows_a_river_and_again_it_goes_on_where_it_was(tmp_path: Path, browser: Browser) -> None:
    with up(tmp_path, "--for", "60") as (address, process):
        look(address, browser)
        ours = [one.pid for one in psutil.Process(process.pid).children(recursive=True)]
        assert process.wait(150) == 0
        assert [pid for pid in ours if psutil.pid_exists(pid)] == []

    with up(tmp_path, "--no-simulators"):
        until_all_is_stored(tmp_path)


def look(address: str, browser: Browser) -> None:
    """See values, an event and a picture, and nothing in the browser's console."""
    trouble: list[str] = []
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/?lang=en")
    page.wait_for_selector(".tile:has-text('Franklin Basin') >> text=mg/L", timeout=60_000)
    page.wait_for_selector(".events:has-text('Tank level above its limit')", timeout=120_000)  # its inlet jams after 15 s
    page.wait_for_selector(".shot img", timeout=60_000)
    with urlopen(f"{address}/api/state") as answer:
        assert json.load(answer)["newest"]["franklin/temp"]
    assert trouble == []
    page.close()


def until_all_is_stored(data: Path) -> None:
    """Wait until the store holds exactly what the simulators say the broker took."""
    store, ledger, said = (
        open_store(f"sqlite:///{data}/series.db"),
        Ledger(f"sqlite:///{data}/ledger.db"),
        Book(data / "simulators" / "sent.sqlite"),
    )
    until = time.monotonic() + 60
    while True:
        wrong = [one for one in said.sums() if not agrees(one, store)]
        balance = ledger.balance()
        if not wrong and balance.closes and not balance.total.in_flight:
            return
        assert time.monotonic() < until, f"{wrong} {balance.total}"
        time.sleep(0.5)


def agrees(one, store) -> bool:
    """Whether the store has the readings of a series that were said, by number and sum."""
    kept = store.read(one.series, 0, time.time_ns() + 10**15)
    return len(kept.at) == one.count and float(kept.value.sum()) == pytest.approx(one.sum, rel=1e-9)
