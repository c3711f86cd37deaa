"""riverwatch judge: a CSV in, the same rows out in order, each with flag, tests and findings."""

import argparse
import csv
import io
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.court import Court
from detectors.domain.errors import Refused
from streams.commands import judge as command
from streams.recording import Recording, judge, lines, write
from tests.unit.detectors.court.stand import Hearing, limit, of_quality, series_of, site

SITE = site(
    limit(above=8.0, clear=7.5),
    thresholds=[
        of_quality(fail_low=0, fail_high=20, spike_suspect=2, spike_fail=4, flat_tolerance=0.1, flat_suspect=3, flat_fail=9)
    ],
)
MARKED = "series,at,value,mark\n"


def judged(text: str | bytes, folder: Path) -> list[dict[str, str]]:
    """The rows that come out."""
    path = folder / "in.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    out = io.BytesIO()
    recording = Recording(path)
    write(recording, judge(recording, Court(SITE)), out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


@pytest.mark.parametrize(
    ("row", "flag", "tests"),
    [
        pytest.param("weir/do,2024-01-01T00:00:00Z,5,", "1", "", id="ISO 8601 with Z"),
        pytest.param("weir/do,2024-01-01T08:00:00+08:00,5,", "1", "", id="ISO 8601 with an offset"),
        pytest.param("weir/do,2024-01-01 00:00,5,", "1", "", id="a naive time is UTC"),
        pytest.param("weir/do,2024-01-01,5,", "1", "", id="a date is its midnight"),
        pytest.param("weir/do,1704067200,5,", "1", "", id="seconds"),
        pytest.param("weir/do,1704067200000,5,", "1", "", id="milliseconds"),
        pytest.param("weir/do,1704067200000000000,5,", "1", "", id="nanoseconds"),
        pytest.param("weir/do,1704067200.5,5,", "1", "", id="seconds with a fraction"),
        pytest.param("weir/do,0,5e0,N", "1", "", id="a mark by its letter"),
        pytest.param("weir/do,0,5,84", "4", "mark", id="a mark by its number"),
        pytest.param("weir/do,0,5,M", "9", "mark", id="maintenance"),
        pytest.param('"weir/do","0","5",', "1", "", id="quotes are taken off"),
        pytest.param("weir/ph,0,9,", "2", "", id="a series without rules"),
        pytest.param("weir/do,0,9,", "1", "limit", id="beyond a limit"),
        pytest.param("weir,0,5,", "9", "refused:series: not station/quantity", id="a series without a quantity"),
        pytest.param(",0,5,", "9", "refused:series: not station/quantity", id="no series"),
        pytest.param("weir/do,,5,", "9", "refused:at: empty", id="no instant"),
        pytest.param("weir/do,2024-13-01T00:00:00Z,5,", "9", "refused:at: not a time in ISO 8601", id="a thirteenth month"),
        pytest.param("weir/do,9999-01-01T00:00:00Z,5,", "9", "refused:at: beyond the year 2262", id="the year 9999"),
        pytest.param("weir/do,1" + "0" * 40 + ",5,", "9", "refused:at: no such time", id="a number that is no time"),
        pytest.param("weir/do,99999999999,5,", "9", "refused:at: beyond the year 2262", id="seconds beyond 64 bits of ns"),
        pytest.param("weir/do,nan,5,", "9", "refused:at: no such time", id="nan is no instant"),
        pytest.param("weir/do,0,,", "9", "refused:value: empty", id="no value"),
        pytest.param("weir/do,0,nan,", "9", "refused:value: not a finite number", id="nan"),
        pytest.param("weir/do,0,1e999,", "9", "refused:value: not a finite number", id="too large a number"),
        pytest.param("weir/do,0,five,", "9", "refused:value: not a finite number", id="a word"),
        pytest.param("weir/do,0,5,NN", "9", "refused:mark: not one letter", id="a mark of two letters"),
        pytest.param("weir/do,0,5,256", "9", "refused:mark: not one letter", id="a mark too large"),
        pytest.param("weir/do,0", "9", "refused:line: wrong number of fields", id="too few fields"),
        pytest.param("weir/do,0,5,,", "9", "refused:line: wrong number of fields", id="too many fields"),
        pytest.param('weir/do,"0,5', "9", "refused:line: wrong number of fields", id="a stray quote"),
    ],
)
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "among others"])
def test_a_row(row: str, flag: str, tests: str, beside: bool, tmp_path: Path) -> None:
    """By itself, or with a good row of another form of time on either side, it says the same."""
    others = "mill/do,2024-01-01T00:00:00Z,5,\n"
    rows = judged(MARKED + (others + row + "\nmill/do,77,5,\n" if beside else row + "\n"), tmp_path)
    assert len(rows) == (3 if beside else 1)
    assert (rows[beside]["flag"], rows[beside]["tests"], rows[beside]["findings"]) == (flag, tests, rows[beside]["findings"])
    assert not beside or rows[0]["flag"] == rows[2]["flag"] == "2"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("series,at,value", 0, id="a header alone"),
        pytest.param("series,at,value\n\n\n", 0, id="empty lines are no rows"),
        pytest.param("\ufeffvalue, At ,SERIES\n5,0,weir/do", 1, id="any order and case, a byte order mark, no end of line"),
        pytest.param('"series","at","value"\r\n"weir/do","0","5"\r\n\r\n"weir/do","1","5"\r\n', 2, id="as Windows writes it"),
        pytest.param("id,series,at,value\n1,weir/do,0,5\n2,weir/do,1,5\n", 2, id="other columns are passed over"),
        pytest.param(
            b"series,at,value\nweir/do,0,5\n\xff\xfe,\xff\nweir/do,1,\xff\nweir/do,2,5\0\n", 4, id="bytes that are no text"
        ),
        pytest.param("series,at,value\n" + "x\n" * 5, 5, id="nothing but broken lines"),
        pytest.param("series,at,value\n" + "y" * 100_000 + "\nweir/do,0,5\n", 2, id="a very long line"),
    ],
)
def test_one_row_for_every_line(text: str | bytes, rows: int, tmp_path: Path) -> None:
    assert len(judged(text, tmp_path)) == rows


