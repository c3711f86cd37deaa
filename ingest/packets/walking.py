"""Walking: whatever the socket gave, cut anywhere, becomes whole packets."""

from collections.abc import Mapping

from detectors.domain.errors import Refused
from ingest.packets.kinds import NONE, Packet, Publish
from ingest.packets.properties import read as properties
from ingest.packets.properties import varint
from ingest.packets.reading import read

_KEPT = 64 << 10  # bytes of a packet beyond `most` that are kept: enough for topic, properties and a look at the payload
_MOST_TOPICS = 100_000


class Walker:
    """Bytes in, packets out; the only memory is the packet that is not yet complete."""

    def __init__(self, version: int, most: int = 9 << 20) -> None:
        """`most` is the size of a packet, in bytes, beyond which only its beginning is kept."""
        self._version, self._most = version, most
        self._rest = bytearray()
        self._need = 2  # bytes until there can be another packet
        self._skip = 0  # bytes still to come of a packet of which we keep only the beginning
        self._whole = 0  # its whole size
        self._topics: dict[bytes, str] = {}

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that are complete now, in their order.

        Raises:
            Refused: if this is not MQTT; the connection is then of no more use.
        """
        if self._skip:
            return self._skipped(data)
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return []
            data = bytes(self._rest)
            self._rest.clear()
        packets: list[Packet] = []
        at = self._walk(data, packets)
        if self._skip:
            return packets + self._skipped(data[at:])
        if at < len(data):
            self._rest += data[at:] if at else data
        return packets

    def _walk(self, data: bytes, packets: list[Packet]) -> int:
        """Add every whole packet of the data; where the first that is not whole begins."""
        at, end, version, body, length, topics = 0, len(data), self._version, 0, 0, self._topics
        bare = 1 if version == 5 else 0  # bytes of properties where there are none
        while end - at >= 2:
            first, length, body = data[at], data[at + 1], at + 2
            if length > 0x7F:
                if end - at < 5 and data[end - 1] > 0x7F:
                    self._need = end - at + 1
                    return at
                length, body = varint(data, at + 1)
            if body + length > end:
                if length > self._most:
                    self._skip, self._whole = body + length - at, length
                self._need = body + length - at
                return at
            at = body + length
            if first & 0xF6 == 0x32 and length > 4:  # the usual: QoS 1, a topic heard before, no properties
                name_end = body + 2 + (data[body] << 8 | data[body + 1])
                start = name_end + 2 + bare
                topic = topics.get(data[body + 2 : name_end]) if start <= at and not (bare and data[start - 1]) else None
                if topic is not None:
                    mid = data[name_end] << 8 | data[name_end + 1]
                    packets.append(Publish(topic, data[start:at], mid, 1, NONE, -1, first & 1 == 1))
                    continue
            if first & 0xF0 == 0x30:
                packets.append(self._publish(first, data, body, at))
            else:
                packets.append(read(first, data[body:at], version))
        self._need = 2
        return at

    def _publish(self, first: int, data: bytes, at: int, end: int, size: int = -1) -> Publish:
        topic_end = at + 2 + (data[at] << 8 | data[at + 1]) if at + 2 <= end else end + 1
        qos, mid, properties_of = first >> 1 & 3, 0, NONE
        start = topic_end + 2 if qos else topic_end
        if start > end or qos > 1:
            raise Refused("MQTT: a message that ends too early, or of QoS 2", data[at : at + 100])
        if qos:
            mid = data[topic_end] << 8 | data[topic_end + 1]
        if self._version == 5:
            if start < end and not data[start]:
                start += 1
            else:
                properties_of, start = self._properties(data[start:end], start)
        name = data[at + 2 : topic_end]
        topic = self._topics.get(name) or self._topic(name)
        return Publish(topic, data[start:end], mid, qos, properties_of, size, bool(first & 1))

    @staticmethod
    def _properties(data: bytes, start: int) -> tuple[Mapping[str, str], int]:
        _, user, end = properties(data, 0)
        return user or NONE, start + end

    def _topic(self, name: bytes) -> str:
        try:
            topic = name.decode()
        except UnicodeDecodeError as fault:
            raise Refused("MQTT: a topic that is not UTF-8", name[:100]) from fault
        if len(self._topics) < _MOST_TOPICS:
            self._topics[name] = topic
        return topic

    def _skipped(self, data: bytes) -> list[Packet]:
        """Go on through a packet that is too large: keep its beginning, count the rest."""
        room = max(_KEPT - len(self._rest), 0)
        taken = min(len(data), self._skip)
        self._rest += data[: min(room, taken)]
        self._skip -= taken
        if self._skip:
            return []
        head, whole = bytes(self._rest), self._whole
        self._rest.clear()
        if head[0] & 0xF0 != 0x30:
            raise Refused("MQTT: a huge packet that is no message", head[:100])
        body = varint(head, 1)[1]
        message = self._publish(head[0], head, body, len(head))
        before = len(head) - body - len(message.payload)
        self._need = 2
        beginning = Publish(
            message.topic, message.payload, message.id, message.qos, message.properties, whole - before, message.retain
        )
        return [beginning, *self.feed(data[taken:])] if taken < len(data) else [beginning]
