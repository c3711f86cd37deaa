"""A scene from film to finding, by the code that looks at live frames: what is played is found, what is sick is not believed."""

import asyncio
import csv
import json
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import MQTTMessage

from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.vision.jpeg import header
from simulators.cli import main as riversim
from simulators.commands import file_of
from simulators.incidents import Incident, Kind
from simulators.scenes.showing import of_folder
from simulators.truth import Truth
from storage.casebook import Casebook
from storage.registry import load
from streams.cli import main as riverwatch
from tests.integration.test_cameras import listening, until

ROOT = Path(__file__).resolve().parents[2]
SITE = str(ROOT / "sites" / "qinghe")
S = 1_000_000_000
SHORT = """
site = "qinghe"
camera = "gatecam"
start = "2026-05-04T09:00:00+08:00"
seconds = 36
[[zone]]
name = "closed"   # the far lawn, since the near one is under water
kind = "closed"
corners = [[0.0, 0.14], [0.36, 0.14], [0.36, 0.22], [0.0, 0.22]]
[[zone]]
name = "river"
kind = "water"
laid = true
corners = [[0.0, 0.5], [0.2, 0.53], [0.4, 0.67], [0.6, 0.83], [0.72, 1.0], [0.0, 1.0]]
[[limit]]
name = "boat-on-closed-water"
quantity = "boats.river"
above = 0.5
delay = 2
[[act]]
kind = "boat"
zone = "river"
after = 8
lasts = 8
way = [[0.16, 0.9], [0.36, 0.95]]
size = 0.2
[[act]]
kind = "covered"
after = 20
lasts = 12
strength = 0.9
[[act]]
kind = "person"
zone = "river"
after = 22
lasts = 8
way = [[0.05, 0.95], [0.5, 0.92]]
size = 0.3
"""


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the scene, looked at by `riverwatch look`."""
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "short.toml").write_text(SHORT, encoding="utf-8")
    assert riversim(["cameras", str(folder / "short.toml"), "--site", SITE, "--to", str(folder / "short")]) == 0
    said = ["look", str(folder / "short" / "film.avi"), "--camera", "gatecam", "--site", str(folder / "short" / "site")]
    assert riverwatch([*said, "--out", str(folder / "seen"), "--start", "2026-05-04T01:00:00Z"]) == 0
    return folder


def scored(capsys: pytest.CaptureFixture[str], *said: str) -> dict[str, Any]:
    capsys.readouterr()
    assert riversim(["score", *said, "--site", SITE, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_boat_and_covered_camera_are_found_and_nobody_behind_the_cover(filmed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score = scored(
        capsys, str(filmed / "short"), "--judged", str(filmed / "seen" / "measures.csv"), "--svg", str(filmed / "a.svg")
    )
    found = {one["kind"]: (one["played"], one["found"]) for one in score["kinds"]}
    assert found == {"boat": (1, 1), "covered": (1, 1), "person": (1, 0)}
    assert score["false_alarms"] == []
    assert score["false_per_camera_hour"] == 0.0
    assert "a camera-hour" in (filmed / "a.svg").read_text(encoding="utf-8")


def test_while_covered_all_but_health_is_out_of_operation(filmed: Path) -> None:
    with (filmed / "seen" / "measures.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["at"] == "2026-05-04T01:00:28.000Z"]
    marks = {row["series"]: row["mark"] for row in rows}
    assert {marks["gatecam/movers.river"], marks["gatecam/boats.river"]} == {"F"}
    assert {marks["gatecam/cover"], marks["gatecam/brightness"]} == {""}


def test_the_truth_says_where_each_thing_is(filmed: Path) -> None:
    with (filmed / "short" / "boxes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    boats = [row for row in rows if row["kind"] == "boat"]
    assert (boats[0]["frame"], boats[-1]["frame"], boats[0]["zone"]) == ("17", "32", "river")
    assert float(boats[-1]["left"]) > float(boats[0]["left"])


Visited = tuple[dict[str, Any], list[MQTTMessage]]
VISIT = """
site = "qinghe"
camera = "gatecam"
start = "2026-05-04T09:00:00+08:00"
seconds = 3
[[act]]
kind = "person"
zone = "closed"
after = 1
lasts = 1.5
way = [[0.1, 0.9], [0.2, 0.9]]
size = 0.3
"""


def seen_at(at: int, station: str = "gatecam") -> GridEvent:
    """That somebody was seen where nobody should be, at an instant."""
    rule, series = "limit:person-in-closed-zone", f"{station}/movers.closed"
    return GridEvent(
        id=event_id(rule, series, at), turn=Turn.RAISED, rule=rule, matter="vision", level=Level.ALARM, series=series,
        station=station, quantity="movers.closed", since=at, at=at, value=1.0, limit=0.5, code="", standard="", cell="", reach="",
        tell=False,
    )  # fmt: skip


@pytest.fixture
def visited(tmp_path: Path, mosquitto_address: str, capsys: pytest.CaptureFixture[str]) -> Visited:
    """What `riversim cameras --mqtt` says of a scene of three seconds, and what the broker heard of it."""
    (tmp_path / "visit.toml").write_text(VISIT, encoding="utf-8")
    with listening(mosquitto_address, "qinghe") as heard:
        told = ["cameras", str(tmp_path / "visit.toml"), "--site", SITE, "--mqtt", f"mqtt://{mosquitto_address}"]
        assert riversim([*told, "--data", str(tmp_path), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        asyncio.run(until(lambda: len(heard) >= said["sent"]))
    return said, heard


def test_a_scene_is_sent_at_its_pace_and_scored_by_what_the_casebook_holds(
    visited: Visited, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, heard = visited
    instants = [int(dict(one.properties.UserProperty)["ts"]) for one in heard]
    folder = Path(said["folder"])
    told, (visit,) = of_folder(folder)

    assert (said["sent"], said["dropped"], folder.parent) == (len(heard), 0, tmp_path / "scenes")
    assert {one.topic for one in heard} == {"rw/v1/qinghe/gatecam/frame"}
    assert header(heard[0].payload).width == 576
    assert instants == [told.start + n * S // 2 for n in range(6)]
    assert not (tmp_path / "simulators" / "floor").exists()

    book = Casebook(f"sqlite:///{tmp_path}/casebook.db", load(Path(SITE)))
    for event in (seen_at(visit.since + S), seen_at(told.start - 60 * S), seen_at(visit.since + S, "mainstreet")):
        book.take(event)
    score = scored(capsys, str(folder), "--data", str(tmp_path))
    found = [(one["kind"], one["played"], one["found"], one["delay_p50"]) for one in score["kinds"]]

    assert found == [("person", 1, 1, 1.0)]
    assert score["false_alarms"] == []
    book.take(seen_at(told.start))  # a second before anybody came
    assert len(scored(capsys, str(folder), "--data", str(tmp_path))["false_alarms"]) == 1
    book.close()


def test_a_scene_for_a_stack_wants_a_folder_for_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "visit.toml").write_text(VISIT, encoding="utf-8")

    assert riversim(["cameras", str(tmp_path / "visit.toml"), "--site", SITE, "--mqtt", "mqtt://127.0.0.1:1"]) != 0
    assert "--to or --data" in capsys.readouterr().err


def test_what_the_demo_played_is_scored_by_its_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = 1_777_856_400 * S
    truth, book = Truth(file_of(tmp_path)), Casebook(f"sqlite:///{tmp_path}/casebook.db", load(Path(SITE)))
    truth.open(start)
    for name, after in (("first", 60), ("second", 600)):
        since = start + after * S
        visit = Incident(
            id=name,
            kind=Kind.PERSON,
            station="gatecam",
            quantities=("movers.closed",),
            since=since,
            until=since + 30 * S,
            strength=1.0,
        )
        truth.begin([visit])
    truth.cut(start + 3600 * S)
    truth.close()
    book.take(seen_at(start + 64 * S))
    book.close()

    score = scored(capsys, "--data", str(tmp_path))

    assert [(one["kind"], one["played"], one["found"], one["delay_p50"]) for one in score["kinds"]] == [("person", 2, 1, 4.0)]
    assert score["false_alarms"] == []


DRIFTING = """
site = "qinghe"
camera = "gatecam"
start = "2026-05-04T09:00:00+08:00"
seconds = 32
[[zone]]
name = "river"
kind = "water"
laid = true
corners = [[0.0, 0.5], [0.2, 0.53], [0.4, 0.67], [0.6, 0.83], [0.72, 1.0], [0.0, 1.0]]
[[limit]]
name = "litter"
quantity = "litter.river"
above = 0.5
delay = 2
[[act]]
kind = "litter"
zone = "river"
after = 17
lasts = 14
way = [[0.08, 0.74], [0.22, 0.85]]
size = 0.035
"""


def test_litter_that_drifts_is_found_and_the_ripples_before_it_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "drifting.toml").write_text(DRIFTING, encoding="utf-8")
    capsys.readouterr()
    assert riversim(["cameras", str(tmp_path / "drifting.toml"), "--site", SITE, "--json"]) == 0
    score = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["played"], one["found"]) for one in score["kinds"]] == [("litter", 1, 1)]
    assert score["false_alarms"] == []
