"""Both readers before doors that are locked, and brokers that know no MQTT 5: they come in, or say how they could."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from detectors.domain.errors import Misconfigured
from ingest.mqtt import READERS, Broker, Reader, Session
from streams.local import mosquitto
from tests.contracts.doors import PASSWORD, USER, Authority, deaf, locked_artemis, locked_mosquitto, only_3_1_1

PATIENCE = 30.0
RIGHT = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture(params=[*READERS])
def kind(request: pytest.FixtureRequest) -> type[Reader]:
    """Each implementation in turn."""
    return READERS[request.param]


@pytest.fixture
def session() -> Session:
    """A session that no other test has."""
    name = uuid4().hex[:12]
    return Session(client=f"reader-{name}", topics=(f"rw/{name}/+",))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signed the brokers' certificates."""
    return Authority(tmp_path_factory.mktemp("authority"), "river")


@pytest.fixture(scope="module", params=["mosquitto", "artemis"])
def locked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[str]:
    """Each real broker in turn, with TLS and one user."""
    if request.param == "mosquitto" and not mosquitto.installed():
        pytest.skip("lacks mosquitto")
    start = {"mosquitto": locked_mosquitto, "artemis": locked_artemis}[request.param]
    with start(tmp_path_factory.mktemp(request.param), authority) as address:
        yield address


async def said(caplog: pytest.LogCaptureFixture, words: str, times: int = 1) -> list[str]:
    """The warnings that say so, when there are so many of them."""
    found: list[str] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while len(found) < times:
                await asyncio.sleep(0.05)
                found = [record.getMessage() for record in caplog.records if words in record.getMessage()]
    assert len(found) >= times, caplog.text
    return found


@pytest.mark.parametrize("version", [pytest.param(5, id="5"), pytest.param(4, id="3.1.1")])
async def test_who_knows_the_authority_and_the_password_comes_in(
    kind: type[Reader], locked: str, session: Session, authority: Authority, version: int
) -> None:
    session = replace(session, versions=(version,))
    topic = session.topics[0].replace("+", "a")
    async with kind(Broker.of(f"mqtts://{RIGHT}@{locked}", authority.file), session) as reader:
        await asyncio.wait_for(reader.subscribed.wait(), PATIENCE)
        await asyncio.to_thread(say, locked, authority, topic, [b"%d" % i for i in range(50)] + [bytes(500_000)])
        taken: list[bytes] = []
        async with asyncio.timeout(PATIENCE):
            async for deliveries in reader.batches():
                taken += [delivery.payload for delivery in deliveries]
                for delivery in deliveries:
                    delivery.ack()
                if len(taken) == 51:
                    break
    assert {*taken} == {*(b"%d" % i for i in range(50)), bytes(500_000)}


def say(address: str, authority: Authority, topic: str, payloads: list[bytes]) -> None:
    """Publish with paho over TLS, and wait until the broker has the last."""
    client = Client(CallbackAPIVersion.VERSION2, f"device-{uuid4()}")
    client.tls_set_context(ssl.create_default_context(cafile=authority.file))
    client.username_pw_set(USER, PASSWORD)
    host, port = address.split(":")
    client.connect(host, int(port))
    client.loop_start()
    for each in [client.publish(topic, payload, 1) for payload in payloads]:
        each.wait_for_publish(PATIENCE)
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("version", [pytest.param(5, id="5"), pytest.param(4, id="3.1.1")])
async def test_a_wrong_password_is_said_with_its_remedy_and_tried_again(
    kind: type[Reader], locked: str, session: Session, authority: Authority, version: int, caplog: pytest.LogCaptureFixture
) -> None:
    session = replace(session, versions=(version,))
    async with kind(Broker.of(f"mqtts://{USER}:wrong@{locked}", authority.file), session) as reader:
        warnings = await said(caplog, "refused us", 2)
        assert not reader.subscribed.is_set()
    assert f"mqtts://{locked}" in warnings[0]
    assert "user" in warnings[0]
    assert "URL of the broker" in warnings[0]
    assert "wrong@" not in caplog.text  # a password is no word for a log


