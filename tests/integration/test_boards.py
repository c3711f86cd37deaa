"""The Grafana board: its structure, and every query of it against the real InfluxDB."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import numpy as np
import pytest

from dashboards.boards.board import render, uid
from dashboards.boards.panels import steps
from dashboards.boards.push import push
from detectors.domain.batch import Batch
from detectors.domain.errors import Refused, Unreachable
from detectors.domain.event import GridEvent, Level, Turn
from detectors.domain.judged import TESTS, Judged
from detectors.domain.site import Limit, Site
from storage.registry import load
from storage.series.influx import InfluxStore
from storage.series.prepare import prepare
from streams import cli

ROOT = Path(__file__).parents[2]
MINUTE = 60_000_000_000
START = 1_690_000_000 * 1_000_000_000 // (5 * MINUTE) * 5 * MINUTE
SPAN = 40 * MINUTE
LANGUAGES = ["zh", "en"]


@pytest.fixture(scope="module")
def site() -> Site:
    return load(ROOT / "sites" / "qinghe")


def panels(board: dict) -> list[dict]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries(board: dict) -> list[tuple[str, str]]:
    return [(f"{panel['title']} {target['refId']}", target["query"]) for panel in panels(board) for target in panel["targets"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_is_what_grafana_expects(site: Site, language: str) -> None:
    board = json.loads(render(site, language))
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", board["uid"])
    assert site.title[language] in board["title"]
    assert [one["name"] for one in board["templating"]["list"]] == ["source", "station", "camera"]
    source, *chosen = board["templating"]["list"]
    assert (source["type"], source["query"]) == ("datasource", "influxdb")
    assert {one["datasource"]["uid"] for one in chosen} == {"${source}"}
    ids = [panel["id"] for panel in board["panels"]]
    assert ids == list(range(1, len(ids) + 1))
    for panel in panels(board):
        assert panel["datasource"] == {"type": "influxdb", "uid": "${source}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0
        assert all(target["rawQuery"] and target["resultFormat"] in {"time_series", "table"} for target in panel["targets"])


def test_no_two_panels_lie_on_each_other(site: Site) -> None:
    taken = set()
    for panel in json.loads(render(site, "en"))["panels"]:
        place = panel["gridPos"]
        squares = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not squares & taken
        taken |= squares


def test_both_languages_ask_the_same(site: Site) -> None:
    asked = [[query for _, query in queries(json.loads(render(site, language)))] for language in LANGUAGES]
    assert asked[0] == asked[1]
    assert render(site, "zh") != render(site, "en")


def test_every_limit_of_the_site_is_drawn(site: Site) -> None:
    """Each value stands in a threshold of the panel of its quantity, under its station's or zone's name."""
    drawn = set()
    for panel in panels(json.loads(render(site, "en"))):
        for override in panel["fieldConfig"]["overrides"]:
            for one in override["properties"]:
                if one["id"] == "thresholds":
                    drawn |= {(override["matcher"]["options"], step["value"]) for step in one["value"]["steps"]}
    for limit in site.limits:
        station, _, quantity = limit.series.partition("/")
        value = limit.above if limit.below is None else limit.below
        assert {(station, value), (quantity, value)} & drawn, limit.name


def test_between_two_limits_the_water_is_clear() -> None:
    low = Limit(name="low", series="s/ph", below=6.0, clear=6.5)
    high = Limit(name="high", series="s/ph", above=9.0, clear=8.5)
    assert steps([high, low]) == [
        {"color": "red", "value": None},
        {"color": "transparent", "value": 6.0},
        {"color": "red", "value": 9.0},
    ]
    assert steps([high])[0] == {"color": "transparent", "value": None}


@pytest.fixture(scope="module")
def filled(influx, site: Site) -> InfluxStore:
    """A bucket of its own with forty minutes of every series, with all flags and outcomes, and a few events."""
    store = InfluxStore(f"{influx.url}?org={influx.org}&bucket=board of 青河", influx.token)
    prepare(store.pipe.address)
    prepare(store.pipe.address)  # once more changes nothing
    names = [f"{station.name}/{quantity}" for station in site.stations.values() for quantity in station.quantities]
    names += [limit.series for limit in site.limits if limit.series not in names]
    names += [f"{camera}/{quantity}" for camera in site.cameras for quantity in ("people", "vehicles", "boats")]
    names += [f"{section}/{quantity}" for section in site.sections for quantity in ("class", "multiple.nh3n")]
    rows = [(name, START + minute * MINUTE, float(minute)) for minute in range(40) for name in names]
    flags = np.resize(np.array([1, 1, 2, 3, 4], np.uint8), 40).repeat(len(names))
    outcome = (np.arange(40) % 3 == 0).astype(np.uint8).repeat(len(names))
    tests = (1 << (np.arange(40) % len(TESTS))).astype(np.uint16).repeat(len(names))
    readings = Batch.of(rows, got=START + SPAN)
    store.write(Judged(readings=readings, flag=flags, tests=tests, outcome=outcome))
    for turn, rule, minute in (
        (Turn.RAISED, "a", 1),
        (Turn.RAISED, "b", 2),
        (Turn.WORSENED, "b", 4),
        (Turn.CLEARED, "b", 5),
        (Turn.LATE, "a", 9),
    ):
        store.write_event(event(rule, turn, START + minute * MINUTE))
    cam = {"series": "gatecam/movers", "station": "gatecam", "quantity": "movers"}
    for minute in (3, 6, 20):
        for turn, at in ((Turn.RAISED, minute), (Turn.CLEARED, minute + 1)):
            store.write_event(msgspec.structs.replace(event("seen", turn, START + at * MINUTE), id=f"s{minute}", **cam))
    store.write_event(msgspec.structs.replace(event("ahead", Turn.RAISED, START), rule="outlook:do-low", matter="outlook"))
    return store


def event(rule: str, turn: Turn, at: int) -> GridEvent:
    return GridEvent(
        id=rule, turn=turn, rule=f"limit:{rule}", matter="pollution", level=Level.ALARM, series="franklin/do", station="franklin",
        quantity="do", since=at, at=at, value=1.5, limit=2.0, code="06026", standard="", cell="", reach="upper", tell=True,
    )  # fmt: skip


def as_grafana(query: str, station: str, camera: str) -> str:
    """The query with Grafana's words filled in."""
    names = {"${station:regex}": re.escape(station), "${camera:regex}": re.escape(camera), "$__interval": "5m"}
    names["$timeFilter"] = f"time >= {START} and time < {START + SPAN}"
    for word, said in names.items():
        query = query.replace(word, said)
    assert "$" not in query.replace("$/", "")
    return query


