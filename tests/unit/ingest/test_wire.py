"""What is read, and the sentence with which the rest is refused."""

import pytest

from detectors.domain.errors import Refused
from ingest import wire
from ingest.columns import Columns
from ingest.envelope import Delivery
from ingest.wire import frame
from ingest.wire.bounds import ORDINARY, Bounds

TOPIC = "rw/v1/qinghe/franklin/telemetry"
AT = 1_700_000_000 * 10**9
NOW = AT + 10**9
LONG = b"9" * 400


def read(payload: bytes, **bounds: int) -> Columns:
    columns = Columns()
    wire.read(TOPIC, payload, got=NOW, into=columns, bounds=Bounds(**bounds))
    return columns


@pytest.mark.parametrize(
    "ts",
    [
        pytest.param(b"1700000000", id="seconds"),
        pytest.param(b"1700000000000", id="milliseconds"),
        pytest.param(b"1700000000000000", id="microseconds"),
        pytest.param(b"1700000000000000000", id="nanoseconds"),
        pytest.param(b"1700000000.0", id="seconds with a fraction"),
        pytest.param(b'"2023-11-14T22:13:20Z"', id="text in UTC"),
        pytest.param(b'"2023-11-15T06:13:20.000000000+08:00"', id="text with an offset"),
    ],
)
def test_a_time_is_understood_however_it_is_written(ts: bytes) -> None:
    assert read(b'{"ts":%b,"values":{"do":7.9}}' % ts).at == [AT]


@pytest.mark.parametrize(
    ("payload", "series", "value", "at"),
    [
        pytest.param(b'{"ts":1700000000,"values":{"do":7.9,"ph":7}}', ["do", "ph"], [7.9, 7.0], [AT], id="one object"),
        pytest.param(
            b'[{"ts":1700000000,"values":{"do":1}},{"ts":1699999999,"values":{"do":2}}]',
            ["do", "do"],
            [1.0, 2.0],
            [AT, AT - 10**9],
            id="an array keeps its order",
        ),
        pytest.param(b'{"ts":1700000000,"station":"franklin","values":{"do":1}}', ["do"], [1.0], [AT], id="its own station"),
        pytest.param(b' { "ts" : 1700000000 , "values" : { "do" : 1 } } ', ["do"], [1.0], [AT], id="with much space"),
        pytest.param(b'{"ts":1700000000,"values":{"movers.gate":1}}', ["movers.gate"], [1.0], [AT], id="a zone"),
        pytest.param(b'[{"bn":"franklin:","bt":1700000000,"n":"do","v":7}]', ["do"], [7.0], [AT], id="SenML with a base"),
        pytest.param(b'[{"n":"do","v":7}]', ["do"], [7.0], [NOW], id="SenML without a time is now"),
        pytest.param(b'[{"n":"do","v":7,"t":-2.5}]', ["do"], [7.0], [NOW - 2_500_000_000], id="SenML relative to now"),
        pytest.param(b'[{"n":"stage","u":"m","v":1.5}]', ["stage"], [150.0], [NOW], id="SenML in metres"),
        pytest.param(b'[{"n":"cond","u":"S/m","v":0.035}]', ["cond"], [350.00000000000006], [NOW], id="SenML in S/m"),
        pytest.param(b'[{"bn":"franklin:","bu":"Cel"},{"n":"temp","v":8}]', ["temp"], [8.0], [NOW], id="a base of its own"),
        pytest.param(b'[{"n":"do","bv":5,"v":2},{"n":"ph","v":1}]', ["do", "ph"], [7.0, 6.0], [NOW, NOW], id="a base value"),
    ],
)
def test_what_devices_say_is_read(payload: bytes, series: list[str], value: list[float], at: list[int]) -> None:
    columns = read(payload)
    assert ([f"franklin/{name}" for name in series], value, at) == (columns.series, columns.value, columns.at)


