"""MQTT packets, held against paho's encoder and cut anywhere."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from detectors.domain.errors import Refused
from ingest import packets
from ingest.packets import Connack, Connect, Disconnect, Packet, Pingreq, Pingresp, Puback, Publish, Suback, Subscribe, Walker

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TOPICS = TEXT.filter(bool)


class Scribe(Client):
    """paho, writing into a list instead of a socket."""

    def __init__(self, version: int, client: str = "scribe") -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client, protocol=version, clean_session=None if version == 5 else False)
        self._sock: Any = object()
        self._host, self._port, self._clean_start = "h", 1883, False
        self.said: list[bytes] = []

    def _packet_queue(self, _command: int, packet: bytes, *_: object) -> Any:
        self.said.append(bytes(packet))
        return 0

    def _sock_close(self) -> None:
        self._sock = None


@st.composite
def publishes(draw: st.DrawFn, version: int) -> tuple[Publish, bytes]:
    """A message, and how paho writes it."""
    qos = draw(st.integers(0, 1))
    payload = draw(st.binary(max_size=40) | st.integers(100, 40_000).map(bytes))
    user = draw(st.dictionaries(TEXT, TEXT, max_size=3)) if version == 5 else {}
    retain, mid, topic = draw(st.booleans()), draw(st.integers(1, 65_535)), draw(TOPICS)
    said = Properties(PacketTypes.PUBLISH)
    if user:
        said.UserProperty = [*user.items()]
    if version == 5 and draw(st.booleans()):
        said.MessageExpiryInterval, said.ContentType, said.CorrelationData = draw(st.integers(0, 2**32 - 1)), draw(TEXT), b"x"
    scribe = Scribe(version)
    properties = said if version == 5 else None
    scribe._send_publish(mid, topic.encode(), payload, qos, retain, dup=draw(st.booleans()) and qos > 0, properties=properties)
    return Publish(topic, payload, mid if qos else 0, qos, user, -1, retain), scribe.said[0]


def walk(walker: Walker, data: bytes, cuts: list[int]) -> list[Packet]:
    """Feed data in pieces."""
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [packet for start, end in itertools.pairwise(places) for packet in walker.feed(data[start:end])]


@pytest.mark.parametrize("version", [4, 5])
@given(data=st.data(), cuts=st.lists(st.integers(0, 200_000), max_size=8))
def test_messages_as_paho_writes_them_are_read_whatever_the_cuts(version: int, data: st.DataObject, cuts: list[int]) -> None:
    said = data.draw(st.lists(publishes(version), max_size=6))
    assert [packet for packet, _ in said] == walk(Walker(version), b"".join(raw for _, raw in said), cuts)


@given(data=st.data(), cuts=st.lists(st.integers(0, 200_000), max_size=8), most=st.integers(0, 300))
def test_a_message_too_large_keeps_its_name_its_size_and_its_beginning(data: st.DataObject, cuts: list[int], most: int) -> None:
    said = data.draw(st.lists(publishes(5), max_size=4))
    found = walk(Walker(5, most), b"".join(raw for _, raw in said), cuts)
    assert len(found) == len(said)
    for (packet, _), other in zip(said, found, strict=True):
        assert isinstance(other, Publish)
        assert (packet.topic, packet.id, packet.properties) == (other.topic, other.id, other.properties)
        assert packet.payload.startswith(other.payload)
        assert other.size in (-1, len(packet.payload))


def test_of_a_huge_message_only_the_beginning_stays_in_memory() -> None:
    huge = packets.write(Publish("a", bytes(3_000_000), 7, 1, {}), 5)
    walker = Walker(5, 1_000_000)
    found = [packet for at in range(0, len(huge), 50_000) for packet in walker.feed(huge[at : at + 50_000])]
    assert [packet.size for packet in found] == [3_000_000]
    assert len(found[0].payload) < 70_000


@given(user=TEXT, client=TEXT, keep_alive=st.integers(1, 65_535), version=st.sampled_from([4, 5]), password=TEXT)
def test_our_greeting_is_pahos_greeting(user: str, client: str, keep_alive: int, version: int, password: str) -> None:
    scribe = Scribe(version, client or "c")
    scribe.username_pw_set(user, password)
    scribe._connect_properties = properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval, properties.ReceiveMaximum = 77, 88
    scribe._send_connect(keep_alive)
    secret = password.encode()
    ours = Connect(
        client=client or "c", version=version, keep_alive=keep_alive, user=user, password=secret, expiry=77, receive_maximum=88
    )
    assert scribe.said == [packets.write(ours, version)]


@pytest.mark.parametrize("version", [4, 5])
def test_our_subscription_is_pahos_at_qos_1(version: int) -> None:
    scribe = Scribe(version)
    once = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
    shared = SubscribeOptions(qos=1)
    scribe._send_subscribe(0, [(b"a/+", once if version == 5 else 1), (b"$share/g/b", shared if version == 5 else 1)])
    assert scribe.said == [packets.write(Subscribe(1, ("a/+", "$share/g/b")), version)]


@given(st.lists(st.integers(1, 65_535), max_size=20))
def test_many_acknowledgements_are_pahos_one_after_the_other(ids: list[int]) -> None:
    scribe = Scribe(5)
    for one in ids:
        scribe._send_puback(one)
    assert b"".join(scribe.said) == packets.pubacks(ids)
    assert Walker(5).feed(packets.pubacks(ids)) == [Puback(one) for one in ids]


ALL = [
    Connect(client="c", version=5, clean=True, user="u", password=b"p", expiry=9, receive_maximum=7),
    Connect(client="c", version=4),
    Connack(True, 0),
    Connack(False, 0x84, 20, "no such version"),
    Publish("a/b", b"payload", 3, 1, {"ts": "1"}),
    Publish("a/b", b"", 0, 0, {}),
    Puback(5),
    Puback(5, 0x10),
    Subscribe(2, ("a", "$share/g/b")),
    Suback(2, (1, 0x80)),
    Pingreq(),
    Pingresp(),
    Disconnect(),
    Disconnect(0x8E, "taken over"),
]


@pytest.mark.parametrize("packet", ALL, ids=lambda packet: type(packet).__name__)
@given(cuts=st.lists(st.integers(0, 100), max_size=4))
def test_every_packet_is_read_as_it_was_written(packet: Packet, cuts: list[int]) -> None:
    version = packet.version if isinstance(packet, Connect) else 5
    assert [packet] * 2 == walk(Walker(version), packets.write(packet, version) * 2, cuts)


@pytest.mark.parametrize("version", [4, 5])
@given(pieces=st.lists(st.binary(max_size=40) | st.sampled_from([packets.write(one, 5) for one in ALL]), max_size=5))
def test_no_bytes_raise_anything_but_refused(version: int, pieces: list[bytes]) -> None:
    walker = Walker(version)
    try:
        for piece in pieces:
            walker.feed(piece)
    except Refused as wrong:
        assert wrong.reason.startswith("MQTT")  # noqa: PT017  it need not be raised


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x34\x05\x00\x01a\x00\x01", id="a message of QoS 2"),
        pytest.param(b"\x30\x02\x00\x05", id="a topic longer than its packet"),
        pytest.param(b"\x30\xff\xff\xff\xff\x01", id="a length of five bytes"),
        pytest.param(b"\x30\x03\x00\x01\xff", id="a topic that is not UTF-8"),
        pytest.param(b"\x30\x06\x00\x01a\x02\x7f\x00", id="a property that does not exist"),
        pytest.param(b"\x30\x05\x00\x01a\x01\x01", id="a property that ends after its section"),
        pytest.param(b"\xf0\x00", id="an exchange of secrets that nobody began"),
        pytest.param(b"\x20\x00", id="an empty answer"),
    ],
)
def test_a_malformed_packet_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match="MQTT"):
        Walker(5).feed(raw)
