"""Frames: pictures on their way to an MQTT broker, one of each camera at a time; what cannot go now is dropped."""

import logging
import threading
from collections import Counter
from typing import Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.mqtt.entry import connect
from ingest.mqtt.port import Broker

log = logging.getLogger(__name__)
EXPIRY = 30  # seconds; an older frame is not looked at anyway


class Frames:
    """Publishes JPEGs to `rw/v1/<site>/<camera>/frame`; entered, it connects and connects again for ever."""

    def __init__(self, broker: Broker, site: str, client: str) -> None:
        self._broker, self._site = broker, site
        self._under_way: dict[str, MQTTMessageInfo] = {}
        self._seq: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self._connected = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_connect, self._client.on_disconnect = self._on_connect, self._on_disconnect

    def __enter__(self) -> Self:
        connect(self._client, self._broker)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def deliver(self, camera: str, at: int, jpeg: bytes) -> None:
        """Publish a picture taken at `at` (ns since 1970 UTC); dropped if the broker is away or has not taken the last one."""
        self._seq[camera] += 1
        before = self._under_way.get(camera)
        if not self._connected.is_set() or (before is not None and not before.is_published()):
            self.dropped[camera] += 1
            return
        facts = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's
        facts.UserProperty = [("ts", str(at)), ("seq", str(self._seq[camera])), ("camera", camera)]
        facts.MessageExpiryInterval = EXPIRY
        topic = f"rw/v1/{self._site}/{camera}/frame"
        self._under_way[camera] = self._client.publish(topic, jpeg, qos=1, properties=facts)
        self.sent[camera] += 1

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _said: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("the MQTT broker at %s refused us: %s; trying again", self._broker, reason)
        else:
            self._connected.set()

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _said: Properties | None
    ) -> None:
        self._connected.clear()
        if reason.is_failure:
            log.warning("the MQTT broker at %s does not answer: %s; frames are dropped until it does", self._broker, reason)