@pytest.mark.parametrize(
    ("reason", "payload"),
    [
        ("not a message of readings", b""),
        ("not a message of readings", b"null"),
        ("values: empty", b"[]"),
        ("values: empty", b'{"ts":1700000000,"values":{}}'),
        ("unknown field `rssi`", b'{"ts":1700000000,"rssi":1,"values":{"do":1}}'),
        ("missing required field `ts`", b'{"values":{"do":1}}'),
        ("ts: a time without an offset", b'{"ts":"2023-11-14T22:13:20","values":{"do":1}}'),
        ("ts: not a time in ISO 8601", b'{"ts":"yesterday","values":{"do":1}}'),
        ("ts: no such time", b'{"ts":%b,"values":{"do":1}}' % LONG),
        ("at `$.ts`", b'{"ts":true,"values":{"do":1}}'),
        ("ts: before the year 2000", b'{"ts":1,"values":{"do":1}}'),
        ("s ahead of our clock", b'{"ts":"9999-12-31T23:59:59Z","values":{"do":1}}'),
        ("ts: 300 s ahead of our clock", b'{"ts":1700000301.4,"values":{"do":1}}'),
        ("values.ph: Expected `float`, got `bool`", b'{"ts":1700000000,"values":{"do":1,"ph":true}}'),
        ("values.ph: Expected `float`, got `str`", b'{"ts":1700000000,"values":{"do":1,"ph":"7"}}'),
        ("values.do: Expected `float`, got `null`", b'{"ts":1700000000,"values":{"do":null}}'),
        ("values.do: Number out of range", b'{"ts":1700000000,"values":{"do":1e999}}'),
        ("values.do: Number out of range", b'{"ts":1700000000,"values":{"do":%b}}' % LONG),
        ("invalid character", b'{"ts":1700000000,"values":{"do":NaN}}'),
        ("values: no such quantity", b'{"ts":1700000000,"values":{"gold":1}}'),
        ("values: not the name of a quantity", b'{"ts":1700000000,"values":{"DO":1}}'),
        ("not UTF-8", b'{"ts":1700000000,"values":{"\xff":1}}'),
        ("seq: more than 63 bits", b'{"ts":1700000000,"seq":%b,"values":{"do":1}}' % LONG),
        ("at `$.seq`", b'{"ts":1700000000,"seq":-1,"values":{"do":1}}'),
        ("station: not the topic's 'franklin'", b'{"ts":1700000000,"station":"waterlab","values":{"do":1}}'),
        ("a key that stands twice", b'{"ts":1700000000,"values":{"do":1,"do":2}}'),
        ("a key that stands twice", b'{"ts":1700000000,"values":{"do" :1,"do" :2}}'),
        ("marks.do: not one of", b'{"ts":1700000000,"values":{"do":1},"marks":{"do":"X"}}'),
        ("marks: for a quantity without a value", b'{"ts":1700000000,"values":{"do":1},"marks":{"ph":"M"}}'),
        ("n: not of the topic's station 'franklin'", b'[{"n":"waterlab:do","v":1}]'),
        ("u: not a unit of ph", b'[{"n":"ph","u":"Cel","v":1}]'),
        ("vs: only numbers", b'[{"n":"do","vs":"high"}]'),
        ("s: only numbers", b'[{"n":"do","s":5}]'),
        ("v: a record without a value", b'[{"n":"do"}]'),
        ("bver: newer than 10", b'[{"bver":11,"n":"do","v":1}]'),
        ("a field that must be understood", b'[{"n":"do","v":1,"new_":1}]'),
        ("t: no such time", b'[{"n":"do","v":1,"t":1e999999}]'),
        ("v: not finite", b'[{"n":"do","bv":1e308,"v":1e308}]'),
        ("nested too deeply", b'[{"n":"do","v":1,"x":' + b"[" * 100_000),
    ],
)
def test_what_cannot_be_believed_is_refused_with_a_reason(reason: str, payload: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(payload)
    assert reason in refused.value.reason


def test_one_bad_object_refuses_the_whole_message() -> None:
    with pytest.raises(Refused, match="before the year 2000"):
        read(b'[{"ts":1700000000,"values":{"do":1}},{"ts":1,"values":{"do":1}}]')


def test_a_message_larger_than_agreed_is_refused() -> None:
    with pytest.raises(Refused, match="oversized"):
        read(b" " * 101, most_bytes=100)
    with pytest.raises(Refused, match="too many rows"):
        read(b'{"ts":1700000000,"values":{"do":1,"ph":7}}', most_rows=1)


def delivery(payload: bytes, size: int = -1, **said: str) -> Delivery:
    return Delivery("rw/v1/qinghe/gatecam/frame", payload, said, NOW, lambda: None, size)


def test_a_frame_has_the_time_its_camera_said_or_else_ours() -> None:
    assert frame.read(delivery(b"\xff\xd8", ts="2023-11-14T22:13:20Z", seq="3"), ORDINARY) == (
        ("ts", b"%d" % AT),
        ("seq", b"3"),
        ("got", b"%d" % NOW),
    )
    assert frame.read(delivery(b"\xff\xd8", camera="gatecam"), ORDINARY) == (
        ("ts", b"%d" % NOW),
        ("seq", b"-1"),
        ("got", b"%d" % NOW),
    )


@pytest.mark.parametrize(
    ("reason", "sent"),
    [
        ("not a JPEG", delivery(b"GIF89a")),
        ("oversized", delivery(b"\xff\xd8", size=9 << 20)),
        ("ts: not a time", delivery(b"\xff\xd8", ts="noon")),
        ("ts: before the year 2000", delivery(b"\xff\xd8", ts="7")),
        ("seq: not a number", delivery(b"\xff\xd8", seq="-7")),
        ("camera: another one", delivery(b"\xff\xd8", camera="weir")),
    ],
)
def test_what_is_no_frame_is_refused(reason: str, sent: Delivery) -> None:
    with pytest.raises(Refused) as refused:
        frame.read(sent, ORDINARY)
    assert reason in refused.value.reason
