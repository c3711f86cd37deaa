"""The port: where the broker is, how we want to be known to it, and what a reader does."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from detectors.domain.errors import Misconfigured
from ingest.envelope import Delivery

_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where an MQTT broker listens and how it lets us in."""

    host: str
    port: int = 1883
    tls: bool = False
    ca: Path | None = None  # who signs the broker's certificate, where the system does not know
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str, ca: Path | None = None, *, said_by: str = "RIVERWATCH_MQTT") -> "Broker":
        """The broker of a URL such as mqtt://user:password@host:1883 or mqtts://host; an address alone is MQTT.

        Raises:
            Misconfigured: if what `said_by` said is no such URL.
        """
        wrong = Misconfigured([f"{said_by}: {url.rsplit('@', maxsplit=1)[-1]!r} is not a URL such as mqtt://localhost:1883"])
        try:
            parts = urlsplit(url if "://" in url else f"mqtt://{url}")
            host, port = parts.hostname, parts.port
        except ValueError as fault:
            raise wrong from fault
        if parts.scheme not in _PORTS or not host or parts.path not in ("", "/"):
            raise wrong
        user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
        tls = parts.scheme == "mqtts"
        return cls(host=host, port=port or _PORTS[parts.scheme], tls=tls, ca=ca, user=user or None, password=password)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"  # who logs in and how stays out of every log

    def context(self) -> ssl.SSLContext | None:
        """What TLS needs, or None without it.

        Raises:
            Misconfigured: if the file of the CA holds no certificate.
        """
        if not self.tls:
            return None
        try:
            return ssl.create_default_context(cafile=self.ca)
        except OSError as fault:  # ssl.SSLError is one
            raise Misconfigured([f"{self.ca}: not a file with the certificate of a CA: {fault.strerror or fault}"]) from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """How the broker shall know us, what we want of it and how much of it at a time."""

    client: str  # always the same, or what waits for us is lost
    topics: tuple[str, ...]
    keep_alive: int = 30  # seconds
    expiry: int = 7 * 86_400  # seconds that the broker keeps what comes while we are away (MQTT 5)
    most: int = 8192  # un-acknowledged messages at a time
    most_bytes: int = 64 << 20  # un-acknowledged payload at a time, give or take one read
    most_packet: int = 9 << 20  # of a longer message only the beginning is kept
    versions: tuple[int, ...] = (5, 4)  # protocol levels in the order of trying; 4 is 3.1.1


class Reader(Protocol):
    """Messages of a broker; entered, it connects and connects again for ever."""

    subscribed: asyncio.Event  # set while the broker has said that it keeps what comes for us
    resumed: int  # how often the broker has let us in and kept what came before

    def __init__(self, broker: Broker, session: Session) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    def batches(self) -> AsyncIterator[list[Delivery]]:
        """What came, in the order in which it came; never ends by itself."""
        ...
