"""InfluxDB 2 on this machine, where it is installed or was built by `scripts/build-influxd`."""

import json
import secrets
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from detectors.domain.errors import Unreachable
from streams.local.jars import cache
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, speaks_http

NAME = "riverwatch"  # of the organisation, the bucket and the user


@dataclass(frozen=True, slots=True, kw_only=True)
class Influx:
    """Where an InfluxDB is and how to come in."""

    url: str  # http://127.0.0.1:port
    token: str = field(repr=False)
    org: str = NAME
    bucket: str = NAME

    @property
    def store(self) -> str:
        """The address as `RIVERWATCH_STORE` wants it."""
        return f"{self.url}?org={self.org}&bucket={self.bucket}"


@contextmanager
def start(folder: Path, port: int = 0) -> Iterator[Influx]:
    """InfluxDB on this machine, set up and answering; what it stored, and its token, are kept in `folder`.

    Raises:
        Unreachable: when it is not here, or ends early, with its last words.
    """
    port = port or free_port()
    with running(spec(folder, port), folder / "influxd.log"):
        yield set_up(folder, port)


def installed() -> str | None:
    """Where the program is: on the PATH, or in the cache where `scripts/build-influxd` leaves it."""
    return shutil.which("influxd") or shutil.which(cache() / "bin" / "influxd")


def spec(folder: Path, port: int) -> Part:
    """What to run for InfluxDB at `port`; call `set_up` once it answers."""
    program = installed()
    if program is None:
        raise Unreachable("influxd", "it is not installed here; install InfluxDB 2, or run scripts/build-influxd once")
    home = folder.absolute()
    home.mkdir(parents=True, exist_ok=True)
    options = {
        "http-bind-address": f"{HERE}:{port}",
        "bolt-path": home / "influxd.bolt",
        "sqlite-path": home / "influxd.sqlite",
        "engine-path": home / "engine",
        "reporting-disabled": "true",
        "log-level": "warn",
        "storage-cache-snapshot-write-cold-duration": "1m",
    }
    words = (f"--{name}={value}" for name, value in options.items())
    return Part(name="influxd", command=(program, *words), ready=speaks_http(port, "/health"))


def set_up(folder: Path, port: int) -> Influx:
    """The way into the InfluxDB that answers at `port`; the first time it is given its user, bucket and token."""
    kept = folder / "token"
    url = f"http://{HERE}:{port}"
    if not kept.exists():
        token = secrets.token_urlsafe(32)
        kept.touch(mode=0o600)
        said = {"username": NAME, "password": secrets.token_urlsafe(16), "org": NAME, "bucket": NAME, "token": token}
        ask = urllib.request.Request(  # noqa: S310  our own address
            f"{url}/api/v2/setup", json.dumps(said).encode(), {"Content-Type": "application/json"}
        )
        try:
            urllib.request.urlopen(ask, timeout=30).close()  # noqa: S310  our own address
        except (urllib.error.URLError, TimeoutError) as wrong:
            kept.unlink()
            raise Unreachable("influxd", f"it cannot be set up: {wrong}") from wrong
        kept.write_text(token, encoding="utf-8")
    return Influx(url=url, token=kept.read_text(encoding="utf-8"))
