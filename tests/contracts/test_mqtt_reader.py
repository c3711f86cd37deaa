"""One suite for both readers, each on real brokers: what is not acknowledged comes again, in order, and nothing else does."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ingest import packets
from ingest.envelope import Delivery
from ingest.mqtt import READERS, Broker, PahoReader, Reader, Session
from streams.local import artemis, mosquitto

PATIENCE = 60.0
HEARD = 1.0  # seconds for a broker to act on a PUBACK, which has no answer to wait for; a lost connection may take it along


@pytest.fixture(params=["mosquitto", "artemis"])
def address(request: pytest.FixtureRequest) -> str:
    """Each real broker in turn."""
    return str(request.getfixturevalue(f"{request.param}_address"))


@pytest.fixture(params=[*READERS])
def kind(request: pytest.FixtureRequest) -> type[Reader]:
    """Each implementation in turn."""
    return READERS[request.param]


@pytest.fixture(params=[pytest.param((5,), id="5"), pytest.param((4,), id="3.1.1")])
def versions(request: pytest.FixtureRequest) -> tuple[int, ...]:
    """Each version of MQTT in turn."""
    return request.param


class Device:
    """A publisher of its own, on paho."""

    def __init__(self, address: str) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, f"device-{uuid4()}", protocol=5)
        self._client.max_inflight_messages_set(60_000)
        host, port = address.split(":")
        self._client.connect(host, int(port))
        self._client.loop_start()

    def say(self, topic: str, payloads: list[bytes], *, qos: int = 1, **user: str) -> None:
        """Publish, and wait until the broker has taken the last."""
        properties = Properties(PacketTypes.PUBLISH)
        if user:
            properties.UserProperty = [*user.items()]
        said = [self._client.publish(topic, payload, qos, properties=properties) for payload in payloads]
        said[-1].wait_for_publish(PATIENCE)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def device(address: str) -> Iterator[Device]:
    """A device on the broker."""
    with closing(Device(address)) as made:
        yield made


@pytest.fixture
def session(versions: tuple[int, ...]) -> Session:
    """A session of its own for each test, so that tests do not meet."""
    name = uuid4().hex[:12]
    return Session(client=f"reader-{name}", topics=(f"rw/{name}/+",), versions=versions)


def topic_of(session: Session) -> str:
    return session.topics[0].replace("+", "a")


async def take(reader: Reader, most: int, *, ack: bool = True) -> list[Delivery]:
    """So many messages, acknowledged or not."""
    taken: list[Delivery] = []
    async with asyncio.timeout(PATIENCE):
        async for deliveries in reader.batches():
            taken += deliveries
            for delivery in deliveries if ack else ():
                delivery.ack()
            if len(taken) >= most:
                break
    return taken


async def take_all(reader: Reader, owed: list[bytes]) -> tuple[list[Delivery], list[bytes]]:
    """Messages until all that are owed have come, unacknowledged; and the payloads of those, each once, as they came.

    A broker that is just starting may break a connection off and then say everything once more.
    """
    taken: list[Delivery] = []
    while {*owed} - {*payloads(taken)}:
        taken += await take(reader, 1, ack=False)
    return taken, [one for one in dict.fromkeys(payloads(taken)) if one in owed]


@asynccontextmanager
async def subscribed(kind: type[Reader], address: str, session: Session) -> AsyncIterator[Reader]:
    """A reader whose subscription stands."""
    async with kind(Broker.of(f"mqtt://{address}"), session) as reader:
        await asyncio.wait_for(reader.subscribed.wait(), PATIENCE)
        yield reader


def payloads(deliveries: list[Delivery]) -> list[bytes]:
    return [delivery.payload for delivery in deliveries]


def in_order(broker: str, numbers: list[bytes]) -> list[bytes]:
    """Numbers as they came, where the broker keeps the order; Artemis does not (ARTEMIS-6191; docs/decisions/0010)."""
    return sorted(numbers, key=int) if broker == "artemis" else numbers


@pytest.fixture
def ordered(request: pytest.FixtureRequest) -> Callable[[list[bytes]], list[bytes]]:
    """What to do with numbers from the present broker before their order is compared."""
    return partial(in_order, "artemis" if "artemis" in request.node.callspec.id else "mosquitto")


NUMBERS = [str(i).encode() for i in range(200)]


async def test_messages_come_in_order_with_their_topic_and_payload(
    kind: type[Reader], address: str, session: Session, device: Device, ordered: Callable[[list[bytes]], list[bytes]]
) -> None:
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), NUMBERS)
        taken = await take(reader, 200)
    assert ordered(payloads(taken)) == NUMBERS
    assert {delivery.topic for delivery in taken} == {topic_of(session)}


async def test_user_properties_come_with_mqtt_5(kind: type[Reader], address: str, session: Session, device: Device) -> None:
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), [b"x"], ts="2026-01-01T00:00:00Z", seq="7")
        (delivery,) = await take(reader, 1)
    expected = {"ts": "2026-01-01T00:00:00Z", "seq": "7"} if session.versions == (5,) else {}
    assert expected == dict(delivery.properties)


async def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(
    kind: type[Reader], address: str, session: Session, device: Device, ordered: Callable[[list[bytes]], list[bytes]]
) -> None:
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), NUMBERS[:20])
        taken = await take(reader, 20, ack=False)
        for delivery in taken[:12]:
            delivery.ack()
        await asyncio.sleep(HEARD)
    await asyncio.to_thread(device.say, topic_of(session), NUMBERS[20:30])
    async with kind(Broker.of(f"mqtt://{address}"), session) as reader:
        again = payloads(await take(reader, 18))
    owed = [number for number in NUMBERS[:30] if number not in payloads(taken[:12])]
    assert ordered(again) == owed


async def test_acknowledgements_go_out_in_the_order_of_arrival(
    kind: type[Reader], address: str, session: Session, device: Device, ordered: Callable[[list[bytes]], list[bytes]]
) -> None:
    """So one that is safe behind one that is not comes again: nothing may overtake (MQTT 5, 4.6)."""
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), NUMBERS[:5])
        taken = await take(reader, 5, ack=False)
        for place in (4, 3, 0, 0):  # saying it twice changes nothing
            taken[place].ack()
        await asyncio.sleep(HEARD)
    async with kind(Broker.of(f"mqtt://{address}"), session) as reader:
        again = payloads(await take(reader, 4))
    assert ordered(again) == [number for number in NUMBERS[:5] if number != taken[0].payload]


async def test_a_small_hand_takes_everything_in_the_end(
    kind: type[Reader], address: str, session: Session, device: Device, ordered: Callable[[list[bytes]], list[bytes]]
) -> None:
    small = Session(client=session.client, topics=session.topics, versions=session.versions, most=10)
    async with subscribed(kind, address, small) as reader:
        await asyncio.to_thread(device.say, topic_of(session), NUMBERS)
        assert ordered(payloads(await take(reader, 200))) == NUMBERS


async def test_a_hand_is_never_fuller_than_agreed_by_more_than_one_read(
    kind: type[Reader], address: str, session: Session, device: Device
) -> None:
    small = Session(client=session.client, topics=session.topics, versions=session.versions, most=10)
    pictures = [bytes([i]) * 40_000 for i in range(60)]
    async with subscribed(kind, address, small) as reader:
        await asyncio.to_thread(device.say, topic_of(session), pictures)
        held = await take(reader, 10, ack=False)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                while True:
                    held += await take(reader, 1, ack=False)
        assert 10 <= len(payloads(held)) <= 20
        for delivery in held:
            delivery.ack()
        rest = await take(reader, 60 - len(payloads(held)))
        assert sorted(payloads(held) + payloads(rest)) == pictures


async def test_a_frame_of_two_mebibytes_comes_whole(kind: type[Reader], address: str, session: Session, device: Device) -> None:
    frame = bytes(range(256)) * 8192
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), [frame, b"after"])
        assert sorted(payloads(await take(reader, 2)), key=len) == [b"after", frame]


def speak_fast(address: str, topic: str, said: list[bytes]) -> None:
    """Publish many messages at QoS 1 in parts, each acknowledged before the next: paho would take minutes."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port))) as line:
        walker = packets.Walker(5)

        def say(data: bytes, answers: int) -> None:
            line.sendall(data)
            while answers > 0:
                answers -= len(walker.feed(line.recv(1 << 16)))

        say(packets.write(packets.Connect(client=f"device-{uuid4()}", version=5, clean=True), 5), 1)
        for first in range(0, len(said), 1000):
            part = said[first : first + 1000]
            say(b"".join(packets.write(packets.Publish(topic, one, i + 1, 1, {}), 5) for i, one in enumerate(part)), len(part))


