"""`riverwatch status`: one look at the whole, for people and for programs."""

import json
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged, Outcome
from storage.processes import FILE, Process, write
from storage.series import open_store
from streams.cli import main

SITE = Path(__file__).resolve().parents[3] / "sites" / "qinghe"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RIVERWATCH_SITE", str(SITE))
    monkeypatch.setenv("RIVERWATCH_DATA", str(tmp_path))
    return tmp_path


def test_a_quiet_stack_is_well(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data / FILE, [Process(name="bridge", state="running", pid=7)])

    assert main(["status", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert said["processes"] == [{"name": "bridge", "state": "running", "pid": 7, "restarts": 0, "since": None, "message": ""}]
    assert (said["site"], said["newest_age"], said["received"], said["ledger_closes"], said["well"]) == (
        "qinghe", None, 0, True, True,
    )  # fmt: skip


def test_a_part_that_does_not_run_is_named_and_is_not_well(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data / FILE, [Process(name="bridge", state="running"), Process(name="worker", state="restarting")])

    assert main(["status"]) == 1

    said = capsys.readouterr().out
    assert "processes  bridge running, worker restarting\n" in said
    assert "no reading yet" in said


def test_the_newest_reading_has_an_age(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(f"sqlite:///{data}/series.db")
    readings = Batch.of([("franklin/do", 1_700_000_000_000_000_000, 8.0)])
    good, none, live = (np.full(1, one, kind) for one, kind in ((1, np.uint8), (0, np.uint16), (Outcome.JUDGED, np.uint8)))
    store.write(Judged(readings=readings, flag=good, tests=none, outcome=live))
    store.close()

    main(["status"])

    assert "in 1 series, the newest " in capsys.readouterr().out
