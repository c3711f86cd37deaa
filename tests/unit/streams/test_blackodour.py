"""riverwatch blackodour: the same grades from a recording and from the store."""

import shutil
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.judged import Judged
from storage.series.sqlite import SqliteStore
from streams.cli import main

ROOT = Path(__file__).resolve().parents[3]
SECTIONS = """station,black_odorous,body,depth,source
mainstreet,y,臭水沟 | ditch,,here
franklin,y,臭水沟 | ditch,,here
waterlab,y,臭水沟 | ditch,100,here
"""
RIVER = ("franklin", "waterlab", "mainstreet")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "sites" / "qinghe", folder)
    (folder / "sections.csv").write_text(SECTIONS, encoding="utf-8")
    stations = (folder / "stations.csv").read_text(encoding="utf-8")
    (folder / "stations.csv").write_text(stations.replace("turb stage,", "turb stage transparency,"), encoding="utf-8")
    return folder


ROWS = [(name, f"2026-05-0{day}T08:00:00+08:00", 7.0) for day in range(1, 5) for name in RIVER]


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["blackodour", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_a_recording_is_graded(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ditch.csv"
    rows = [*ROWS, ("franklin", "2026-05-05T08:00:00+08:00", float("nan")), ("tank1", "2026-05-05T08:00:00+08:00", 1.0)]
    path.write_text(
        "series,at,value\n" + "".join(f"{name}/transparency,{at},{value}\n" for name, at, value in rows), encoding="utf-8"
    )

    (body,) = msgspec.json.decode(said(capsys, path, "--site", site, "--json"))
    assert (body["name"], body["grade"], body["few"]) == ("臭水沟 | ditch", 2, False)
    assert [(one["station"], one["grade"], one["stretch"]) for one in body["points"]] == [(name, 2, 2) for name in RIVER]
    assert [one["data"] for point in body["points"] for one in point["indicators"]] == [4, 4, 4]

    text = said(capsys, path, "--site", site)
    assert text.startswith("ditch: severe (3 of 3 points measured)\npoint ")
    assert "franklin    severe  severe   transparency 100% 100% of 4" in text


def test_the_store_is_graded_by_its_good_readings(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [round(datetime.fromisoformat(one).timestamp()) * 10**9 for _, one, _ in ROWS]
    batch = Batch.of([(f"{name}/transparency", when, value) for (name, _, value), when in zip(ROWS, at, strict=True)])
    zero, good = np.zeros(len(batch), np.uint8), [name != "waterlab" for name, _, _ in ROWS]
    store = SqliteStore(f"sqlite:///{tmp_path}/series.db")
    store.write(Judged(readings=batch, flag=np.where(good, 1, 4).astype(np.uint8), tests=zero.astype(np.uint16), outcome=zero))
    store.close()
    monkeypatch.setenv("RIVERWATCH_STORE", f"sqlite:///{tmp_path}/series.db")

    text = said(capsys, "--site", site, "--from", "2026-05-01", "--to", "2026-05-05")

    assert text.startswith("ditch: severe (2 of 3 points measured; fewer points or data than the guide asks for)\n")
    assert "waterlab    -       -        -" in text
    assert "ditch: - (0 of 3" in said(capsys, "--site", site, "--to", "2026-01-01")


def test_a_site_that_watches_none_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["blackodour", "--site", str(ROOT / "sites" / "qinghe")]) == 1
    assert "no black-odorous water" in capsys.readouterr().err
