"""The stock reader: paho-mqtt 2 with manual acknowledgement, for those who prefer its code to ours."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.envelope import NOTHING_SAID, Delivery
from ingest.mqtt import remedies
from ingest.mqtt.entry import connect
from ingest.mqtt.inbox import Inbox
from ingest.mqtt.patient import PatientClient
from ingest.mqtt.port import Broker, Session
from ingest.mqtt.unacked import Hand, Unacked
from ingest.mqtt.versions import Versions

log = logging.getLogger(__name__)
_ASK_AGAIN = 10.0  # seconds after a refused subscription


class PahoReader:
    """paho's thread only hands over; a message is acknowledged when the caller says that it is safe."""

    def __init__(self, broker: Broker, session: Session) -> None:
        self._broker, self._session = broker, session
        self._hand = Hand(session.most, session.most_bytes)
        self._handed, self._taken = [0, 0], [0, 0]  # messages and bytes; the first is written by paho's thread only
        self._waiting = False
        self._inbox = Inbox()
        self._versions = Versions(session.versions)
        broker.context()  # a CA file without a certificate is said now, not at the first connection
        self.subscribed = asyncio.Event()
        self.resumed = 0
        self._answered = False  # the present connection, by a CONNACK
        self._connection = 0  # which one; changed by paho's thread, so that acknowledgements for an older one are dropped
        self._of, self._unacked = 0, Unacked(self._hand, partial(self._acknowledge, 0))
        self._under_way = deque[tuple[int, MQTTMessage, int]]()  # from paho's thread to ours
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client:
            await asyncio.to_thread(_leave, self._client)

    async def batches(self) -> AsyncIterator[list[Delivery]]:
        """What came, in the order in which it came; never ends by itself."""
        while True:
            yield await self._inbox.take()

    def _begin(self) -> None:
        session, level = self._session, self._versions.level
        name: dict[str, Any] = {"client_id": session.client, "protocol": level, "clean_session": None if level == 5 else False}
        client = PatientClient(full=self._is_full, failed=self._on_failure, manual_ack=True, **name)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_subscribe, client.on_message = self._on_subscribe, self._on_message
        hello: dict[str, Any] = {"clean_start": False, "properties": self._properties()} if level == 5 else {}
        connect(client, self._broker, session.keep_alive, **hello)
        client.loop_start()
        self._client = client

    def _properties(self) -> Properties:
        properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._session.expiry
        return properties  # type: ignore[no-any-return]

    def _is_full(self) -> bool:
        """Whether more must stay in the socket, until half of the hand is free; asked by paho's thread."""
        hand, (count, size) = self._hand, (h - t for h, t in zip(self._handed, self._taken, strict=True))
        share = 2 if self._waiting else 1
        self._waiting = (hand.count + count) * share >= hand.most or (hand.bytes + size) * share >= hand.most_bytes
        return self._waiting

    def _on_connect(self, client: Client, _data: object, flags: ConnectFlags, reason: ReasonCode, _: Properties | None) -> None:
        self._answered = True
        if reason.is_failure:
            log.warning("MQTT broker %s: it refused us, %s; trying again", self._broker, remedies.of_reason(reason.value))
            self._loop.call_soon_threadsafe(self._hear, reason.value)
            return
        self._connection += 1
        self.resumed += flags.session_present
        self._loop.call_soon_threadsafe(self._hear, 0)
        log.info("connected to %s, MQTT %s", self._broker, self._versions.name)
        self._subscribe(client)

    def _subscribe(self, client: Client) -> None:
        if self._versions.level == 5:
            options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
            shared = SubscribeOptions(qos=1)
            client.subscribe([(one, shared if one.startswith("$share/") else options) for one in self._session.topics])
        else:
            client.subscribe([(one, 1) for one in self._session.topics])

    def _on_subscribe(self, client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _: Properties | None) -> None:
        if refused := [reason for reason in reasons if reason.is_failure]:
            words = remedies.of_reason(refused[0].value)
            log.warning("MQTT broker %s: it refused our subscription, %s; trying again", self._broker, words)
            self._loop.call_soon_threadsafe(self._loop.call_later, _ASK_AGAIN, self._subscribe, client)
        else:
            self._loop.call_soon_threadsafe(self.subscribed.set)

    def _on_failure(self, fault: OSError) -> None:
        log.warning("MQTT broker %s: %s; trying again", self._broker, remedies.of_fault(fault))

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        self._connection += 1
        self._loop.call_soon_threadsafe(self.subscribed.clear)
        answered, self._answered = self._answered, False
        if reason.is_failure:  # we did not say good-bye ourselves
            words = f"connection lost, {remedies.of_reason(reason.value)}" if answered else remedies.SILENCE
            log.warning("MQTT broker %s: %s; trying again", self._broker, words)
            if not answered:
                self._loop.call_soon_threadsafe(self._hear, None)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._handed[0] += 1
        self._handed[1] += len(message.payload)
        self._under_way.append((self._connection, message, time.time_ns()))
        if len(self._under_way) == 1:  # who takes it takes everything, so one call is enough
            self._loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        deliveries = []
        while self._under_way:
            connection, message, got = self._under_way.popleft()
            if connection != self._of:
                self._of, self._unacked = connection, Unacked(self._hand, partial(self._acknowledge, connection))
            said = dict(getattr(message.properties, "UserProperty", ())) if message.properties else NOTHING_SAID
            ack = self._unacked.hold(message.mid if message.qos else 0, len(message.payload))
            self._taken[0] += 1
            self._taken[1] += len(message.payload)
            deliveries.append(Delivery(message.topic, bytes(message.payload), said, got, ack))
        if deliveries:
            self._inbox.put(deliveries)

    def _acknowledge(self, connection: int, identifier: int) -> None:
        if connection == self._connection and self._client:
            self._client.ack(identifier, 1)

    def _hear(self, reason: int | None) -> None:
        """Learn from an answer to our greeting, or from its lack, which version to speak; begin anew if another."""
        if self._versions.silent() if reason is None else self._versions.answered(reason):
            old = self._client
            if old:
                self._loop.run_in_executor(None, _leave, old)
            self._begin()


def _leave(client: Client) -> None:
    client.disconnect()
    client.loop_stop()
