"""Load: a bounded number of messages a second from a bounded number of devices, and how long the broker took for each."""

import time
from collections import deque
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import msgspec
import numpy as np
from paho.mqtt.client import Client

from detectors.domain.errors import Unreachable
from ingest.mqtt.port import Broker
from simulators.broker import a_client, about
from simulators.chance import uniform

WINDOW = 200  # messages under way, per device
PATIENCE = 10.0  # seconds to connect, and for the last acknowledgements
STEP = 0.002  # seconds
BURST = 200  # messages between two looks at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a load came to."""

    asked: float  # messages a second
    achieved: float
    published: int
    acked: int
    refused: int
    held_back: int  # times that a full window made a device wait
    seconds: float
    puback_ms: dict[str, float]  # p50, p90, p99, max


@dataclass(slots=True, eq=False)
class Loader:
    """One device that says as much as it is asked to."""

    name: str
    topic: str
    client: Client
    seed: int
    seq: int = 0
    held_back: int = 0
    refused: int = 0
    began: dict[int, float] = field(default_factory=dict)  # mid -> monotonic seconds
    ended: deque[tuple[int, float, bool]] = field(default_factory=deque)  # appended by paho's thread
    took: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, number: int, site: str, broker: Broker, seed: int) -> "Loader":
        """A device that begins to connect."""
        name = f"load-{number}"
        loader = cls(name, f"rw/v1/{site}/{name}/telemetry", a_client(broker, f"riversim-{site}-{name}", WINDOW), seed)
        loader.client.on_publish = loader._on_publish
        loader.client.loop_start()
        return loader

    def _on_publish(self, _client: Client, _data: object, mid: int, reason: Any, _properties: object) -> None:
        self.ended.append((mid, time.monotonic(), reason.is_failure))

    def say(self) -> bool:
        """Publish one message, unless the window is full."""
        self.hear()
        if len(self.began) >= WINDOW:
            self.held_back += 1
            return False
        self.seq += 1
        values = {
            q: round(low + 2 * uniform(self.seed, self.name, q, self.seq), 3) for q, low in (("do", 8), ("ph", 7), ("temp", 12))
        }
        payload = msgspec.json.encode({"ts": time.time_ns(), "seq": self.seq, "values": values})
        start = time.monotonic()
        self.began[self.client.publish(self.topic, payload, qos=1, properties=about(sim="1")).mid] = start
        return True

    def hear(self) -> None:
        """Note what the broker acknowledged."""
        while self.ended:
            mid, at, failed = self.ended.popleft()
            self.took.append(at - self.began.pop(mid))
            self.refused += failed


def load(broker: Broker, site: str, *, rate: float, devices: int, seconds: float, seed: int, stop: Event) -> Measured:
    """Publish at `rate` messages a second, shared by the devices, for so many seconds.

    Raises:
        Unreachable: if the broker does not answer.
    """
    loaders = [Loader.of(number, site, broker, seed) for number in range(1, devices + 1)]
    try:
        _meet(loaders)
        began = time.monotonic()
        _publish(loaders, rate, seconds, stop)
        took = time.monotonic() - began
        _finish(loaders)
    finally:
        for loader in loaders:
            loader.client.disconnect()
            loader.client.loop_stop()
    return _measured(loaders, rate, took)


def _meet(loaders: list[Loader]) -> None:
    until = time.monotonic() + PATIENCE
    while not all(loader.client.is_connected() for loader in loaders):
        if time.monotonic() > until:
            raise Unreachable("the broker", f"not every device was connected after {PATIENCE:.0f} s")
        time.sleep(STEP)


def _publish(loaders: list[Loader], rate: float, seconds: float, stop: Event) -> None:
    """Say what is due, in turn; what could not be said in time is said as soon as it can be, a few at a time."""
    began, said, turn = time.monotonic(), 0, 0
    while (now := time.monotonic() - began) < seconds and not stop.is_set():
        for _ in range(min(int(now * rate) - said, BURST)):
            said += loaders[turn % len(loaders)].say()
            turn += 1
        if int(now * rate) - said <= 0:
            time.sleep(STEP)


def _finish(loaders: list[Loader]) -> None:
    until = time.monotonic() + PATIENCE
    while any(loader.began for loader in loaders) and time.monotonic() < until:
        for loader in loaders:
            loader.hear()
        time.sleep(STEP)


def _measured(loaders: list[Loader], rate: float, seconds: float) -> Measured:
    took = np.array([t for loader in loaders for t in loader.took] or [np.nan]) * 1000
    published = sum(loader.seq for loader in loaders)
    return Measured(
        asked=rate,
        achieved=round(published / seconds, 1),
        published=published,
        acked=sum(len(loader.took) - loader.refused for loader in loaders),
        refused=sum(loader.refused for loader in loaders),
        held_back=sum(loader.held_back for loader in loaders),
        seconds=round(seconds, 3),
        puback_ms={f"p{q}": round(float(np.percentile(took, q)), 2) for q in (50, 90, 99)} | {"max": round(float(took.max()), 2)},
    )
