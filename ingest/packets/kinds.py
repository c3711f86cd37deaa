"""The packets of MQTT that a reader of topics needs, as values; section numbers are those of MQTT 5.0 (OASIS 2019)."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

NONE: Mapping[str, str] = MappingProxyType({})


class Packet(msgspec.Struct, frozen=True, gc=False):
    """Any packet."""


class Connect(Packet, frozen=True, gc=False, kw_only=True):
    """The first packet of a client (3.1)."""

    client: str
    version: int  # 4 (3.1.1) or 5
    clean: bool = False
    keep_alive: int = 30  # seconds
    user: str | None = None
    password: bytes | None = None
    expiry: int = 0  # seconds the broker keeps the session (5 only)
    receive_maximum: int = 65_535  # un-acknowledged messages at most (5 only)


class Connack(Packet, frozen=True, gc=False):
    """The broker's answer to CONNECT (3.2)."""

    present: bool  # the broker has kept our session
    reason: int
    keep_alive: int | None = None  # seconds, where the broker wants another than ours
    why: str = ""


class Publish(Packet, frozen=True, gc=False):
    """A message (3.3)."""

    topic: str
    payload: bytes
    id: int  # packet identifier; 0 at QoS 0
    qos: int
    properties: Mapping[str, str]  # user properties
    size: int = -1  # bytes of the whole payload, where only its beginning was kept
    retain: bool = False


class Puback(Packet, frozen=True, gc=False):
    """A message is safe (3.4)."""

    id: int
    reason: int = 0


class Subscribe(Packet, frozen=True, gc=False):
    """Wanted topics (3.8), at QoS 1, which also keeps QoS 2 from us."""

    id: int
    topics: tuple[str, ...]


class Suback(Packet, frozen=True, gc=False):
    """The answer to each wanted topic (3.9); 0x80 and above is a refusal."""

    id: int
    reasons: tuple[int, ...]


class Pingreq(Packet, frozen=True, gc=False):
    """Are you there? (3.12)."""


class Pingresp(Packet, frozen=True, gc=False):
    """I am (3.13)."""


class Disconnect(Packet, frozen=True, gc=False):
    """The last packet (3.14); from a broker only in version 5."""

    reason: int = 0
    why: str = ""