async def test_an_authority_that_we_do_not_know_is_said_with_its_remedy_and_tried_again(
    kind: type[Reader], locked: str, session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Authority(tmp_path, "stranger")
    async with kind(Broker.of(f"mqtts://{RIGHT}@{locked}", stranger.file), session) as reader:
        warnings = await said(caplog, "do not trust its certificate", 2)
        assert not reader.subscribed.is_set()
    assert f"mqtts://{locked}" in warnings[0]
    assert "RIVERWATCH_MQTT_CA" in warnings[0]


@pytest.mark.needs("mosquitto")
async def test_a_certificate_for_another_name_is_said(
    kind: type[Reader], session: Session, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked_mosquitto(tmp_path, authority) as address:
        async with kind(Broker.of(f"mqtts://{RIGHT}@{address.replace('127.0.0.1', 'localhost')}", authority.file), session):
            (warning, *_) = await said(caplog, "certificate is for another name")
    assert "localhost" in warning


async def test_who_speaks_no_tls_to_a_door_with_tls_is_told_of_it(
    kind: type[Reader], locked: str, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    async with kind(Broker.of(f"mqtt://{RIGHT}@{locked}"), session):
        await said(caplog, "the URL begins with mqtts://")


@pytest.mark.parametrize(("version", "reason"), [pytest.param(5, 0x87, id="5"), pytest.param(4, 0x80, id="3.1.1")])
async def test_a_subscription_that_is_refused_is_said(
    kind: type[Reader], session: Session, version: int, reason: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with deaf(reason) as address, kind(Broker.of(f"mqtt://{address}"), replace(session, versions=(version,))) as reader:
        (warning, *_) = await said(caplog, "refused our subscription")
        assert not reader.subscribed.is_set()
    assert f"{reason:#x}" in warning


@pytest.mark.parametrize(
    "content", [pytest.param(None, id="not there"), pytest.param("", id="empty"), pytest.param("no", id="no certificate")]
)
def test_a_file_without_an_authority_is_a_mistake_of_the_settings(
    kind: type[Reader], session: Session, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Misconfigured, match="certificate of a CA"):
        kind(Broker.of("mqtts://localhost", file), session)


REFUSALS = {
    "as 3.1.1 says it": bytes([0x20, 2, 0, 1]),
    "as 5 says it": bytes([0x20, 3, 0, 0x84, 0]),
    "by hanging up": b"",
}


@pytest.mark.parametrize("refusal", [pytest.param(said, id=name) for name, said in REFUSALS.items()])
async def test_a_broker_that_knows_no_mqtt_5_is_spoken_to_in_3_1_1(
    kind: type[Reader], mosquitto_address: str, session: Session, refusal: bytes, device: Callable[[str, list[bytes]], None]
) -> None:
    async with (
        only_3_1_1(mosquitto_address, refusal) as (address, levels),
        kind(Broker.of(f"mqtt://{address}"), session) as reader,
    ):
        await asyncio.wait_for(reader.subscribed.wait(), PATIENCE)
        await asyncio.to_thread(device, session.topics[0].replace("+", "a"), [b"hello"])
        (delivery,) = await asyncio.wait_for(anext(reader.batches()), PATIENCE)
        delivery.ack()
    assert delivery.payload == b"hello"
    assert levels == [5] * (len(levels) - 1) + [4]


@pytest.fixture
def device(mosquitto_address: str) -> Callable[[str, list[bytes]], None]:
    """What publishes to the open Mosquitto."""

    def speak(topic: str, payloads: list[bytes]) -> None:
        client = Client(CallbackAPIVersion.VERSION2, f"device-{uuid4()}")
        host, port = mosquitto_address.split(":")
        client.connect(host, int(port))
        client.loop_start()
        for each in [client.publish(topic, payload, 1) for payload in payloads]:
            each.wait_for_publish(PATIENCE)
        client.disconnect()
        client.loop_stop()

    return speak
