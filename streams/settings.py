"""Settings: one frozen value from a mapping of environment names; every mistake says the name, the value and the remedy."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from detectors.domain.errors import Misconfigured
from storage.shelf import Place

_KEY = 12  # letters at least
_MOST_EYES = 256  # more than any machine has cores to spare
READERS = ("fast", "paho")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the parts are. Secrets stay out of `repr`."""

    site: Path
    data: Path
    mqtt: str = field(repr=False)  # may carry a password
    mqtt_ca: Path | None
    kafka: str  # "host:port,host:port"
    store: str  # "sqlite:////path" or "http://host:8086?org=…&bucket=…"
    store_token: str = field(repr=False)
    casebook: str
    ledger: str
    refused: str
    repairs: str
    evidence: Path
    exhibits: Place  # a folder, or a bucket of an S3-compatible store
    faces_key: str = field(repr=False)  # shows faces and number plates to whoever has it; none to nobody
    camera_logins: Path | None  # a TOML file that only its owner may read
    camera_login: tuple[str, str] | None = field(repr=False)  # user and password of cameras that it does not name
    desk_port: int
    desk_url: str  # how a phone reaches the desk; stands in messages
    scenarios: tuple[str, ...]  # the command that plays scenarios from the desk; none where nothing is to be played
    reader: str
    eyes: int  # child processes that look at frames; 0: as the cores allow
    instance: str  # tells apart several workers or bridges of one site

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings that a mapping of RIVERWATCH_… names asks for.

        Raises:
            Misconfigured: with every mistake, not only the first.
        """
        mistakes: list[str] = []
        site, data = site_folder(environ), data_folder(environ)
        port = _port(environ, mistakes)
        evidence = Path(_said(environ, "EVIDENCE", str(data / "evidence"))).absolute()
        settings = cls(
            site=site,
            data=data,
            mqtt=_url(environ, "MQTT", "mqtt://127.0.0.1:1883", ("mqtt", "mqtts"), mistakes),
            mqtt_ca=Path(ca) if (ca := _said(environ, "MQTT_CA", "")) else None,
            kafka=_said(environ, "KAFKA", "127.0.0.1:9092"),
            store=_url(environ, "STORE", f"sqlite:///{data}/series.db", ("sqlite", "http", "https"), mistakes),
            store_token=_said(environ, "STORE_TOKEN", ""),
            casebook=_url(environ, "CASEBOOK", f"sqlite:///{data}/casebook.db", ("sqlite",), mistakes),
            ledger=_url(environ, "LEDGER", f"sqlite:///{data}/ledger.db", ("sqlite",), mistakes),
            refused=_url(environ, "REFUSED", f"sqlite:///{data}/refused.db", ("sqlite",), mistakes),
            repairs=_url(environ, "REPAIRS", f"sqlite:///{data}/repairs.db", ("sqlite",), mistakes),
            evidence=evidence,
            exhibits=_exhibits(environ, evidence),
            faces_key=_faces_key(environ, mistakes),
            camera_logins=Path(file) if (file := _said(environ, "CAMERA_LOGINS", "")) else None,
            camera_login=_login(environ, mistakes),
            desk_port=port,
            desk_url=_url(environ, "DESK_URL", f"http://127.0.0.1:{port}", ("http", "https"), mistakes),
            scenarios=tuple(shlex.split(_said(environ, "SCENARIOS", ""))),
            reader=_one_of(environ, "READER", "fast", READERS, mistakes),
            eyes=_eyes(environ, mistakes),
            instance=_said(environ, "INSTANCE", "1"),
        )
        if mistakes:
            raise Misconfigured(mistakes)
        return settings


def _said(environ: Mapping[str, str], name: str, otherwise: str) -> str:
    return environ.get(f"RIVERWATCH_{name}", "").strip() or otherwise


def site_folder(environ: Mapping[str, str]) -> Path:
    """Where the site's files are."""
    return Path(_said(environ, "SITE", "sites/qinghe")).absolute()


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where a site's data are: where the environment says, or under its name in the user's state folder."""
    state = Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Path(_said(environ, "DATA", str(state / "riverwatch" / site_folder(environ).name))).absolute()


def _url(environ: Mapping[str, str], name: str, otherwise: str, schemes: tuple[str, ...], mistakes: list[str]) -> str:
    url = _said(environ, name, otherwise)
    if urlsplit(url).scheme not in schemes:
        mistakes.append(f"RIVERWATCH_{name}: {url.split('@')[-1]!r} is not a URL such as {otherwise}")
    return url


def _one_of(environ: Mapping[str, str], name: str, otherwise: str, choices: tuple[str, ...], mistakes: list[str]) -> str:
    said = _said(environ, name, otherwise)
    if said not in choices:
        mistakes.append(f"RIVERWATCH_{name}: {said!r} is none of {', '.join(choices)}")
    return said


def _exhibits(environ: Mapping[str, str], evidence: Path) -> Place:
    """Where exhibits are kept; among the frames, under a name that no camera's folder has, where nobody says."""
    said = _said(environ, "EXHIBITS", str(evidence / ".events"))
    address = said if "://" in said else str(Path(said).absolute())
    return Place(address=address, key=_said(environ, "EXHIBITS_KEY", ""), secret=_said(environ, "EXHIBITS_SECRET", ""))


def _faces_key(environ: Mapping[str, str], mistakes: list[str]) -> str:
    said = _said(environ, "FACES_KEY", "")
    if said and len(said) < _KEY:
        mistakes.append(f"RIVERWATCH_FACES_KEY: shorter than {_KEY} letters, and so guessed in a while")
    return said


def _login(environ: Mapping[str, str], mistakes: list[str]) -> tuple[str, str] | None:
    """Who logs in at cameras; both words, or none."""
    user, password = (_said(environ, f"CAMERA_{name}", "") for name in ("USER", "PASSWORD"))
    if bool(user) is not bool(password):
        mistakes.append("RIVERWATCH_CAMERA_USER and RIVERWATCH_CAMERA_PASSWORD: one without the other")
    return (user, password) if user and password else None


def _port(environ: Mapping[str, str], mistakes: list[str]) -> int:
    said = _said(environ, "DESK_PORT", "8080")
    if said.isascii() and said.isdecimal() and 0 < int(said) < 65536:
        return int(said)
    mistakes.append(f"RIVERWATCH_DESK_PORT: {said!r} is not a port between 1 and 65535")
    return 0


def _eyes(environ: Mapping[str, str], mistakes: list[str]) -> int:
    said = _said(environ, "EYES", "0")
    if said.isascii() and said.isdecimal() and int(said) <= _MOST_EYES:
        return int(said)
    mistakes.append(
        f"RIVERWATCH_EYES: {said!r} is not a number of child processes, 1 to {_MOST_EYES}, or 0 for what the cores allow"
    )
    return 0
