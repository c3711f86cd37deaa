"""Packets into bytes, for MQTT 3.1.1 (version 4) and 5."""

from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any

from ingest.packets import kinds
from ingest.packets.properties import EXPIRY, KEEP_ALIVE, RECEIVE_MAXIMUM, WHY, text_bytes, varint_bytes
from ingest.packets.properties import write as properties

_RETAIN_ONCE = 0x10  # retained messages only where the subscription is new (3.8.3.1), or each reconnect would repeat them
_ack = Struct(">HH").pack


def write(packet: kinds.Packet, version: int) -> bytes:
    """The bytes of a packet."""
    first, body = _WRITERS[type(packet)](packet, version)
    return bytes([first]) + varint_bytes(len(body)) + body


def pubacks(ids: Iterable[int]) -> bytes:
    """PUBACKs of success for many messages; the same bytes in both versions."""
    return b"".join([_ack(0x4002, one) for one in ids])


def _connect(packet: kinds.Connect, version: int) -> tuple[int, bytes]:
    flags = packet.clean << 1 | (packet.password is not None) << 6 | (packet.user is not None) << 7
    body = text_bytes("MQTT") + bytes([version, flags]) + packet.keep_alive.to_bytes(2)
    if version == 5:
        body += properties({EXPIRY: packet.expiry, RECEIVE_MAXIMUM: packet.receive_maximum}, {})
    body += text_bytes(packet.client)
    for extra in (packet.user, packet.password):
        body += b"" if extra is None else text_bytes(extra)
    return 0x10, body


def _connack(packet: kinds.Connack, version: int) -> tuple[int, bytes]:
    body = bytes([packet.present, packet.reason])
    if version == 5:
        facts = {} if packet.keep_alive is None else {KEEP_ALIVE: packet.keep_alive}
        body += properties(facts | ({WHY: packet.why} if packet.why else {}), {})
    return 0x20, body


def _publish(packet: kinds.Publish, version: int) -> tuple[int, bytes]:
    body = text_bytes(packet.topic)
    if packet.qos:
        body += packet.id.to_bytes(2)
    if version == 5:
        body += properties({}, packet.properties)
    return 0x30 | packet.qos << 1 | packet.retain, body + packet.payload


def _puback(packet: kinds.Puback, version: int) -> tuple[int, bytes]:
    return 0x40, packet.id.to_bytes(2) + (bytes([packet.reason]) if version == 5 and packet.reason else b"")


def _subscribe(packet: kinds.Subscribe, version: int) -> tuple[int, bytes]:
    options = bytes([1 | (_RETAIN_ONCE if version == 5 else 0)])
    head = packet.id.to_bytes(2) + (b"\0" if version == 5 else b"")
    shared = bytes([1])  # a shared subscription knows no retained messages
    return 0x82, head + b"".join(text_bytes(one) + (shared if one.startswith("$share/") else options) for one in packet.topics)


def _suback(packet: kinds.Suback, version: int) -> tuple[int, bytes]:
    return 0x90, packet.id.to_bytes(2) + (b"\0" if version == 5 else b"") + bytes(packet.reasons)


def _disconnect(packet: kinds.Disconnect, version: int) -> tuple[int, bytes]:
    if version == 5 and (packet.reason or packet.why):
        return 0xE0, bytes([packet.reason]) + properties({WHY: packet.why} if packet.why else {}, {})
    return 0xE0, b""


_WRITERS: dict[type[kinds.Packet], Callable[[Any, int], tuple[int, bytes]]] = {
    kinds.Connect: _connect,
    kinds.Connack: _connack,
    kinds.Publish: _publish,
    kinds.Puback: _puback,
    kinds.Subscribe: _subscribe,
    kinds.Suback: _suback,
    kinds.Pingreq: lambda _packet, _version: (0xC0, b""),
    kinds.Pingresp: lambda _packet, _version: (0xD0, b""),
    kinds.Disconnect: _disconnect,
}