def test_every_panels_query_has_an_answer(filled: InfluxStore, site: Site) -> None:
    """For each panel there is a station, or camera, at which each of its queries brings rows."""
    cameras = [name for name, one in site.stations.items() if one.kind == "camera"] or [""]
    silent = []
    for name, query in queries(json.loads(render(site, "en"))):
        answers = [filled.pipe.query(as_grafana(query, station, camera)) for station in site.stations for camera in cameras]
        if not any(answers):
            silent.append(name)
    assert silent == []


def test_the_variables_list_stations_and_cameras(filled: InfluxStore, site: Site) -> None:
    cameras = {name for name, one in site.stations.items() if one.kind == "camera"}
    for variable in json.loads(render(site, "en"))["templating"]["list"][1:]:
        (found,) = filled.pipe.query(variable["query"])
        expected = cameras if variable["name"] == "camera" else set(site.stations) - cameras
        assert {value for _, value in found["values"]} == expected


def test_an_open_event_is_one_that_was_raised_and_not_cleared(filled: InfluxStore, site: Site) -> None:
    board = json.loads(render(site, "en"))
    (query,) = (query for name, query in queries(board) if name.startswith("Open grid events"))
    found, ahead = sorted(filled.pipe.query(query), key=lambda one: one["tags"]["rule"])
    assert ahead["tags"]["rule"] == "outlook:do-low"
    assert found["tags"] == {"station": "franklin", "quantity": "do", "rule": "limit:a"}
    assert dict(zip(found["columns"], found["values"][0], strict=True)) == {
        "time": START + MINUTE, "level": "alarm", "matter": "pollution", "value": 1.5, "limit": 2, "open": 1,
    }  # fmt: skip


def test_what_a_camera_found_is_counted_by_rule(filled: InfluxStore, site: Site) -> None:
    (query,) = (query for name, query in queries(json.loads(render(site, "en"))) if name.startswith("Camera events"))
    (found,) = filled.pipe.query(as_grafana(query, "", "gatecam"))
    assert found["tags"] == {"rule": "limit:seen"}
    assert [count for _, count in found["values"]] == [1, 1, 1]


def test_how_a_camera_is_stands_apart_from_what_it_sees(site: Site) -> None:
    rows: dict[str, list[str]] = {}
    for panel in json.loads(render(site, "en"))["panels"]:
        if panel["type"] == "row":
            shown = rows.setdefault(panel["title"], [])
        else:
            shown.append(panel["title"])
    assert "share of structure lost" in rows["Health of cameras"]
    assert {"person-sized movers", "people", "vehicles", "boats"} <= set(rows["Cameras"])
    assert not set(rows["Cameras"]) & set(rows["Health of cameras"])


