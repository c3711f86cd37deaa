"""Publisher: messages to an MQTT broker, each with a promise that is kept when the broker has it."""

import asyncio
import logging
from typing import Protocol, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.mqtt.entry import connect
from ingest.mqtt.port import Broker

log = logging.getLogger(__name__)
_WINDOW = 200  # messages under way to the broker at a time
_LEAVING = 5.0  # seconds for what is under way when told to stop


class Publisher(Protocol):
    """Where the gateway brings its messages."""

    @property
    def outstanding(self) -> int:
        """How many messages the broker has not acknowledged."""
        ...

    def publish(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        """Send once, now or when the broker is there again; done with its PUBACK."""
        ...


class PahoPublisher:
    """paho sends, and sends again after a broken connection; the event loop never waits for it."""

    def __init__(self, broker: Broker, client: str) -> None:
        self._broker = broker
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._client = Client(CallbackAPIVersion.VERSION2, client, protocol=MQTTProtocolVersion.MQTTv311)
        self._client.on_connect, self._client.on_disconnect = self._on_connect, self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.max_inflight_messages_set(_WINDOW)
        self._client.max_queued_messages_set(0)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        connect(self._client, self._broker)
        self._client.loop_start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._waiting:
            await asyncio.wait([*self._waiting.values()], timeout=_LEAVING)
        await asyncio.to_thread(self._leave)
        for promise in self._waiting.values():
            promise.cancel()

    @property
    def outstanding(self) -> int:
        """How many messages the broker has not acknowledged."""
        return len(self._waiting)

    def publish(self, topic: str, payload: bytes) -> asyncio.Future[None]:
        """Send once, now or when the broker is there again; done with its PUBACK."""
        promise: asyncio.Future[None] = self._loop.create_future()
        # paho's thread tells us through the event loop, so not before this function has returned
        self._waiting[self._client.publish(topic, payload, qos=1).mid] = promise
        return promise

    def _on_publish(self, _client: Client, _data: object, mid: int, _reason: ReasonCode, _said: Properties | None) -> None:
        self._loop.call_soon_threadsafe(self._acknowledged, mid)

    def _acknowledged(self, mid: int) -> None:
        promise = self._waiting.pop(mid, None)
        if promise and not promise.done():
            promise.set_result(None)

    def _leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    @staticmethod
    def _on_connect(_client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _said: Properties | None) -> None:
        if reason.is_failure:
            log.warning("MQTT broker does not answer: it refused us: %s; trying again", reason)

    @staticmethod
    def _on_disconnect(
        _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _said: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("MQTT broker does not answer: %s; trying again", reason)