@pytest.mark.parametrize("text", ["", "a,b,c\n", "series,at\n", "series,at,value,value\n", "weir/do,0,5\n"])
def test_a_header_that_names_no_columns_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="must name the columns"):
        judged(text, tmp_path)


VALUES = [5, 5, 9, 5, 5, 9, 9.5, 9, 9, 7, 7, 25, 25, 25, 6, 6.5, 6, 6.5]


def recorded(values: list[float]) -> str:
    return MARKED + "".join(f"weir/do,{1_700_000_000 + i},{value},\n" for i, value in enumerate(values))


def test_a_recording_is_judged_as_the_stream_would_judge_it(tmp_path: Path) -> None:
    """The same flags as the court's, amendments on the rows they are about, findings on the rows that show them."""
    rows = judged(recorded(VALUES), tmp_path)
    heard = Hearing(SITE).judge(series_of(VALUES))
    assert [int(row["flag"]) for row in rows] == heard.flags
    assert [row["tests"] for row in rows] == heard.tests
    found = {i: row["findings"] for i, row in enumerate(rows) if row["findings"]}
    expected: dict[int, str] = {}
    for turn in heard.turns:
        what, _, second = turn.rpartition("@")
        expected[int(second)] = "+".join(filter(None, [expected.get(int(second)), what]))
    assert found == expected
    assert rows[2]["flag"] == "3"
    assert "raised:limit:high" in "".join(found.values())


