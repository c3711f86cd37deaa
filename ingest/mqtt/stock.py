"""The stock reader: paho-mqtt 2 with manual acknowledgement, for those who prefer its code to ours."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.envelope import NOTHING_SAID, Delivery
from ingest.mqtt.inbox import Inbox
from ingest.mqtt.port import Broker, Session
from ingest.mqtt.unacked import Hand, Unacked

log = logging.getLogger(__name__)
_UNSUPPORTED = "Unsupported protocol version"


class PahoReader:
    """paho's thread only hands over; a message is acknowledged when the caller says that it is safe.

    How many messages are in hand is bounded by MQTT 5's receive maximum; in 3.1.1 only by the broker's own window.
    """

    def __init__(self, broker: Broker, session: Session) -> None:
        self._broker, self._session = broker, session
        self._hand = Hand(session.most, session.most_bytes)
        self._inbox = Inbox()
        self._versions = list(session.versions)
        self._connection = 0  # which one; changed by paho's thread, so that acknowledgements for an older one are dropped
        self._unacked = Unacked(self._hand, partial(self._acknowledge, 0))
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client:
            await asyncio.to_thread(self._leave, self._client)

    async def batches(self) -> AsyncIterator[list[Delivery]]:
        """What came, in the order in which it came; never ends by itself."""
        while True:
            yield await self._inbox.take()

    def _begin(self) -> None:
        five, broker, session = self._versions[0] == 5, self._broker, self._session
        client = Client(
            CallbackAPIVersion.VERSION2,
            session.client,
            clean_session=None if five else False,
            protocol=MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        client.on_connect, client.on_disconnect, client.on_message = self._on_connect, self._on_disconnect, self._on_message
        client.reconnect_delay_set(1, 10)
        if broker.user is not None:
            client.username_pw_set(broker.user, broker.password)
        if context := broker.context():
            client.tls_set_context(context)
        if five:
            hello = self._properties()
            client.connect_async(broker.host, broker.port, session.keep_alive, clean_start=False, properties=hello)
        else:
            client.connect_async(broker.host, broker.port, session.keep_alive)
        client.loop_start()
        self._client = client

    def _properties(self) -> Properties:
        properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._session.expiry
        properties.ReceiveMaximum = min(self._session.most, 65_535)
        return properties  # type: ignore[no-any-return]

    @staticmethod
    def _leave(client: Client) -> None:
        client.disconnect()
        client.loop_stop()

    def _on_connect(self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None) -> None:
        if reason.is_failure:
            log.warning("MQTT broker does not answer: it refused us: %s; trying again", reason)
            if str(reason) == _UNSUPPORTED:
                self._loop.call_soon_threadsafe(self._fall_back)
            return
        self._connection += 1
        self._loop.call_soon_threadsafe(self._renew, self._connection)
        if self._versions[0] == 5:
            options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
            shared = SubscribeOptions(qos=1)
            client.subscribe([(one, shared if one.startswith("$share/") else options) for one in self._session.topics])
        else:
            client.subscribe([(one, 1) for one in self._session.topics])

    def _on_disconnect(self, *_: object) -> None:
        self._connection += 1

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._loop.call_soon_threadsafe(self._take, message, time.time_ns())

    def _take(self, message: MQTTMessage, got: int) -> None:
        said = dict(getattr(message.properties, "UserProperty", ())) if message.properties else NOTHING_SAID
        ack = self._unacked.hold(message.mid if message.qos else 0, len(message.payload))
        self._inbox.put([Delivery(message.topic, bytes(message.payload), said, got, ack)])

    def _renew(self, connection: int) -> None:
        self._unacked = Unacked(self._hand, partial(self._acknowledge, connection))

    def _acknowledge(self, connection: int, identifier: int) -> None:
        if connection == self._connection and self._client:
            self._client.ack(identifier, 1)

    def _fall_back(self) -> None:
        old = self._client
        self._versions.append(self._versions.pop(0))
        if old:
            self._loop.run_in_executor(None, self._leave, old)
        self._begin()
