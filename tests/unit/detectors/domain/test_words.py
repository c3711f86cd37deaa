"""The words of the river cannot be wrong, and go over the wire and back as they are."""

import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain import batch, judged
from detectors.domain.batch import Batch
from detectors.domain.errors import Misconfigured, Refused, Unreachable
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.judged import Judged
from detectors.domain.partition import partition_of
from detectors.domain.series import plain, quantity_of, series_of, station_of
from detectors.domain.site import Chief, Limit, Site, Station, Title, Zone

ROWS = [("weir/do", 1, 8.0), ("weir/ph", 1, 7.5), ("weir/do", 2, 8.1)]
EVENT = GridEvent(
    id=event_id("limit:low", "weir/do", 1), turn=Turn.RAISED, rule="limit:low", matter="pollution", level=Level.WARNING,
    series="weir/do", station="weir", quantity="do", since=1, at=2, value=4.0, limit=5.0, code="06026",
    standard="GB/T 47678.5-2026", cell="", reach="", tell=True,
)  # fmt: skip


def of(rows: list[tuple[str, int, float]], flag: int = 1) -> Judged:
    zero = np.zeros(len(rows), np.uint8)
    return Judged(readings=Batch.of(rows), flag=zero + np.uint8(flag), tests=zero.astype(np.uint16), outcome=zero)


def said(readings: Batch) -> list[tuple[str, int, float]]:
    return [(readings.names[s], int(t), float(v)) for s, t, v in zip(readings.series, readings.at, readings.value, strict=True)]


def test_a_batch_comes_back_as_it_was_written() -> None:
    back = batch.read(batch.write(Batch.of(ROWS, got=9)))

    assert said(back) == ROWS
    assert back.got.tolist() == [9, 9, 9]
    assert len(back) == 3


@given(st.binary(max_size=300))
def test_no_bytes_on_earth_raise_anything_but_refused(data: bytes) -> None:
    for read in (batch.read, judged.read, GridEvent.from_bytes):
        with pytest.raises(Refused):
            read(data)


@given(st.data())
def test_a_batch_cut_short_is_refused(data: st.DataObject) -> None:
    for read, whole in ((batch.read, batch.write(Batch.of(ROWS))), (judged.read, judged.write(of(ROWS)))):
        with pytest.raises(Refused):
            read(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize(
    ("place", "byte", "reason"),
    [
        pytest.param(0, 0, "not a batch", id="of another kind"),
        pytest.param(7, ord("9"), "another version", id="of a later version"),
        pytest.param(8, 4, "cut short", id="of more rows than it has"),
        pytest.param(16 + 3 * 32 + 3, 0x80, "without a name", id="of a series that is none"),
        pytest.param(16 + 3 * 37, 0x93, "no names", id="of more names than it has"),
        pytest.param(16 + 3 * 37 + 3, 0xFF, "no names", id="of names that are no text"),
    ],
)
def test_a_batch_that_was_changed_on_its_way_is_refused(place: int, byte: int, reason: str) -> None:
    data = bytearray(batch.write(Batch.of(ROWS)))
    data[place] = byte
    with pytest.raises(Refused, match=reason):
        batch.read(bytes(data))


def first(readings: Batch, more: dict[str, pa.Array] | None = None, version: str = "1", value: pa.Array | None = None) -> bytes:
    """A record as the first version wrote it: an Arrow stream."""
    columns = {
        "series": pa.DictionaryArray.from_arrays(pa.array(readings.series), pa.array(readings.names)),
        "at": pa.array(readings.at).view(pa.timestamp("ns", tz="UTC")),
        "value": pa.array(readings.value) if value is None else value,
        "mark": pa.array(readings.mark),
        "seq": pa.array(readings.seq),
        "got": pa.array(readings.got).view(pa.timestamp("ns", tz="UTC")),
        **(more or {}),
    }
    record = pa.record_batch(columns, metadata={"riverwatch.judged" if more else "riverwatch.batch": version})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, record.schema) as stream:
        stream.write_batch(record)
    return sink.getvalue().to_pybytes()


def test_records_of_the_first_version_are_still_read() -> None:
    """What waits in Kafka while riverwatch is brought up to date."""
    whole = of(ROWS, flag=3)
    said_of = {name: pa.array(getattr(whole, name)) for name in ("flag", "tests", "outcome")}
    back = judged.read(first(whole.readings, said_of))
    assert said(batch.read(first(Batch.of(ROWS)))) == said(back.readings) == ROWS
    assert (back.flag.tolist(), back.outcome.tolist()) == ([3, 3, 3], [0, 0, 0])


