"""Every wire format: what it writes it reads, and no bytes on earth raise anything but Refused."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from ingest import wire
from ingest.columns import Columns
from ingest.refused import Refusal
from ingest.topics import Place, parse
from ingest.wire import instant, json, senml

TOPIC = "rw/v1/qinghe/franklin/telemetry"
NOW = 1_800_000_000 * 10**9
INSTANTS = st.integers(946_684_800 * 10**9, NOW)
VALUES = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from([*quantities(), "movers.gate", "motion.path_2"])


@dataclass(frozen=True)
class Form:
    """A wire format under the laws; a new one joins by a line in FORMS."""

    read: Callable[..., int]
    write: Callable[[Columns], bytes]
    says_more: bool  # has words for seq and marks


FORMS = [
    pytest.param(Form(json.read, json.write, True), id="json"),
    pytest.param(Form(senml.read, senml.write, False), id="senml"),
]
every_form = pytest.mark.parametrize("form", FORMS)


@st.composite
def readings(draw: st.DrawFn, *, says_more: bool) -> Columns:
    """What one station may say: runs of one instant each."""
    columns = Columns()
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(NAMES, min_size=1, max_size=4 if says_more else 1, unique=True))
        seq = draw(st.integers(-1, 2**63 - 1)) if says_more else -1
        row = len(columns)
        values = draw(st.lists(VALUES, min_size=len(names), max_size=len(names)))
        columns.say([f"franklin/{name}" for name in names], values, at=draw(INSTANTS), seq=seq, got=NOW)
        if says_more:
            letters = draw(st.lists(st.sampled_from([0, *b"NFMSDCTB"]), min_size=len(names), max_size=len(names)))
            columns.marks += [(row + i, letter) for i, letter in enumerate(letters) if letter]
    return columns


def read(form: Form, payload: bytes) -> Columns:
    """What a form makes of a payload."""
    columns = Columns()
    form.read(parse(TOPIC), payload, got=NOW, into=columns)
    return columns


@every_form
@given(data=st.data())
def test_what_is_written_is_read_again_to_the_nanosecond_and_the_last_bit(form: Form, data: st.DataObject) -> None:
    said = data.draw(readings(says_more=form.says_more))
    assert read(form, form.write(said)) == said


@every_form
@given(data=st.data())
def test_the_shape_of_a_payload_tells_its_format(form: Form, data: st.DataObject) -> None:
    said = data.draw(readings(says_more=form.says_more))
    columns = Columns()
    assert wire.read(TOPIC, form.write(said), got=NOW, into=columns) == len(said)
    assert columns == said


JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["2026-01-01T00:00:00Z", "M"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ts", "seq", "values", "station", "marks", "do", "bn", "n", "v", "t", "bt", "u", "vb", "x_", "ph"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
).map(lambda tree: repr(tree).replace("'", '"').replace("True", "true").replace("None", "null").encode())


def refused_or_read(topic: str, payload: bytes) -> None:
    """Whatever it is, it is read as a whole or refused as a whole."""
    columns = Columns()
    columns.say(["franklin/do"], [1.0], at=NOW, seq=0, got=NOW)
    try:
        rows = wire.read(topic, payload, got=NOW, into=columns)
    except Refused as wrong:
        assert wrong.reason  # noqa: PT017  it need not be raised
        assert len(columns) == len(columns.value) == 1
        assert len(columns.at) == len(columns.seq) == len(columns.got) == len(columns.rows) == 1
        return
    assert rows == len(columns) - 1 > 0
    assert all(math.isfinite(value) for value in columns.value)
    assert sum(columns.rows) == len(columns)


@given(st.binary(max_size=200) | JSONISH)
@example(b"[" * 100_000)
@example(b'{"ts":1700000000,"values":{"do":' + b"[" * 100_000)
@example(b'[{"n":"do","v":1,"x":' + b"[" * 100_000)
@example(b'[{"n":"do","v":1,"x":' + b'{"a":' * 100_000)
@example(b'[{"n":"do","v":1,"t":1e999999999}]')
@example(b'[{"n":"do","v":1,"t":-1e999999999}]')
@example(b'[{"n":"do","v":1,"bt":1e-999999999}]')
@example(b'[{"n":"do","v":1,"bver":' + b"9" * 400 + b"}]")
@example(b'[{"n":"do","v":1e308,"bv":1e308}]')
@example(b'{"ts":' + b"9" * 400 + b',"values":{"do":1}}')
@example(b'{"ts":' + b"9" * 5000 + b',"values":{"do":1}}')
@example(b'{"ts":1.7e9,"seq":' + b"9" * 400 + b',"values":{"do":1}}')
@example(b'{"ts":"9999-12-31T23:59:59.999999999-23:59","values":{"do":1}}')
@example(b'{"ts":"0001-01-01T00:00:00+23:59","values":{"do":1}}')
@example(b'{"ts":"\\u0000","values":{"\\u0000":1}}')
@settings(max_examples=300)
def test_no_bytes_on_earth_raise_anything_but_refused(payload: bytes) -> None:
    refused_or_read(TOPIC, payload)


@given(st.data())
def test_a_flipped_byte_is_read_or_refused_but_never_an_accident(data: st.DataObject) -> None:
    payload = bytearray(json.write(data.draw(readings(says_more=True))))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    refused_or_read(TOPIC, bytes(payload))


@given(st.text() | st.lists(st.sampled_from(["rw", "v1", "q", "a", "telemetry", "frame", ""]), max_size=7).map("/".join))
def test_a_topic_is_a_place_or_refused(topic: str) -> None:
    try:
        place = parse(topic)
    except Refused:
        return
    assert isinstance(place, Place)
    assert topic == f"rw/v1/{place.site}/{place.station}/{place.kind}"


@given(INSTANTS)
def test_an_instant_is_the_same_as_text_and_as_a_number(at: int) -> None:
    seconds, rest = divmod(at, 10**9)
    text = f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
    assert at == instant.of_text(text) == instant.of_number(at) == instant.of_property(str(at))
    assert at // 1000 * 1000 == instant.of_number(at // 1000)
    assert at // 10**6 * 10**6 == instant.of_number(at // 10**6)
    assert at // 10**9 * 10**9 == instant.of_number(at // 10**9)


@given(st.binary(max_size=100))
def test_a_refusal_is_read_as_it_was_written_and_nothing_else_is_one(payload: bytes) -> None:
    refusal = Refusal.of(device="a", topic="t", reason="r", payload=payload, got=1, stage="bridge")
    assert refusal == Refusal.from_bytes(refusal.to_bytes())
    try:
        Refusal.from_bytes(payload)
    except Refused:
        return
