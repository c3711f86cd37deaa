"""CPU for each QoS 1 message of the bridge, beside stock paho with one Kafka send each: the same stream, real broker, real Kafka.

Two streams: a session that waits full for its reader, and a steady 4,000 messages a second.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvloop

from benchmarks.rivals.bridging import WARM, cpu
from ingest import packets
from ingest.bridge import Crossing, run
from ingest.envelope import Delivery
from ingest.mqtt import Broker, FastReader, Session
from ingest.topics import create, subscriptions
from streams.local import artemis, kafka, mosquitto

GOAL, STATIONS, MESSAGES, RATE = 0.33, 60, 20_000, 4000
OURS, OTHER = ["-m", "benchmarks.bridge"], ["-m", "benchmarks.rivals.bridging"]


def main() -> Iterator[dict[str, object]]:
    """One row for each stream."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = mosquitto if mosquitto.installed() else artemis
        mqtt, log = stack.enter_context(broker.start(folder / "mqtt")), stack.enter_context(kafka.start(folder / "kafka"))
        for name, rate in (("bridge-cpu-per-message", 0), ("bridge-cpu-per-message-steady", RATE)):
            ours, other = (
                measure(subject, mqtt, log, f"{name}-{who}", rate) for who, subject in (("ours", OURS), ("other", OTHER))
            )
            yield {"name": name, "ours": ours, "other": other, "ratio": round(ours / other, 3), "goal": GOAL, "unit": "us"}


def measure(subject: list[str], mqtt: str, log: str, site: str, rate: int) -> float:
    """Microseconds a message that a bridge in a process of its own needs for one stream."""
    asyncio.run(create(log, site, 12))
    with device(mqtt, f"reader-{site}", subscriptions(site)):
        pass  # the session is there now, and keeps what comes
    command = [sys.executable, *subject, mqtt, log, site, f"reader-{site}", str(MESSAGES)]
    if not rate:
        publish(mqtt, site, 0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        if rate:
            time.sleep(3)
            publish(mqtt, site, rate)
        said, _ = child.communicate(timeout=180)
    return round(float(said), 2)


@contextmanager
def device(mqtt: str, client: str, topics: tuple[str, ...] = ()) -> Iterator[Callable[[bytes, int], None]]:
    """A connection whose `say` sends bytes and waits for so many answers."""
    host, port = mqtt.split(":")
    with socket.create_connection((host, int(port))) as line:
        walker = packets.Walker(5)

        def say(data: bytes, answers: int) -> None:
            line.sendall(data)
            while answers > 0:
                answers -= len(walker.feed(line.recv(1 << 16)))

        say(packets.write(packets.Connect(client=client, version=5, expiry=3600), 5), 1)
        if topics:
            say(packets.write(packets.Subscribe(1, topics), 5), 1)
        yield say
        line.sendall(packets.write(packets.Disconnect(), 5))


def publish(mqtt: str, site: str, rate: int) -> None:
    """The stream: six quantities from each station in turn, at a rate or as fast as it goes."""
    step, start = 20 if rate else 1000, time.monotonic()
    with device(mqtt, f"device-{site}") as say:
        for first in range(0, MESSAGES, step):
            if rate:
                time.sleep(max(0.0, start + first / rate - time.monotonic()))
            say(b"".join(packets.write(message(site, i), 5) for i in range(first, first + step)), step)


def message(site: str, i: int) -> packets.Publish:
    """What a station says."""
    values = {"temp": 12.25, "ph": 7.1, "do": 8.9 + i % 7 / 10, "cond": 351, "turb": 3.2, "stage": 101.5}
    said = json.dumps({"ts": time.time_ns() // 1_000_000, "seq": i, "values": values}).encode()
    return packets.Publish(f"rw/v1/{site}/station-{i % STATIONS}/telemetry", said, i % 60_000 + 1, 1, {})


class Watched(FastReader):
    """A reader that knows how much had been spent, and on how many messages, when it was warm."""

    before, seen = 0.0, 0

    async def batches(self) -> AsyncIterator[list[Delivery]]:
        """What came."""
        async for deliveries in super().batches():
            if self.seen >= WARM:
                self.before = self.before or cpu()
            else:
                self.seen += len(deliveries)
            yield deliveries


async def bridge(mqtt: str, log: str, site: str, client: str, messages: int) -> float:
    """Bring so many messages over; the processor's microseconds for each."""
    stop, rows = asyncio.Event(), 0

    def tally(_device: str, outcome: str, n: int) -> None:
        nonlocal rows
        rows += n if outcome == "received" else 0
        if rows >= messages * 6:
            stop.set()

    crossing = Crossing(site=site, stations=frozenset(f"station-{i}" for i in range(STATIONS)))
    reader = Watched(Broker.of(f"mqtt://{mqtt}"), Session(client=client, topics=subscriptions(site)))
    await run(crossing, reader=reader, kafka=log, tally=tally, stop=stop)
    return (cpu() - reader.before) / (messages - reader.seen) * 1e6


if __name__ == "__main__":
    if len(sys.argv) > 1:
        broker, log, site, client, messages = sys.argv[1:]
        print(uvloop.run(bridge(broker, log, site, client, int(messages))))
    else:
        for row in main():
            print(json.dumps(row))
