"""A stretch of the store before the same court: as rows, and as what would have alerted."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.errors import Misconfigured, Refused, Unreachable
from detectors.domain.judged import Judged
from storage.casebook import Casebook
from storage.registry import load
from storage.repairs import Repairs
from storage.series import open_store
from streams import cli
from streams.recording import stretch as stretches
from streams.recording.ahead import ahead
from streams.recording.stretch import Stretch

SITE = Path(__file__).parents[4] / "sites" / "qinghe"
SECOND = 10**9
START = 1_790_000_000 * SECOND
CONDUCTIVITY = [300.0, 301, 300, 640, 660, 655, 650, 645, 300, 301, 300, 580, 585, 590, 580, 300, 301]


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a machine whose store holds an hour of two stations, judged by the site's own court."""
    for name, value in {"SITE": SITE, "DATA": tmp_path, "STORE": f"sqlite:///{tmp_path}/series.db"}.items():
        monkeypatch.setenv(f"RIVERWATCH_{name}", str(value))
    court, store = Court(load(SITE)), open_store(f"sqlite:///{tmp_path}/series.db")
    rows = [
        (f"{station}/cond", START + i * 60 * SECOND, value + shift)
        for i, value in enumerate(CONDUCTIVITY)
        for station, shift in (("mainstreet", 0.0), ("waterlab", -200.0))
    ]
    store.write(court.judge(court.blank(), Batch.of(rows)).judged)
    store.close()
    return tmp_path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_stretch_is_judged_as_the_stream_did(stored: Path, capfd: pytest.CaptureFixture) -> None:
    """The rows of both stations by instant and then by name, with the flags that the store has."""
    assert cli.main(["judge", "--from", "2026-01-01", "--out", str(stored / "out.csv"), "--json"]) == 0
    rows = rows_of((stored / "out.csv").read_text())
    assert [row["series"] for row in rows[:4]] == ["mainstreet/cond", "waterlab/cond"] * 2
    assert len(rows) == json.loads(capfd.readouterr().out)["rows"] == 2 * len(CONDUCTIVITY)
    store = open_store(f"sqlite:///{stored}/series.db")
    found = store.read("mainstreet/cond", 0, 2**62)
    store.close()
    mine = [row for row in rows if row["series"] == "mainstreet/cond"]
    assert [int(row["flag"]) for row in mine] == found.flag.tolist()
    assert [float(row["value"]) for row in mine] == CONDUCTIVITY
    assert "raised:limit:cond-high" in "".join(row["findings"] for row in mine)


def test_a_stretch_can_be_written_and_judged_again_as_a_recording(stored: Path, capfd: pytest.CaptureFixture) -> None:
    cli.main(["judge", "--from", "2026-01-01", "--out", str(stored / "out.csv")])
    cli.main(["judge", str(stored / "out.csv")])
    assert capfd.readouterr().out == (stored / "out.csv").read_text()


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        pytest.param(["--stations", "waterlab"], 17, id="one station"),
        pytest.param(["--series", "waterlab/cond, mainstreet/cond"], 34, id="two series"),
        pytest.param(["--to", "2026-01-02"], 0, id="nothing was said then"),
    ],
)
def test_only_what_is_asked_for(stored: Path, words: list[str], rows: int, capfd: pytest.CaptureFixture) -> None:
    assert cli.main(["judge", "--from", "2026-01-01", *words]) == 0
    assert len(rows_of(capfd.readouterr().out)) == rows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["judge"], "either a FILE or a stretch", id="nothing"),
        pytest.param(["judge", "x.csv", "--from", "2026-01-01"], "either a FILE or a stretch", id="both"),
        pytest.param(["judge", "--from", "noon"], "not an instant", id="no instant"),
        pytest.param(["judge", "--from", "2026-01-01", "--stations", "nowhere"], "no such series", id="no such station"),
        pytest.param(["rejudge"], "either --repaired or a stretch", id="rejudge nothing"),
        pytest.param(["judge", "--from", "2026-01-01", "--set", "cond-high=1"], "name.below=4.5", id="a change that is none"),
        pytest.param(["judge", "--from", "2026-01-01", "--set", "x.above=1"], "no limit is called x", id="no such limit"),
        pytest.param(["judge", "--from", "2026-01-01", "--set", "cond-high.above=x"], "not a number", id="no number"),
        pytest.param(["judge", "--from", "2026-01-01", "--set", "cond-high.below=1"], "no other bound", id="the other side"),
        pytest.param(
            ["judge", "--from", "2026-01-01", "--set", "cond-high.clear=900"], "clears above", id="it would never clear"
        ),
        pytest.param(["judge", "--from", "2026-01-01", "--limits", "none.toml"], "no such file", id="no such limits"),
    ],
)
def test_what_cannot_be_done_is_said(stored: Path, words: list[str], said: str, capfd: pytest.CaptureFixture) -> None:
    assert cli.main(words) == 1
    assert said in capfd.readouterr().err


