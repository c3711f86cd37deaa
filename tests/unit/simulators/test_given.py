"""What people give to `riversim`, and what it says where that cannot be meant; nothing is played, and no file is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.cli import main

SITE = str(Path(__file__).resolve().parents[3] / "sites" / "qinghe")
HEADS = {
    "a.csv": "series,at,value,mark",
    "a.readings.csv": "series,at,got,true,bad,kind,incident",
    "a.incidents.csv": "id,kind,station,quantities,since,until,strength,faint,zones",
}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording without a reading, with its truth."""
    for name, head in HEADS.items():
        (tmp_path / name).write_text(f"{head}\n", encoding="utf-8")
    return tmp_path / "a.csv"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("run spill --seconds -5", "--seconds: '-5' is not a number from 0 on", id="less than no time"),
        pytest.param("run spill --compress 0", "--compress: '0' is not above 0", id="time that stands still"),
        pytest.param("run spill --compress nan", "--compress: 'nan' is not a number", id="no number"),
        pytest.param("run spill --gateway there", "'there' is not HOST:PORT such as", id="a gateway without a port"),
        pytest.param("run spill --svg {there}/no/a.svg", "there is no folder {there}/no; make it", id="a picture in no folder"),
        pytest.param("run spill --to {there}", "{there} is a folder; name a file in it", id="a recording in place of a folder"),
        pytest.param("load --mqtt x --rate 0", "--rate: '0' is not above 0", id="no rate"),
        pytest.param("load --mqtt x --rate 1 --devices 0.5", "'0.5' is not a whole number from 1", id="half a device"),
        pytest.param("load --mqtt x --rate 1 --seconds soon", "'soon' is not a number from 0", id="a time in words"),
        pytest.param(
            "replay {there}/no.csv --mqtt x --site y", "{there}/no.csv is not there, or no file", id="a file that is not"
        ),
    ],
)
def test_what_cannot_be_meant_is_turned_away_at_once(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words.format(there=tmp_path).split())

    assert left.value.code == 2
    assert said.format(there=tmp_path) in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("score --site {site}", "a recording, or --data of a demo, must say what was played", id="nothing to score"),
        pytest.param("score --site {site} --data {there}", "{there} holds no casebook.db; it must be", id="a folder of no stack"),
        pytest.param(
            "score {there}/a.csv --site {site} --data {there}", "holds no casebook.db", id="a recording with such a one"
        ),
        pytest.param("score --site {site} --data {there} --casebook x", "nothing was played into that", id="a demo never played"),
        pytest.param("sums --data {there}/no", "nothing was played into that data folder", id="sums of nothing"),
        pytest.param("score {there}/b.csv --site {site}", "this file, and it cannot be read, No such file", id="no recording"),
        pytest.param("score {there}/a.csv --site {site} --judged {there}/none.csv", "not the judged rows", id="no judged rows"),
        pytest.param("score {there}/c.csv --site {site}", "not a table of series,at,value,mark", id="another table"),
        pytest.param("score {there}/d.csv --site {site}", "a damaged row in the recording or its truth", id="a damaged row"),
    ],
)
def test_a_score_of_nothing_says_what_is_missing(
    words: str, said: str, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = recording.parent
    (there / "c.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (there / "d.csv").write_text(f"{HEADS['a.csv']}\nx/do,2026-05-04T00:00:00Z,wet,\n", encoding="utf-8")
    (there / "d.readings.csv").write_text(
        f"{HEADS['a.readings.csv']}\nx/do,2026-05-04T00:00:00Z,2026-05-04T00:00:00Z,1,0,,\n", encoding="utf-8"
    )
    before = sorted(there.iterdir())

    assert main(words.format(there=there, site=SITE).split()) == 1
    assert said.format(there=there) in capsys.readouterr().err
    assert sorted(there.iterdir()) == before


def test_judged_rows_of_another_recording_are_counted(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (recording.parent / "j.csv").write_text("series,at,value,flag,tests,findings\nx/do,1,1,1,,\n", encoding="utf-8")
    (recording.parent / "empty.csv").write_text("", encoding="utf-8")

    assert main(["score", str(recording), "--site", SITE, "--judged", str(recording.parent / "j.csv")]) == 1
    assert "not the judged rows of this recording" in capsys.readouterr().err
    assert main(["score", str(recording), "--site", SITE, "--judged", str(recording.parent / "empty.csv")]) == 0


def test_who_reads_no_further_is_not_told_so() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "-m", "simulators.cli", "scenarios"], stdout=writes, stderr=subprocess.PIPE, check=False
    )
    os.close(writes)

    assert (done.returncode, done.stderr) == (1, b"")


def test_an_incident_that_no_station_feels_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spill = "[[incident]]\nkind = 'spill'\nstation = 'waterlab'\nafter = 1\nlasts = 1\nstrength = {}\n"
    head = 'site = "qinghe"\nstart = "2026-05-04T00:00:00+08:00"\nhours = 3\n[[station]]\nname = "waterlab"\n'
    (tmp_path / "two.toml").write_text(head + spill.format(1) + spill.format("1e-6"), encoding="utf-8")

    assert main(["run", str(tmp_path / "two.toml"), "--site", SITE, "--to", str(tmp_path / "two.csv")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "spill at waterlab, 1.0 h after the start: no station feels it"


def test_a_scene_of_no_such_name_is_answered_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cameras", "nosuch", "--site", SITE]) == 1
    assert "no shipped scene of that name: altered, dumping, intruder, river, sickness" in capsys.readouterr().err


def test_without_a_word_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Show what the broker took" in capsys.readouterr().err
