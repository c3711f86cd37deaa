"""Where a camera's pictures come from, and what of that may be said aloud."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from detectors.domain.errors import Refused
from ingest.cameras.login import PASSWORD, Login, is_wanted

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


class Kind(StrEnum):
    """How pictures come."""

    LIVE = "live"  # RTSP or HTTP: at the camera's own pace, the newest counts
    REEL = "reel"  # a film, or a folder of pictures: shown again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place to pull pictures from. Who logs in and how stays out of `repr` and `str`."""

    kind: Kind
    place: str = field(repr=False)  # the whole URL, or a path
    shown: str  # of it what may be said
    host: str = ""
    port: int = 0
    secrets: tuple[str, ...] = field(default=(), repr=False)
    open_login: bool = False  # the text itself names a password, for whoever has the site folder

    @classmethod
    def of(cls, text: str, beside: Path, login: Login | None = None) -> "Source":
        """The source that a text names: rtsp://, rtsps://, http://, https://, or a path (from the folder `beside`).

        {user} and {password} in a URL are filled from the login.

        Raises:
            Refused: if it is something else, or wants a login and there is none.
        """
        if "://" not in text:
            path = str((beside / text).absolute())
            return cls(kind=Kind.REEL, place=path, shown=path)
        if is_wanted(text) and login is None:
            raise Refused("a source that wants a login, and none is known", _said(urlsplit(text)))
        try:
            parts = urlsplit(login.into(text) if login else text)
            host, port = parts.hostname, parts.port
        except ValueError as fault:
            raise Refused("a source that is no URL", str(fault)) from fault
        if parts.scheme not in _PORTS or not host:
            raise Refused("a source that is neither rtsp, http nor a path", parts.scheme)
        return cls(
            kind=Kind.LIVE,
            place=parts.geturl(),
            shown=_said(urlsplit(text)),
            host=host,
            port=port or _PORTS[parts.scheme],
            secrets=_secrets(parts, login),
            open_login=urlsplit(text).password not in {None, "", PASSWORD},
        )

    def __str__(self) -> str:
        return self.shown

    def hide(self, line: str) -> str:
        """A line of somebody else's log, without what logs in."""
        for secret in self.secrets:
            line = line.replace(secret, "…")
        return line


def _said(parts: SplitResult) -> str:
    """A URL without who logs in: not before the host, and not in the query, where some cameras take it."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _secrets(parts: SplitResult, login: Login | None) -> tuple[str, ...]:
    """What must not be said, the longest first."""
    password = parts.password or ""
    found = {parts.geturl(), parts.netloc.rpartition("@")[0], parts.query, password, unquote(password)}
    if login:
        found |= {login.password, login.into(PASSWORD)}
    return tuple(sorted(found - {""}, key=len, reverse=True))
