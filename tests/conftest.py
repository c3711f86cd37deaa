"""What every test may ask for: the real parts of the stack, the shared records, and the rule about what may be skipped.

On a user's machine a test that lacks a part is skipped by the part's name, and the end of the run lists those names.
In CI (CI=true) nothing may be skipped: a skip fails.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.local import artemis, influxd, kafka, mosquitto
from tests import gateway

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

PARTS = {
    "mosquitto": mosquitto.installed,
    "influxd": influxd.installed,
    "versitygw": gateway.installed,
    "chromium": lambda: next(filter(None, map(shutil.which, CHROMIUM)), None),
    "gstreamer": lambda: next(Path("/usr/lib").glob("*/girepository-1.0/GstRtspServer-1.0.typelib"), None),
    "shared": lambda: (ROOT.parent / "shared" / "realdata").is_dir() or None,
}


def lacks(part: str) -> None:
    """Skip by name; in CI the run fails instead (see `pytest_runtest_makereport`)."""
    pytest.skip(f"lacks {part}")


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Kafka for the whole run; each test names its topics so that they meet no others."""
    with kafka.start(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture(scope="session")
def artemis_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Artemis for the whole run, open to anyone on this machine."""
    with artemis.start(tmp_path_factory.mktemp("artemis")) as address:
        yield address


@pytest.fixture(scope="session")
def mosquitto_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Mosquitto for the whole run."""
    if not mosquitto.installed():
        lacks("mosquitto")
    with mosquitto.start(tmp_path_factory.mktemp("mosquitto")) as address:
        yield address


@pytest.fixture(scope="session")
def influx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[influxd.Influx]:
    """One InfluxDB for the whole run: url, token, org, bucket."""
    if not influxd.installed():
        lacks("influxd")
    with influxd.start(tmp_path_factory.mktemp("influxd")) as here:
        yield here


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an S3-compatible store for the whole run; each test has a prefix of its own."""
    if not gateway.installed():
        lacks("versitygw")
    with gateway.start(tmp_path_factory.mktemp("versitygw")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records that lies beside the project where it is built."""
    if not PARTS["shared"]():
        lacks("shared")
    return ROOT.parent / "shared"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for browser tests."""
    found = PARTS["chromium"]()
    if not found:
        lacks("chromium")
    return str(found)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `needs("mosquitto")` is skipped by that name where it is lacking."""
    for mark in item.iter_markers("needs"):
        for part in mark.args:
            if not PARTS[part]():
                lacks(part)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI a skipped test is a failed one: what a test needs, CI brings."""
    outcome = yield
    report = outcome.get_result()
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and in CI nothing may be: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The end of a run says what was lacking and which tests therefore did not run."""
    lacking: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        lacking.setdefault(why.removeprefix("Skipped: "), []).append(report.nodeid)
    if lacking:
        terminalreporter.section("not run on this machine")
    for why, tests in sorted(lacking.items()):
        terminalreporter.write_line(f"{why}:")
        for test in tests:
            terminalreporter.write_line(f"  {test}")