@pytest.mark.parametrize("data", [batch.write(Batch.of(ROWS)), first(Batch.of(ROWS))], ids=["of this version", "of the first"])
def test_columns_off_the_wire_are_such_as_the_rules_are_compiled_for(data: bytes) -> None:
    """Numba takes an array that may not be written to for another type, and would compile every rule once more."""
    back = batch.read(data)
    columns = (back.series, back.at, back.value, back.mark, back.seq, back.got)
    assert all(column.flags.writeable and column.flags.aligned and column.flags.c_contiguous for column in columns)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(first(Batch.of(ROWS), version="9"), "another version", id="of another version"),
        pytest.param(first(Batch.of(ROWS), value=pa.array([1.0, None, 2.0])), "holes", id="with holes"),
        pytest.param(first(Batch.of(ROWS))[:-200], "not a batch", id="cut short"),
    ],
)
def test_an_arrow_stream_that_is_none_of_the_first_version_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        batch.read(data)


def test_judged_readings_come_back_and_are_joined_in_order() -> None:
    parts = [of(ROWS), of([("mill/do", 3, 9.0), ("weir/do", 4, 8.2)], flag=3)]

    whole = judged.read(judged.write(judged.concat(parts)))

    assert said(whole.readings) == [*ROWS, ("mill/do", 3, 9.0), ("weir/do", 4, 8.2)]
    assert whole.flag.tolist() == [1, 1, 1, 3, 3]
    assert judged.names_of(0b10010) == "spike+mark"


def test_an_event_comes_back_and_its_name_follows_from_its_cause() -> None:
    assert GridEvent.from_bytes(EVENT.to_bytes()) == EVENT
    assert event_id("limit:low", "weir/do", 1) == EVENT.id != event_id("limit:low", "weir/do", 2)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Refused("not a number", "x"), "not a number: 'x'"),
        (Unreachable("Kafka", "it is away", 2.0), "Kafka does not answer: it is away"),
        (Misconfigured(["a:1: wrong", "b:2: wrong"]), "a:1: wrong\nb:2: wrong"),
    ],
)
def test_a_fault_says_its_facts_and_survives_pickling(fault: Exception, words: str) -> None:
    assert str(fault) == words == str(pickle.loads(pickle.dumps(fault)))


def test_a_station_stays_in_its_partition() -> None:
    """CRC-32, for ever: another answer would move stations away from their memories."""
    assert [partition_of(name, 12) for name in ("franklin", "清河")] == [3, 2]
    assert {partition_of(f"s{i}", 12) for i in range(200)} == set(range(12))


def test_a_series_is_a_station_and_a_quantity_with_or_without_a_zone() -> None:
    series = series_of("gate", "movers.closed")

    assert (station_of(series), quantity_of(series), plain(quantity_of(series))) == ("gate", "movers.closed", "movers")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Zone(name="z", kind="water", corners=((0, 0), (1, 1))), "fewer than three corners"),
        (lambda: Zone(name="z", kind="water", corners=((0, 0), (1, 1), (2, 0))), "leaves the picture"),
        (lambda: Limit(name="l", series="a/do", clear=1), "exactly one of above and below"),
        (lambda: Limit(name="l", series="a/do", above=1, clear=1, delay=-1), "negative delay"),
        (lambda: Limit(name="l", series="a/do", above=1, clear=2), "clears above"),
        (lambda: Limit(name="l", series="a/do", below=1, clear=0), "clears below"),
    ],
)
def test_what_cannot_be_is_refused(make, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        make()


def test_the_first_chief_who_answers_for_place_and_matter_is_told() -> None:
    title = Title(zh="河", en="river")
    station = Station(name="weir", title=title, kind="water", place=(120, 31), quantities=("do",), reach="upper")
    zhang = Chief(name="zhang", title=title, level="county", reaches=("upper",))
    lab = Chief(name="lab", title=title, level="county", reaches=(), stations=("weir",), matters=("instrument",))
    site = Site(name="s", title=title, stations={"weir": station}, chiefs=(zhang, lab))

    assert site.chief_of("weir", "pollution") is zhang
    assert site.chief_of("weir", "instrument") is lab
    assert site.chief_of("elsewhere", "pollution") is None
    assert (title["zh"], title["en"]) == ("河", "river")
