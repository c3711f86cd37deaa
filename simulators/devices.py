"""Devices: what is in the book goes to the broker, in order, and is counted when the broker has taken it."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Protocol

from paho.mqtt.client import Client

from ingest.mqtt.port import Broker
from simulators.broker import a_client, about
from simulators.sent import Book

WINDOW = 1  # messages under way at once, as with most loggers; with more, Artemis may change their order (ARTEMIS-6191)
FRAMES_UNDER_WAY = 4  # more than that and the camera skips
NO_ONE_LISTENS = 0x10  # MQTT 5 3.4.2.1: taken, but nobody has subscribed; such a reading would be lost
PAUSE = 1.0  # seconds until a message that nobody took is said again


class Leaving(Protocol):
    """What can leave."""

    def stop(self) -> None:
        """Leave in good order."""


def stop_together(leaving: Collection[Leaving]) -> None:
    """Let all leave at once: one that waits until it connects again takes a second to notice."""
    with ThreadPoolExecutor(max(1, len(leaving))) as pool:
        for gone in [pool.submit(one.stop) for one in leaving]:
            gone.result()


@dataclass(slots=True, eq=False)
class Device:
    """One device: an MQTT client over its part of the book. All methods belong to one thread."""

    name: str
    book: Book
    client: Client
    under_way: dict[int, int] = field(default_factory=dict)  # mid -> id in the book, or 0 for a frame
    sent_up_to: int = 0  # id of the newest message handed to the client
    heard: SimpleQueue[tuple[int, bool]] = field(default_factory=SimpleQueue)  # (mid, whether it was taken), from paho's thread
    again_at: float = 0.0  # monotonic seconds

    @classmethod
    def of(cls, name: str, site: str, broker: Broker, book: Book) -> "Device":
        """A device that begins to connect."""
        device = cls(name, book, a_client(broker, f"riversim-{site}-{name}", FRAMES_UNDER_WAY))
        device.client.on_publish = device._on_publish
        device.client.loop_start()
        return device

    def _on_publish(self, _client: Client, _data: object, mid: int, reason: Any, _properties: object) -> None:
        self.heard.put((mid, not reason.is_failure and reason.value != NO_ONE_LISTENS))

    def pump(self) -> int:
        """Count what was taken and publish what waits; returns how many messages were taken."""
        taken = self._hear()
        room = WINDOW - len(self.under_way)
        if room > 0 and monotonic() >= self.again_at and self.client.is_connected():
            sent = set(self.under_way.values())
            for one, topic, payload in self.book.waiting(self.name, self.sent_up_to, room):
                if one in sent:
                    continue
                self.under_way[self.client.publish(topic, payload, qos=1, properties=about(sim="1")).mid] = one
                self.sent_up_to = one
        return taken

    def show(self, topic: str, at: int, jpeg: bytes) -> None:
        """Publish a frame, or skip it when the broker is away or slow: an old picture is worth nothing."""
        seq = self.book.frame(self.name, at)
        if not self.client.is_connected() or len(self.under_way) >= FRAMES_UNDER_WAY:
            self.book.frame_done(self.name, skipped=1)
            return
        facts = about(ts=str(at), seq=str(seq), sim="1")
        self.under_way[self.client.publish(topic, jpeg, qos=1, properties=facts).mid] = 0

    def stop(self) -> None:
        """Leave the broker in good order."""
        self.client.disconnect()
        self.client.loop_stop()

    def _hear(self) -> int:
        """Book what the broker said since the last time."""
        taken: list[int] = []
        frames = {True: 0, False: 0}
        for mid, well in self._said():
            one = self.under_way.pop(mid, None)
            if one == 0:
                frames[well] += 1
            elif one and well:
                taken.append(one)
            elif one:  # nobody took it: say it again a little later, and what comes after it
                self.sent_up_to = min(self.sent_up_to, one - 1)
                self.again_at = monotonic() + PAUSE
        if any(frames.values()):
            self.book.frame_done(self.name, acked=frames[True], skipped=frames[False])
        if taken:
            self.book.acked(taken)
        return len(taken)

    def _said(self) -> Iterator[tuple[int, bool]]:
        try:
            while True:
                yield self.heard.get_nowait()
        except Empty:
            return
