"""One connection to a broker, spoken with our own packets."""

import asyncio
import time
from collections.abc import Callable

from detectors.domain.errors import Refused, Unreachable
from ingest import packets
from ingest.envelope import Delivery
from ingest.mqtt import remedies
from ingest.mqtt.port import Broker, Session
from ingest.mqtt.unacked import Hand, Unacked
from ingest.packets import Connack, Packet, Publish, Suback


class Link(asyncio.Protocol):
    """From CONNECT to the loss of the connection; after that it does nothing any more."""

    def __init__(
        self,
        broker: Broker,
        session: Session,
        version: int,
        hand: Hand,
        inbox: Callable[[list[Delivery]], None],
        subscribed: asyncio.Event,
    ) -> None:
        """`subscribed` is set when the broker has taken our subscription."""
        self._broker, self._session, self._version, self._inbox, self._hand = broker, session, version, inbox, hand
        self._loop = asyncio.get_running_loop()
        self._walker = packets.Walker(version, session.most_packet)
        self._unacked = Unacked(hand, self._acknowledge)
        self._acks: list[int] = []
        self._transport: asyncio.Transport | None = None
        self._paused = False
        self._heard = self._loop.time()
        self.keep_alive = session.keep_alive
        self.accepted: asyncio.Future[Connack] = self._loop.create_future()
        self._subscribed = subscribed
        self.lost: asyncio.Future[str] = self._loop.create_future()  # and why

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "pause_reading")
        self._transport = transport  # type: ignore[assignment]  # uvloop's transport is no asyncio.Transport
        password = None if self._broker.password is None else self._broker.password.encode()
        hello = packets.Connect(
            client=self._session.client,
            version=self._version,
            keep_alive=self._session.keep_alive,
            user=self._broker.user,
            password=password,
            expiry=self._session.expiry,
            receive_maximum=65_535,  # a full hand stops reading; Artemis 2.44 loses the order when it meets a smaller maximum
        )
        self._write(hello)

    def data_received(self, data: bytes) -> None:
        """Walk the packets in what came, and hand the messages on."""
        self._heard = self._loop.time()
        try:
            came = self._walker.feed(data)
        except Refused as fault:
            self.drop(str(fault))
            return
        got, hold, deliveries = time.time_ns(), self._unacked.hold, []
        for packet in came:
            if type(packet) is Publish:
                topic, payload, mid, size = packet.topic, packet.payload, packet.id, packet.size
                deliveries.append(Delivery(topic, payload, packet.properties, got, hold(mid, len(payload)), size))
            else:
                self._obey(packet)
        if deliveries:
            self._inbox(deliveries)
            self._pause_if_full()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to whoever waits."""
        self._transport = None
        why = str(exc or "the broker closed the connection")
        if not self.lost.done():
            self.lost.set_result(why)
        if not self.accepted.done():
            self.accepted.set_exception(Unreachable("MQTT broker", why))
            self.accepted.exception()  # seen, even if nobody waits

    def drop(self, why: str) -> None:
        """Break the connection off: what is not acknowledged will come again."""
        if not self.lost.done():
            self.lost.set_result(why)
        if self._transport:
            self._transport.abort()

    def leave(self) -> None:
        """Acknowledge what is safe and say good-bye; the session stays."""
        self._flush()
        self._write(packets.Disconnect())
        if self._transport:
            self._transport.close()

    def ping(self) -> None:
        """Show that we live, and drop a broker that has shown no life for one and a half of the time agreed."""
        silent = self._loop.time() - self._heard
        if not self._paused and silent > 1.5 * self.keep_alive:
            self.drop(f"silent for {silent:.0f} s")
        else:
            self._write(packets.Pingreq())

    def subscribe(self) -> None:
        """Ask for the topics of the session; the answer may come after all that is owed to us."""
        self._write(packets.Subscribe(1, self._session.topics))

    def resume_if_room(self) -> None:
        """Read on, if we had stopped and half of the hand is free."""
        if self._paused and self._transport and self._hand.has_room:
            self._paused, self._heard = False, self._loop.time()
            self._transport.resume_reading()

    def _pause_if_full(self) -> None:
        if self._hand.full and not self._paused and self._transport:
            self._paused = True
            self._transport.pause_reading()

    def _obey(self, packet: Packet) -> None:
        match packet:
            case Connack() if not self.accepted.done():
                self.keep_alive = self.keep_alive if packet.keep_alive is None else packet.keep_alive
                self.accepted.set_result(packet)
            case Suback():
                if (worst := max(packet.reasons, default=0x80)) < 0x80:
                    self._subscribed.set()
                else:
                    self.drop(f"it refused our subscription, {remedies.of_reason(worst)}")
            case packets.Disconnect():
                self.drop(f"it sent us away, {remedies.of_reason(packet.reason, packet.why)}")
            case _:
                pass  # a PINGRESP has been heard already

    def _acknowledge(self, identifier: int) -> None:
        if not self._acks:
            self._loop.call_soon(self._flush)
        self._acks.append(identifier)

    def _flush(self) -> None:
        acks, self._acks = self._acks, []
        if self._transport and acks:
            self._transport.write(packets.pubacks(acks))
        self.resume_if_room()

    def _write(self, packet: Packet) -> None:
        if self._transport:
            self._transport.write(packets.write(packet, self._version))