def test_what_would_have_alerted_under_another_limit(stored: Path, capfd: pytest.CaptureFixture) -> None:
    """The higher of two exceedances under both, the lower only under the site's own limit."""
    asked = ["judge", "--from", "2026-01-01", "--set", "cond-high.above=600", "--picture", str(stored / "p.svg")]
    assert cli.main([*asked, "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    mine = [one for one in said["incidents"] if one["rule"] == "limit:cond-high"]
    assert [(one["exists"], [each["peak"] for each in one["before"]]) for one in mine] == [("both", [660.0]), ("before", [590.0])]
    assert {"rule": "limit:cond-high", "station": "mainstreet", "before": 2, "after": 1} in said["by_rule"]
    picture = (stored / "p.svg").read_text()
    assert picture.count("<title>limit:cond-high") == 3
    assert cli.main(asked) == 0
    table = capfd.readouterr().out
    assert "limit:cond-high" in table
    assert "660 µS/cm" in table


def test_what_alerts_under_the_rules_as_they_are(stored: Path, capfd: pytest.CaptureFixture) -> None:
    assert cli.main(["judge", "--from", "2026-01-01", "--alerts", "--series", "mainstreet/cond"]) == 0
    assert capfd.readouterr().out.count("limit:cond-high  mainstreet/cond") == 2


def test_other_limits_out_of_a_file_and_out_of_another_site(stored: Path, capfd: pytest.CaptureFixture) -> None:
    """A file takes the place of limits.toml; stations it names must be the site's."""
    own = (SITE / "limits.toml").read_text()
    (stored / "other.toml").write_text(own.replace("above = 550", "above = 600"))
    assert cli.main(["judge", "--from", "2026-01-01", "--limits", str(stored / "other.toml"), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["counts"]["before"] > 0
    assert cli.main(["judge", "--from", "2026-01-01", "--with-site", str(SITE), "--json"]) == 0
    counts = json.loads(capfd.readouterr().out)["counts"]
    assert (counts["before"], counts["after"]) == (0, 0)
    (stored / "other.toml").write_text(own.replace('"mainstreet"', '"nowhere"'))
    assert cli.main(["judge", "--from", "2026-01-01", "--limits", str(stored / "other.toml")]) == 1
    assert "no station 'nowhere'" in capfd.readouterr().err


def test_a_repaired_stretch_is_judged_again_from_the_command_line(stored: Path, capfd: pytest.CaptureFixture) -> None:
    site, store = load(SITE), open_store(f"sqlite:///{stored}/series.db")
    court, repairs = Court(site), Repairs(stored / "repairs.db")
    memory = court.blank()
    rows = [("franklin/cond", START + i * 60 * SECOND, 300.0 + i) for i in range(9)]
    for part in (rows[:3] + rows[6:], rows[3:6]):
        judged = court.judge(memory, Batch.of(part)).judged
        repairs.note(judged, store)
        store.write(judged)
    Casebook(stored / "casebook.db", site).close()
    assert cli.main(["rejudge", "--repaired", "--quiet", "-1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["readings"] >= 9
    assert repairs.waiting() == []
    assert cli.main(["rejudge", "--from", "2026-01-01", "--stations", "franklin"]) == 0
    assert ", 0 amended" in capfd.readouterr().out


def test_progress_is_counted_when_it_is_asked_for(stored: Path, capfd: pytest.CaptureFixture) -> None:
    assert cli.main(["judge", "--from", "2026-01-01", "--progress", "--out", str(stored / "out.csv")]) == 0
    assert "34 rows judged" in capfd.readouterr().err


def test_several_readers_give_what_one_gives(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that read half of the series each, put together again in the order of instant and name."""
    names = ("mainstreet/cond", "waterlab/cond")
    asked = Stretch(url=f"sqlite:///{stored}/series.db", token="", series=names, start=0, end=2**62)
    together = readings(asked)
    monkeypatch.setattr(stretches, "READERS", 1)
    assert readings(asked) == together
    assert len(together) == 2 * len(CONDUCTIVITY)


def readings(pages: Iterator[Judged]) -> list[tuple]:
    batches = [page.readings for page in pages]
    return [(b.names[s], at, v) for b in batches for s, at, v in zip(b.series, b.at.tolist(), b.value.tolist(), strict=True)]


def test_a_reader_that_fails_says_why(stored: Path) -> None:
    asked = Stretch(url="http://127.0.0.1:9?org=o&bucket=b", token="", series=("a/do",), start=0, end=9)
    with pytest.raises(Unreachable, match="InfluxDB"):
        list(asked)


def test_what_is_read_ahead_comes_in_order_and_fails_where_it_failed() -> None:
    def failing() -> Iterator[int]:
        yield from range(5)
        raise Refused("enough", 5)

    assert list(ahead(range(9))) == list(range(9))
    found = []
    with pytest.raises(Refused, match="enough"):
        found += ahead(failing())
    reader = ahead(iter(range(10**9)))
    assert next(reader) == 0
    reader.close()


def test_a_store_of_no_known_form_is_a_setting_to_mend() -> None:
    with pytest.raises(Misconfigured):
        list(Stretch(url="postgres://", token="", series=(), start=0, end=1))
