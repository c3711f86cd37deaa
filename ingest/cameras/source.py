"""Where a camera's pictures come from, and what of that may be said aloud."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from detectors.domain.errors import Refused

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
    host: str = ""
    port: int = 0

    @classmethod
    def of(cls, text: str, beside: Path) -> "Source":
        """The source that a text names: rtsp://, rtsps://, http://, https://, or a path (from the folder `beside`).

        Raises:
            Refused: if it is something else.
        """
        if "://" not in text:
            return cls(kind=Kind.REEL, place=str((beside / text).absolute()))
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError as fault:
            raise Refused("a camera's source that is no URL", str(fault)) from fault
        if parts.scheme not in _PORTS or not host:
            raise Refused("a camera's source that is neither rtsp, http nor a path", parts.scheme)
        return cls(kind=Kind.LIVE, place=text, host=host, port=port or _PORTS[parts.scheme])

    def __str__(self) -> str:
        if self.kind is Kind.REEL:
            return self.place
        parts = urlsplit(self.place)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"  # cameras take passwords in the query, too

    def hide(self, line: str) -> str:
        """A line of somebody else's log, without what logs in."""
        if self.kind is Kind.REEL:
            return line
        parts = urlsplit(self.place)
        for secret in (self.place, parts.netloc.rpartition("@")[0], parts.query, parts.password, unquote(parts.password or "")):
            line = line.replace(secret, "…") if secret else line
        return line
