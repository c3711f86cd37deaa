"""riverwatch learn: recordings in, a draft of a site out that can be checked and judged by at once."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.site import Station, Title
from detectors.domain.thresholds import Thresholds
from detectors.domain.usual import Span, Usual
from storage.registry import draft, load
from streams import cli
from streams.commands import learn as command
from streams.recording import Recording
from streams.recording.gathering import gather
from streams.settings import Settings

ROWS = 300
FILES = ["site.toml", "stations.csv", "quality.csv", "usual.csv", "limits.toml"]


def recording(folder: Path, *series: str, name: str = "in.csv", more: str = "") -> Path:
    """Some series at a quarter of an hour, rows interleaved."""
    value = np.round(9 + np.sin(np.arange(ROWS) / 15) + np.random.default_rng(7).normal(0, 0.02, ROWS), 2)
    rows = (f"{one},{1_700_000_000 + 900 * i},{value[i]}\n" for i in range(ROWS) for one in series)
    path = folder / name
    path.write_text("series,at,value\n" + "".join(rows) + more)
    return path


def learnt(*words: object) -> int:
    parser = argparse.ArgumentParser()
    command.options(parser)
    return command.run(parser.parse_args([str(word) for word in words]), Settings.of({}))


def test_a_draft_is_a_site_that_judges_its_recording_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = recording(tmp_path, "weir/do", "weir/temp", "tank/gas"), tmp_path / "New Site"
    assert cli.main(["learn", str(file), "--out", str(out)]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if "written" in line] == [f"written: {out / f}" for f in FILES]
    assert cli.main(["check", str(out)]) == 0
    assert cli.main(["judge", str(file), "--site", str(out), "--out", str(tmp_path / "judged.csv")]) == 0
    with (tmp_path / "judged.csv").open() as rows:
        assert {row["flag"] for row in csv.DictReader(rows)} == {"1"}


def test_the_score_is_a_column_of_its_own(tmp_path: Path) -> None:
    file = recording(tmp_path, "weir/do", "tank/gas", more=f"weir/do,{1_700_000_000 + 900 * ROWS},1\n")
    assert learnt(file, "--out", tmp_path / "site") == 0
    words = ["judge", str(file), "--site", str(tmp_path / "site"), "--out", str(tmp_path / "judged.csv"), "--scores"]
    assert cli.main(words) == 0
    with (tmp_path / "judged.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert {row["score"] for row in rows if row["series"] == "tank/gas"} == {""}
    assert (rows[-1]["flag"], rows[-1]["tests"], float(rows[-1]["score"]) > 0.5) == ("3", "unlikely", True)
    assert all(float(row["score"]) <= 0.5 for row in rows[:-1] if row["series"] == "weir/do")


def test_the_draft_holds_the_stations_and_quantities_found(tmp_path: Path) -> None:
    assert learnt(recording(tmp_path, "weir/do", "weir/temp", "tank/gas"), "--out", tmp_path / "New Site") == 0
    site = load(tmp_path / "New Site")
    assert site.name == "new-site"
    assert [(one.name, one.kind, one.quantities, one.silent_after) for one in site.stations.values()] == [
        ("tank", "tank", ("gas",), 3600),
        ("weir", "water", ("do", "temp"), 3600),
    ]
    assert all(one.place == draft.NOWHERE for one in site.stations.values())
    assert list(site.thresholds) == ["tank/gas", "weir/do", "weir/temp"]
    assert site.limits == ()


def test_stations_of_one_water_stand_beside_each_other_and_say_how_far_their_days_lie_apart(tmp_path: Path) -> None:
    hours, random = np.arange(24 * 100), np.random.default_rng(1)
    level = 12 + 6 * np.sin(hours / 24 / 365 * 2 * np.pi) + np.sin(hours / 24 * 2 * np.pi)
    stations = {name: level + random.normal(0, 0.05, len(hours)) for name in ("weir", "mill", "lock")}
    rows = [f"{name}/temp,{1_700_000_000 + 3600 * i},{own[i]:.2f}" for i in hours for name, own in stations.items()]
    (tmp_path / "in.csv").write_text("\n".join(["series,at,value", *rows]))
    assert learnt(tmp_path / "in.csv", "--out", tmp_path / "site") == 0
    site = load(tmp_path / "site")
    assert {name: one.beside for name, one in site.stations.items()} == {"lock": "", "mill": "lock", "weir": "lock"}
    assert len(site.quality.neighbours) == 3
    assert all(one.drift_low < 0 < one.drift_high for one in site.quality.neighbours)


def test_several_recordings_teach_as_one(tmp_path: Path) -> None:
    first, second = recording(tmp_path, "weir/do", name="a.csv"), recording(tmp_path, "weir/ph", name="b.csv")
    assert learnt(first, second, "--out", tmp_path / "site") == 0
    assert list(load(tmp_path / "site").thresholds) == ["weir/do", "weir/ph"]


def test_what_has_no_place_in_a_draft_is_left_out_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path, "weir/do", "weir/odd", "Weir 2/do", "cam/movers", "cam/movers.gate", more="weir/do,0,nan\n")
    assert learnt(file, "--out", tmp_path / "site", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["left_out"] == {
        "Weir 2/do": "the station's name may hold only a-z, 0-9, - and _",
        "cam/movers": "a camera's quantity: it needs cameras.toml",
        "cam/movers.gate": "the quantity has a part, which a draft cannot hold",
        "weir/odd": "the quantity is unknown",
    }
    assert (said["rows"], said["refused"]) == (5 * ROWS + 1, 1)
    assert said["files"] == [str(tmp_path / "site" / file) for file in FILES]
    assert said["series"]["weir/do"].items() >= {"readings": ROWS, "used": ROWS, "interval": 900.0}.items()


def test_a_series_of_one_reading_has_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recording(tmp_path, more="weir/do,0,9\n")
    assert learnt(file, "--out", tmp_path / "site", "--json") == 0
    assert json.loads(capsys.readouterr().out)["series"]["weir/do"]["interval"] is None
    assert load(tmp_path / "site").stations["weir"].silent_after == 0


def test_files_that_are_there_are_kept_unless_forced(tmp_path: Path) -> None:
    file, out = recording(tmp_path, "weir/do"), tmp_path / "site"
    out.mkdir()
    (out / "limits.toml").write_text("# mine\n")
    with pytest.raises(Refused, match=r"has these files already; --force writes over them: 'limits.toml'"):
        learnt(file, "--out", out)
    assert [path.name for path in out.iterdir()] == ["limits.toml"]
    assert (out / "limits.toml").read_text() == "# mine\n"
    assert learnt(file, "--out", out, "--force") == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_a_recording_without_series_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no series to learn from"):
        learnt(recording(tmp_path), "--out", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_recording_without_readings_says_what_they_lack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match="2 rows; value: not a finite number"):
        learnt(recording(tmp_path, more="weir/do,1700000000,many\nweir/do,1700000000,few\n"), "--out", tmp_path / "site")
    assert learnt(recording(tmp_path, "weir/do", more="weir/do,1700000000,\n"), "--out", tmp_path / "site") == 0
    assert "301 rows read, 1 of them without a reading (value: empty)" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(Refused, match="cannot write"):
        learnt(recording(tmp_path, "weir/do"), "--out", tmp_path / "site")


def test_what_is_drafted_is_read_back_as_the_same(tmp_path: Path) -> None:
    station = Station(
        name="weir",
        title=Title(zh='堰 "1"', en="Weir, 1"),
        kind="water",
        place=(1.25, -2.5),
        quantities=("do",),
        silent_after=90.0,
    )
    thresholds = Thresholds(series="weir/do", fail_low=-0.3, rate=1.234e-05, flat_readings=7, source='a "quoted", long\nreason')
    usual = Usual(
        series="weir/do",
        moves=(Span(of=900.0, low=0.5, high=1.25), Span(of=3600.0, low=1.0)),
        strays=(Span(of=900.0, high=2.0),),
        months=(Span(of=0, low=-1.0, high=20.0), Span(of=12, low=0.0)),
        days=(Span(of=1, high=1.5), Span(of=0, low=9.5, high=8.0)),
        saturation=0.925,
        events=1,
        lift=4000.0,
        source="moves, and more",
    )
    draft.put(tmp_path, draft.drafted("s-1", [station], [thresholds], [usual]))
    site = load(tmp_path)
    assert site.stations["weir"] == station
    assert repr(site.thresholds["weir/do"]) == repr(thresholds)  # NaN is not equal to itself
    assert repr(site.quality.usual["weir/do"]) == repr(usual)


def test_gathering_keeps_the_order_of_the_files_and_counts_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("series,at,value,mark\nb/do,2,1,\na/do,1,2,M\nb/do,1,3,\n,,,\n")
    found = gather([Recording(tmp_path / "a.csv"), Recording(tmp_path / "a.csv")])
    assert (found.rows, found.refused, list(found.series)) == (8, 2, ["a/do", "b/do"])
    assert found.series["b/do"].value.tolist() == [1, 3, 1, 3]
    assert found.series["a/do"].mark.tolist() == [ord("M")] * 2
