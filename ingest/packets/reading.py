"""Bytes into the packets that are not messages, for MQTT 3.1.1 (version 4) and 5."""

from collections.abc import Callable

from detectors.domain.errors import Refused
from ingest.packets import kinds
from ingest.packets.properties import EXPIRY, KEEP_ALIVE, RECEIVE_MAXIMUM, WHY, text
from ingest.packets.properties import read as properties


def read(first: int, body: bytes, version: int) -> kinds.Packet:
    """The packet with this first byte and this body.

    Raises:
        Refused: if it is malformed, or of a kind that a reader of topics at QoS 1 never meets.
    """
    reader = _READERS.get(first >> 4)
    if reader is None:
        raise Refused("MQTT: a packet nobody asked for", first)
    try:
        return reader(body, version)
    except (IndexError, UnicodeDecodeError) as fault:
        raise Refused("MQTT: a packet that ends too early", bytes([first]) + body[:100]) from fault


def _connect(body: bytes, _version: int) -> kinds.Packet:
    name, at = text(body, 0)
    version, flags = body[at], body[at + 1]
    if name != "MQTT" or version not in (4, 5):
        raise Refused("MQTT: an unknown protocol", (name, version))
    keep_alive, at = int.from_bytes(body[at + 2 : at + 4]), at + 4
    expiry = receive_maximum = None
    if version == 5:
        facts, _, at = properties(body, at)
        expiry, receive_maximum = facts.get(EXPIRY), facts.get(RECEIVE_MAXIMUM)
    client, at = text(body, at)
    user, at = text(body, at) if flags & 0x80 else (None, at)
    password = text(body, at)[0].encode() if flags & 0x40 else None
    return kinds.Connect(
        client=client,
        version=version,
        clean=bool(flags & 2),
        keep_alive=keep_alive,
        user=user,
        password=password,
        expiry=int(expiry or 0),
        receive_maximum=int(receive_maximum or 65_535),
    )


def _connack(body: bytes, version: int) -> kinds.Packet:
    present, reason = body[0], body[1]
    facts = properties(body, 2)[0] if version == 5 and len(body) > 2 else {}
    keep_alive = facts.get(KEEP_ALIVE)
    return kinds.Connack(bool(present & 1), reason, None if keep_alive is None else int(keep_alive), str(facts.get(WHY, "")))


def _puback(body: bytes, _version: int) -> kinds.Packet:
    return kinds.Puback(body[0] << 8 | body[1], body[2] if len(body) > 2 else 0)


def _subscribe(body: bytes, version: int) -> kinds.Packet:
    at, topics = 2, []
    if version == 5:
        at = properties(body, at)[2]
    while at < len(body):
        topic, at = text(body, at)
        topics.append(topic)
        at += 1
    return kinds.Subscribe(body[0] << 8 | body[1], tuple(topics))


def _suback(body: bytes, version: int) -> kinds.Packet:
    at = properties(body, 2)[2] if version == 5 else 2
    return kinds.Suback(body[0] << 8 | body[1], tuple(body[at:]))


def _disconnect(body: bytes, _version: int) -> kinds.Packet:
    facts = properties(body, 1)[0] if len(body) > 1 else {}
    return kinds.Disconnect(body[0] if body else 0, str(facts.get(WHY, "")))


_READERS: dict[int, Callable[[bytes, int], kinds.Packet]] = {
    1: _connect,
    2: _connack,
    4: _puback,
    8: _subscribe,
    9: _suback,
    12: lambda _body, _version: kinds.Pingreq(),
    13: lambda _body, _version: kinds.Pingresp(),
    14: _disconnect,
}
