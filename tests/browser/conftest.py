"""A desk in its own process over real stores, and Debian's Chromium to look at it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from detectors.domain.site import Site
from storage.casebook import Casebook
from storage.evidence import Evidence
from storage.exhibits import Exhibits
from storage.ledger import Ledger
from storage.refused import RefusedBox
from storage.registry import load
from storage.series import open_store
from storage.shelf import Place
from tests.browser.filling import Stores, fill

ROOT = Path(__file__).parents[2]
FACES = "the river is wide"  # the desk's key to faces
QUIET = (
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
)


@dataclass(slots=True)
class Desk:
    """A running desk."""

    address: str
    site: Site
    stores: Stores
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="session")
def site() -> Site:
    """The demo site."""
    return load(ROOT / "sites" / "qinghe")


@pytest.fixture(scope="session")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk over a month of data, on a free port."""
    data = tmp_path_factory.mktemp("desk")
    stores = Stores(
        store=open_store(f"sqlite:///{data}/series.db"),
        book=Casebook(f"sqlite:///{data}/casebook.db", site),
        ledger=Ledger(f"sqlite:///{data}/ledger.db"),
        refused=RefusedBox(f"sqlite:///{data}/refused.db"),
        evidence=Evidence(data / "evidence"),
        exhibits=Exhibits(Place(address=str(data / "evidence" / ".events"))),
    )
    fill(site, stores, time.time_ns())
    address = f"http://127.0.0.1:{_free_port()}"
    process = _start(address, data)
    try:
        _wait(address, process)
        yield Desk(address, site, stores, process)
    finally:
        process.terminate()
        process.wait(20)


def _start(address: str, data: Path) -> subprocess.Popen[bytes]:
    said = {
        "RIVERWATCH_FACES_KEY": FACES,
        "RIVERWATCH_DATA": str(data),
        "RIVERWATCH_SITE": str(ROOT / "sites" / "qinghe"),
        "RIVERWATCH_DESK_URL": address,
    }
    command = [sys.executable, "-m", "streams.cli", "desk", "--port", address.rpartition(":")[2]]
    with (data / "desk.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **said}, stdout=log, stderr=log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the desk ended at once"
        with suppress(URLError, OSError), urlopen(f"{address}/api/state"):
            return
        time.sleep(0.2)
    pytest.fail("the desk does not answer")


@pytest.fixture(scope="module")  # not longer: while playwright runs, no test may run an event loop of its own
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium with an empty profile."""
    with sync_playwright() as playwright:
        home = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", *(f"--{one}" for one in QUIET)], env=home
        )
        yield opened
        opened.close()


@dataclass(slots=True)
class Reader:
    """Somebody at a browser; what went wrong meanwhile is kept."""

    page: Page
    address: str
    trouble: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page and wait until it is laid out and connected."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("main")
        return self.page


def _reader(browser: Browser, desk: Desk, wide: int, tall: int) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": wide, "height": tall})
    reader = Reader(context.new_page(), desk.address)
    reader.page.on("console", lambda said: reader.trouble.append(said.text) if said.type in {"error", "warning"} else None)
    reader.page.on("pageerror", lambda fault: reader.trouble.append(str(fault)))
    reader.page.on("request", lambda request: reader.asked.append(request.url))
    reader.page.on("websocket", lambda wire: reader.asked.append(wire.url))
    yield reader
    context.close()


@pytest.fixture
def reader(browser: Browser, desk: Desk) -> Iterator[Reader]:
    """A reader at a desk."""
    yield from _reader(browser, desk, 1440, 900)


@pytest.fixture
def phone(browser: Browser, desk: Desk) -> Iterator[Reader]:
    """A reader with a phone."""
    yield from _reader(browser, desk, 390, 844)
