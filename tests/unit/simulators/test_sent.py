"""The book of what was said, and what is said from files."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from ingest.columns import Columns
from ingest.topics import parse
from ingest.wire import json as wire
from simulators import retold
from simulators.records import SECOND
from simulators.sent import Book
from simulators.spoken import Run

AT = 1_780_000_000 * SECOND
TOPIC = "rw/v1/qinghe/waterlab/telemetry"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "simulators" / "sent.sqlite")


def run(second: int, **values: float) -> Run:
    return Run(at=AT + second * SECOND, values=values)


def test_nothing_is_counted_before_it_is_acknowledged(book: Book) -> None:
    book.say("waterlab", TOPIC, [[run(0, do=8.1)], [run(10, do=8.2)]])

    assert book.sums() == []
    assert book.unacked() == 2
    assert [(one.said, one.acked, one.seq) for one in book.tallies()] == [(2, 0, 2)]


def test_an_acknowledgement_counts_once_however_often_it_comes(book: Book) -> None:
    book.say("waterlab", TOPIC, [[run(0, do=8.1, ph=7.0), run(10, do=8.2)]])
    one = book.waiting("waterlab", 0, 5)[0][0]
    book.acked([one, one])
    book.acked([one])

    assert [(s.series, s.count, s.sum, s.first_at, s.last_at, s.last) for s in book.sums()] == [
        ("waterlab/do", 2, 8.1 + 8.2, AT, AT + 10 * SECOND, 8.2),
        ("waterlab/ph", 1, 7.0, AT, AT, 7.0),
    ]
    assert (book.unacked(), book.tallies()[0].acked) == (0, 1)


def test_the_bridge_reads_what_the_book_wrote(book: Book) -> None:
    book.say("waterlab", TOPIC, [[run(0, do=8.1, ph=7.0), Run(at=AT + SECOND, values={"do": 8.2}, marks={"do": ord("M")})]])
    _, topic, payload = book.waiting("waterlab", 0, 5)[0]
    columns = Columns()
    wire.read(parse(topic), payload, got=AT + SECOND, into=columns)

    assert columns.series == ["waterlab/do", "waterlab/ph", "waterlab/do"]
    assert columns.value == [8.1, 7.0, 8.2]
    assert (columns.at, columns.seq, columns.marks) == ([AT, AT + SECOND], [1, 2], [(2, ord("M"))])


def test_numbers_go_on_after_a_restart(book: Book, tmp_path: Path) -> None:
    book.say("waterlab", TOPIC, [[run(0, do=8.1)]])
    book.close()
    again = Book(tmp_path / "simulators" / "sent.sqlite")
    again.say("waterlab", TOPIC, [[run(10, do=8.1)]])

    assert [json.loads(payload)["seq"] for _, _, payload in again.waiting("waterlab", 0, 5)] == [1, 2]


def test_a_note_is_written_with_what_it_is_about(book: Book) -> None:
    book.say("waterlab", TOPIC, [[run(0, do=8.1)]], note="history of waterlab")

    assert book.note("history of waterlab") == "1"
    assert (book.note("first start"), book.note("first start", "5"), book.note("first start", "6")) == (None, "5", "5")


def test_frames_are_counted_but_not_kept(book: Book) -> None:
    assert [book.frame("gatecam", AT), book.frame("gatecam", AT + 1)] == [1, 2]
    book.frame_done("gatecam", acked=1)
    book.frame_done("gatecam", skipped=1)

    assert [(one.said, one.acked, one.skipped, one.last_at) for one in book.tallies()] == [(2, 1, 1, AT + 1)]
    assert book.unacked() == 0


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=40), st.integers(1, 7))
@settings(max_examples=25, deadline=None)
def test_sums_are_exact_however_they_are_cut_into_messages(values: list[float], most: int) -> None:
    book = Book(Path(":memory:"))
    runs = [run(i, do=value) for i, value in enumerate(values)]
    book.say("waterlab", TOPIC, [runs[i : i + most] for i in range(0, len(runs), most)])
    book.acked([one for one, _, _ in book.waiting("waterlab", 0, 100)])

    assert book.sums()[0].sum == pytest.approx(math.fsum(values), rel=1e-15, abs=1e-300)


def test_rows_of_a_file_become_what_stations_say(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(
        "series,at,value,mark\n"
        "a/do,2026-05-28T20:26:40Z,8.1,\n"
        f"a/ph,{AT},7,M\n"
        f"a/ph,{AT},7.5,\n"  # twice in an instant: a second message
        f"a/do,{AT + SECOND},,\n"  # nothing was measured
        f"b/do,{AT + SECOND},9,\n",
        encoding="utf-8",
    )

    assert list(retold.rows(file)) == [
        ("a", Run(at=AT, values={"do": 8.1, "ph": 7.0}, marks={"ph": ord("M")})),
        ("a", Run(at=AT, values={"ph": 7.5})),
        ("b", Run(at=AT + SECOND, values={"do": 9.0})),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("when,value\n", "not a table", id="other columns"),
        pytest.param("series,at,value\na/do,yesterday,1\n", "r.csv:2", id="an instant that is none"),
        pytest.param("series,at,value\na/do,1780000000,1\na/do,1780000001,much\n", "r.csv:3", id="a value that is no number"),
        pytest.param("series,at,value\ndo,1780000000,1\n", "r.csv:2", id="a series without a station"),
        pytest.param("series,at,value,mark\na/do,1780000000,1,Q\n", "r.csv:2", id="a mark that nobody knows"),
        pytest.param("series,at,value\na/do\n", "r.csv:2", id="a line that breaks off"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=why):
        list(retold.rows(tmp_path / "r.csv"))
