"""The real parts of the local stack start, answer, keep what they stored, and end."""

import asyncio
import urllib.request
from pathlib import Path

import paho.mqtt.client as mqtt
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from paho.mqtt.enums import CallbackAPIVersion

from detectors.domain.errors import Unreachable
from streams.local import artemis, influxd, kafka, mosquitto
from streams.local.artemis import Doors
from streams.local.part import Part, running


async def _sends(address: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, max_request_size=kafka.LARGEST) as producer:
        await producer.send_and_wait("kept", value, partition=0)


async def _first(address: str) -> bytes:
    async with AIOKafkaConsumer(
        "kept", bootstrap_servers=address, auto_offset_reset="earliest", max_partition_fetch_bytes=kafka.LARGEST
    ) as consumer:
        return (await asyncio.wait_for(consumer.getone(), 30)).value


async def test_kafka_started_again_on_its_folder_still_has_a_large_record(tmp_path: Path) -> None:
    large = b"\x00\x01" * 3_900_000
    with kafka.start(tmp_path) as address:
        await _sends(address, large)
    with kafka.start(tmp_path) as address:
        assert await _first(address) == large


def _client(address: str, protocol: mqtt.MQTTProtocolVersion, name: str, user: str = "", password: str = "") -> mqtt.Client:
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=name,
        protocol=protocol,
        **({} if protocol == mqtt.MQTTv5 else {"clean_session": False}),
    )
    if user:
        client.username_pw_set(user, password)
    host, port = address.split(":")
    options = {}
    if protocol == mqtt.MQTTv5:
        properties = mqtt.Properties(mqtt.PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 3600
        options = {"clean_start": False, "properties": properties}
    client.connect(host, int(port), **options)
    return client


def _until(client: mqtt.Client, happened: list[object], count: int = 1) -> None:
    for _ in range(200):
        if len(happened) >= count:
            return
        client.loop(0.1)
    raise AssertionError(f"only {len(happened)} of {count}")


@pytest.mark.parametrize("protocol", [mqtt.MQTTv311, mqtt.MQTTv5])
@pytest.mark.parametrize(
    "broker", [pytest.param(artemis, id="artemis"), pytest.param(mosquitto, id="mosquitto", marks=pytest.mark.needs("mosquitto"))]
)
def test_a_broker_started_again_keeps_what_a_sleeping_session_has_not_fetched(
    tmp_path: Path, broker: object, protocol: mqtt.MQTTProtocolVersion
) -> None:
    with broker.start(tmp_path) as address:
        reader = _client(address, protocol, "reader")
        granted: list[object] = []
        reader.on_subscribe = lambda *_: granted.append(1)
        reader.on_connect = lambda *_: reader.subscribe("rw/v1/#", qos=1)
        _until(reader, granted)
        reader.disconnect()
        reader.loop(0.5)
        writer = _client(address, protocol, "writer")
        published: list[object] = []
        writer.on_publish = lambda *_: published.append(1)
        writer.publish("rw/v1/here/small", b"7.9", qos=1)
        writer.publish("rw/v1/here/large", bytes(6_000_000), qos=1)
        _until(writer, published, 2)
        writer.disconnect()
        writer.loop(0.5)
    with broker.start(tmp_path) as address:
        reader = _client(address, protocol, "reader")
        got: list[object] = []
        reader.on_message = lambda _client, _data, message: got.append((message.topic, len(message.payload)))
        _until(reader, got, 2)
        reader.disconnect()
    assert sorted(got) == [("rw/v1/here/large", 6_000_000), ("rw/v1/here/small", 3)]


@pytest.mark.parametrize(
    ("password", "welcome"),
    [pytest.param("right", True, id="the right password"), pytest.param("wrong", False, id="a wrong password")],
)
def test_artemis_with_a_password_lets_in_only(tmp_path: Path, password: str, welcome: bool) -> None:
    with artemis.start(tmp_path, doors=Doors(user="river", password="right")) as address:
        client = _client(address, mqtt.MQTTv5, "one", "river", password)
        answers: list[object] = []
        client.on_connect = lambda _client, _data, _flags, reason, _properties: answers.append(not reason.is_failure)
        _until(client, answers)
    assert answers == [welcome]


@pytest.mark.needs("influxd")
def test_influxd_started_again_knows_its_token_and_its_points(tmp_path: Path) -> None:
    def asks(here: influxd.Influx, path: str, body: bytes, kind: str) -> bytes:
        headers = {"Authorization": f"Token {here.token}", "Content-Type": kind, "Accept": "application/csv"}
        with urllib.request.urlopen(urllib.request.Request(f"{here.url}{path}", body, headers)) as answer:
            return answer.read()

    with influxd.start(tmp_path) as here:
        asks(here, f"/api/v2/write?org={here.org}&bucket={here.bucket}", b"reading,series=a/do value=7.9", "text/plain")
    with influxd.start(tmp_path) as here:
        assert b"7.9" in asks(
            here, f"/api/v2/query?org={here.org}", b'from(bucket:"riverwatch")|>range(start:-1h)', "application/vnd.flux"
        )


def test_no_process_is_left_when_the_block_ends(tmp_path: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    with kafka.start(tmp_path):
        assert set(psutil.Process().children(recursive=True)) - before
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_part_that_dies_says_its_last_words(tmp_path: Path) -> None:
    part = Part(name="mayfly", command=("/bin/sh", "-c", "echo no water here; exit 3"), ready=lambda _pid: False)
    with pytest.raises(Unreachable, match=r"mayfly .* code 3(.|\n)*no water here"), running(part, tmp_path / "log"):
        pass
