"""riverwatch trace: the same that the event's page shows, at the command line."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Level, Turn, event_id
from detectors.domain.judged import Judged
from storage.casebook import Casebook
from storage.registry import load
from storage.series import open_store
from streams.cli import main

QINGHE = Path(__file__).resolve().parents[3] / "sites" / "qinghe"
S = 1_000_000_000
SINCE = 1_700_000_000 * S


def an_event(series: str, since: int, matter: str = "pollution", **changes: object) -> GridEvent:
    station, _, quantity = series.partition("/")
    return GridEvent(
        id=event_id("limit:x", series, since), turn=Turn.RAISED, rule="limit:x", matter=matter, level=Level.WARNING,
        series=series, station=station, quantity=quantity, since=since, at=since, value=9.0, limit=5.0, code="", standard="",
        cell="", reach="",
        tell=True, **changes,
    )  # type: ignore[arg-type]  # fmt: skip


def said(series: str, values: dict[int, float], flag: int = 1) -> Judged:
    readings = Batch.of([(series, SINCE + second * S, value) for second, value in values.items()])
    n = len(readings)
    return Judged(readings=readings, flag=np.full(n, flag, np.uint8), tests=np.zeros(n, np.uint16), outcome=np.zeros(n, np.uint8))


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Casebook:
    """The demo site's casebook, and a store in which the outfall was high and the station above clean."""
    for name, value in (("SITE", QINGHE), ("DATA", tmp_path)):
        monkeypatch.setenv(f"RIVERWATCH_{name}", str(value))
    store = open_store(f"sqlite:///{tmp_path}/series.db")
    store.write(said("changlong/nh3n", {-3600: 40.0}))
    store.write(said("waterlab/do", dict.fromkeys(range(-300, 0, 10), 9.0)))
    store.write(said("waterlab/do", {-62: 1.0}, flag=4))
    store.write(said("mainstreet/stage", {-5: 70.0}))
    store.close()
    return Casebook(f"sqlite:///{tmp_path}/casebook.db", load(QINGHE))


def test_the_outfall_that_was_high_is_named_first_and_the_arithmetic_stands_beside_it(
    book: Casebook, capsys: pytest.CaptureFixture[str]
) -> None:
    event = msgspec.structs.replace(an_event("mainstreet/do", SINCE, facts={"factor": "do"}), value=3.0)
    book.take(event)

    assert main(["trace", event.id[:6], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["station"] for one in found["suspects"]] == ["changlong", "tank1"]
    assert [term["case"] for term in found["suspects"][0]["terms"]] == ["likely", "beyond", "related", "metres"]
    assert [(one["station"], one["said"]) for one in found["witnesses"]] == [("waterlab", "clean")]
    assert found["suspects"][0]["score"] > 0.8

    assert main(["trace", event.id[:6]]) == 0
    text = capsys.readouterr().out
    assert "mainstreet do since 2023-11-15 06:13:20" not in text
    assert "mainstreet do since 11-15 06:13:20 (Asia/Shanghai)" in text
    assert "1. changlong: 0.8" in text
    assert "waterlab: clean while this water passed" in text


def test_what_goes_down_the_river_is_told_with_its_joint_event(book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
    for event in (an_event("waterlab/multiple.do", SINCE), an_event("mainstreet/multiple.do", SINCE + 60 * S)):
        book.take(event)

    assert main(["trace", event_id("limit:x", "waterlab/multiple.do", SINCE)]) == 0

    text = capsys.readouterr().out
    assert "below    mainstreet: expected 11-15 06:14:24" in text
    assert "joint    waterlab multiple.do 11-15 06:13:20, mainstreet multiple.do 11-15 06:14:20" in text


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        pytest.param(an_event("mainstreet/do", SINCE, "instrument"), "no water carries it", id="an instrument"),
        pytest.param(an_event("gatecam/movers", SINCE), "no water carries it", id="a camera"),
        pytest.param(an_event("nowhere/do", SINCE), "no water carries it", id="a station that the site does not know"),
    ],
)
def test_what_no_water_carries_is_refused(
    event: GridEvent, reason: str, book: Casebook, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says why, and ends with 1."""
    book.take(event)

    assert main(["trace", event.id]) == 1
    assert reason in capsys.readouterr().err


def test_an_id_that_nobody_or_several_have_is_refused(book: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
    book.take(an_event("mainstreet/do", SINCE))
    book.take(an_event("mainstreet/do", SINCE + 1))

    assert main(["trace", "zzz"]) == 1
    assert "no such episode" in capsys.readouterr().err
    assert main(["trace", ""]) == 1
    assert "2 episodes begin so" in capsys.readouterr().err