async def test_a_hundred_thousand_small_messages_come_each_once(kind: type[Reader], mosquitto_address: str) -> None:
    name = uuid4().hex[:12]
    versions = (4,) if kind is PahoReader else (5,)  # paho would spend half its time on empty properties
    session = Session(client=f"reader-{name}", topics=(f"rw/{name}/+",), versions=versions)
    numbers = [b"%d" % i for i in range(100_000)]
    async with subscribed(kind, mosquitto_address, session) as reader:
        speaking = asyncio.create_task(asyncio.to_thread(speak_fast, mosquitto_address, topic_of(session), numbers))
        taken: list[bytes] = []
        while len(taken) < len(numbers):
            taken += payloads(await take(reader, 1))
        await speaking
    assert taken == numbers


STARTERS: dict[str, Callable[..., Awaitable[str]]] = {"mosquitto": mosquitto.start, "artemis": artemis.start}


@pytest.mark.parametrize("broker", [*STARTERS])
async def test_a_broker_that_starts_again_gives_what_is_still_owed(kind: type[Reader], broker: str, tmp_path: Path) -> None:
    if broker == "mosquitto" and not mosquitto.installed():
        pytest.skip("lacks mosquitto")
    name, start = uuid4().hex[:12], STARTERS[broker]
    session = Session(client=f"reader-{name}", topics=(f"rw/{name}/+",))
    first = start(tmp_path)
    address = first.__enter__()
    device = Device(address)
    async with subscribed(kind, address, session) as reader:
        await asyncio.to_thread(device.say, topic_of(session), NUMBERS[:10])
        held = await take(reader, 10, ack=False)
        held[0].ack()
        await asyncio.sleep(HEARD)
        device.close()
        await asyncio.to_thread(first.__exit__, None, None, None)
        with start(tmp_path, int(address.split(":")[1])):
            again, came = await take_all(reader, NUMBERS[1:10])
            for delivery in held:
                delivery.ack()  # of a connection that is gone: must not take anything from the new one
            assert NUMBERS[0] not in payloads(again)
            assert in_order(broker, came) == NUMBERS[1:10]
            with closing(Device(address)) as another:
                await asyncio.to_thread(another.say, topic_of(session), NUMBERS[10:20])
            for delivery in again:
                delivery.ack()
            _, came = await take_all(reader, NUMBERS[10:20])
            assert in_order(broker, came) == NUMBERS[10:20]