@settings(deadline=None, max_examples=20)
@given(st.integers(30, 400), st.lists(st.sampled_from([*VALUES, 5.0, 5.0]), max_size=40), st.integers(0, 40))
def test_blocks_of_any_size_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, size: int, values: list[float], broken: int
) -> None:
    """However the file is cut for reading and judging, what comes out is the same."""
    folder = tmp_path_factory.mktemp("cuts")
    rows = recorded(values).splitlines(keepends=True)
    rows.insert(min(1 + broken, len(rows)), "broken\n")
    whole = judged("".join(rows), folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", size)
        patch.setattr("streams.recording.judging.AT_ONCE", 7)
        assert judged("".join(rows), folder) == whole
    assert len(whole) == len(values) + 1


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(blacklist_characters="\n\r", codec="utf-8"), min_size=1), max_size=8))
def test_no_line_stops_the_rest(tmp_path_factory: pytest.TempPathFactory, noise: list[str]) -> None:
    """Whatever a line holds, there is a row for it, and the good one after it is judged."""
    rows = judged(MARKED + "".join(f"{line}\n" for line in noise) + "weir/do,0,5,\n", tmp_path_factory.mktemp("noise"))
    assert len(rows) == len(noise) + 1
    assert rows[-1]["flag"] == "1"


# the command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(command, "load", lambda _: SITE)
    parser = argparse.ArgumentParser()
    command.options(parser)
    (tmp_path / "in.csv").write_text(recorded(VALUES))

    def run(*words: str) -> int:
        return command.run(parser.parse_args([*words, "--site", str(tmp_path)]), None)

    return run


def test_the_command_writes_a_file_and_a_summary(run: object, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert run(str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv"), "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert summary["rows"] == len(rows) == len(VALUES)
    assert summary["flags"] == {str(flag): sum(row["flag"] == str(flag) for row in rows) for flag in (1, 2, 3, 4, 9)}
    assert summary["findings"]["raised:limit:high"] == 1
    assert not (tmp_path / "out.csv.part").exists()


def test_the_command_reads_a_pipe_and_writes_to_output(
    run: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    with (tmp_path / "in.csv").open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert run("-") == 0
    assert len(capfd.readouterr().out.splitlines()) == len(VALUES) + 1


def test_the_command_does_not_overwrite_its_recording(run: object, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="overwrite"):
        run(str(tmp_path / "in.csv"), "--out", str(tmp_path / "in.csv"))


def test_a_file_that_cannot_be_read_or_written_is_refused(run: object, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such recording"):
        run(str(tmp_path / "none.csv"))
    with pytest.raises(Refused, match="cannot write"):
        run(str(tmp_path / "in.csv"), "--out", str(tmp_path / "no" / "out.csv"))


def test_progress_is_shown_to_a_person(
    monkeypatch: pytest.MonkeyPatch, run: object, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(str(tmp_path / "in.csv")) == 0
    assert f"{len(VALUES)} rows judged" in capsys.readouterr().err


def test_packed_recordings_are_read_as_they_are(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415  only here

    (tmp_path / "in.csv.gz").write_bytes(gzip.compress(recorded(VALUES).encode()))
    assert np.count_nonzero(judge(Recording(tmp_path / "in.csv.gz"), Court(SITE)).flag) == len(VALUES)


@pytest.mark.parametrize(("name", "said"), [("no.csv", "there is no such recording"), (".", "a folder is no recording")])
def test_what_is_no_recording_is_said_in_a_sentence(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as wrong:
        Recording(tmp_path / name)

    assert wrong.value.reason == said


def test_a_packed_recording_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415  only here

    whole = gzip.compress(b"series,at,value\n" + random.Random(1).randbytes(200_000).hex(" ").encode())
    for size in (3, len(whole) // 2):
        (tmp_path / "in.csv.gz").write_bytes(whole[:size])
        with pytest.raises(Refused, match=r"cannot read the recording \(.*in.csv.gz"):
            sum(map(len, Recording(tmp_path / "in.csv.gz")))