def test_the_worst_of_a_measure_is_shown_whichever_side_that_is(site: Site) -> None:
    asked = dict(queries(json.loads(render(site, "en"))))

    assert [
        asked[f"{name} A"].partition("(")[0] for name in ("sharpness by what is usual", "share of structure lost", "people")
    ] == [
        "SELECT min",
        "SELECT max",
        "SELECT max",
    ]


def test_an_outlook_stands_in_a_table_of_its_own(filled: InfluxStore, site: Site) -> None:
    (query,) = (query for name, query in queries(json.loads(render(site, "en"))) if name.startswith("Outlooks"))
    assert [one["tags"]["rule"] for one in filled.pipe.query(query)] == ["outlook:do-low"]


def test_a_class_has_its_numeral_and_never_its_number(site: Site) -> None:
    (panel,) = (panel for panel in panels(json.loads(render(site, "zh"))) if panel["type"] == "state-timeline")
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
    said = {value: shown["text"] for value, shown in mapping["options"].items()}
    assert said == {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "劣V"}


def test_the_doubted_readings_of_a_series_are_counted(filled: InfluxStore, site: Site) -> None:
    by_name = dict(queries(json.loads(render(site, "en"))))
    found = filled.pipe.query(as_grafana(by_name["Doubted readings of each series A"], "", ""))
    (oxygen,) = (one for one in found if one["tags"] == {"station": "franklin", "quantity": "do"})
    assert oxygen["values"][0][1] == 16


def test_the_course_and_its_doubted_readings_are_the_stations_own(filled: InfluxStore, site: Site) -> None:
    by_name = dict(queries(json.loads(render(site, "en"))))
    (course,) = filled.pipe.query(as_grafana(by_name["dissolved oxygen A"], "franklin", ""))
    (doubted,) = filled.pipe.query(as_grafana(by_name["dissolved oxygen B"], "franklin", ""))
    assert course["tags"] == {"station": "franklin"}
    assert [value for _, value in course["values"]][1:3] == pytest.approx([7.0, 12.0])
    assert [value for _, value in doubted["values"]] == [float(m) for m in range(40) if m % 5 in {3, 4}]


def test_render_writes_a_file_named_after_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site: Site
) -> None:
    monkeypatch.setenv("RIVERWATCH_SITE", str(ROOT / "sites" / "qinghe"))
    assert cli.main(["boards", "render", "--out", str(tmp_path / "boards"), "--language", "en", "--json"]) == 0
    file = Path(json.loads(capsys.readouterr().out)["file"])
    assert file == tmp_path / "boards" / f"{uid(site)}.json"
    assert json.loads(file.read_text(encoding="utf-8"))["uid"] == uid(site)


@pytest.fixture
def grafana(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[dict]]]:
    """A double of Grafana's one call, since Grafana itself cannot be had here; it answers with the status asked for."""
    said: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said.append({"path": self.path, "token": self.headers["Authorization"], **body})
            self.send_response(request.param)
            self.end_headers()
            self.wfile.write(b'{"url":"/d/x"}')

        def log_message(self, *_said: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", said
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("grafana", [200], indirect=True)
def test_push_hands_the_board_over(grafana: tuple[str, list[dict]], site: Site) -> None:
    url, said = grafana
    assert push(url, "t", render(site, "en")) == f"{url}d/x"
    assert (said[0]["path"], said[0]["token"], said[0]["overwrite"]) == ("/api/dashboards/db", "Bearer t", True)
    assert said[0]["dashboard"]["uid"] == uid(site)


@pytest.mark.parametrize(
    ("grafana", "failure"), [(401, Unreachable), (403, Unreachable), (502, Unreachable), (412, Refused)], indirect=["grafana"]
)
def test_push_says_why_it_failed(grafana: tuple[str, list[dict]], site: Site, failure: type[Exception]) -> None:
    with pytest.raises(failure, match="Grafana"):
        push(grafana[0], "t", render(site, "en"))


def test_push_without_a_token_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RIVERWATCH_SITE", str(ROOT / "sites" / "qinghe"))
    monkeypatch.delenv("GRAFANA_TOKEN", raising=False)
    assert cli.main(["boards", "push", "--grafana", "http://127.0.0.1:1"]) == 1
    assert "GRAFANA_TOKEN" in capsys.readouterr().err
