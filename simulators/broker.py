"""Where the broker is: an MQTT URL, and paho clients made from it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from detectors.domain.errors import Misconfigured

DAY = 86_400  # seconds that a broker keeps a device's session
PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A broker's address and how to speak to it. Secrets stay out of `repr`."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca: Path | None = None

    @classmethod
    def of(cls, url: str, ca: Path | None = None) -> "Broker":
        """The broker that a URL such as mqtt://user:password@host:1883 names.

        Raises:
            Misconfigured: if it is no such URL.
        """
        try:
            parts = urlsplit(url if "://" in url else f"mqtt://{url}")
            host, port = parts.hostname, parts.port
        except ValueError as fault:
            raise Misconfigured([f"--mqtt: {fault}"]) from fault
        if parts.scheme not in PORTS or not host:
            raise Misconfigured([f"--mqtt: {url.rsplit('@', maxsplit=1)[-1]!r} is not a URL such as mqtt://localhost:1883"])
        return cls(
            host=host,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "mqtts",
            ca=ca,
        )

    def client(self, name: str, window: int) -> Client:
        """A client that connects in the background and keeps trying, with at most `window` messages under way."""
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
        if self.user:
            client.username_pw_set(self.user, self.password)
        if self.tls:
            client.tls_set(ca_certs=str(self.ca) if self.ca else None)
        client.max_inflight_messages_set(window)
        client.reconnect_delay_set(1, 10)
        session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        session.SessionExpiryInterval = DAY
        client.connect_async(self.host, self.port, keepalive=30, clean_start=MQTT_CLEAN_START_FIRST_ONLY, properties=session)
        return client


def about(**facts: str) -> Properties:
    """MQTT 5 user properties."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.UserProperty = list(facts.items())
    return properties
