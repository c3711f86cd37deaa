"""The pool on real child processes, and `riverwatch look` on a real film."""

import asyncio
import csv
import time
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from detectors.domain.site import Camera, Site, Title, Zone
from detectors.vision import Watcher
from detectors.vision.picture import decode
from simulators.camera import Camera as Film
from simulators.incidents import Incident, Kind
from storage.registry import load
from streams.cli import main
from streams.eyes import Eyes, Fate, Sight
from tests.unit.detectors.vision.frames import jpeg, scenery
from tests.unit.detectors.vision.scene import COLUMNS, SECOND, Scene

ROOT = Path(__file__).resolve().parents[2]
WHOLE = Zone(name="whole", kind="closed", corners=((0, 0), (1, 0), (1, 1), (0, 1)))
SITE = Site(
    name="river",
    title=Title(zh="河", en="river"),
    cameras={name: Camera(name=name, zones=(WHOLE,)) for name in ("gate", "bank", "weir", "lock")},
)


async def test_a_frame_is_looked_at_and_gives_its_series() -> None:
    async with Eyes(SITE) as eyes:
        now = time.time_ns()
        sight = await eyes.offer("gate", now - 5, now, jpeg(scenery()))
    assert (sight.camera, sight.at, sight.got, sight.fate, sight.skipped) == ("gate", now - 5, now, Fate.LOOKED, 0)
    assert {series for series, _, _ in sight.rows()} >= {"gate/motion", "gate/motion.whole", "gate/brightness", "gate/sharpness"}


async def test_the_newest_frame_wins_and_every_frame_has_one_end() -> None:
    called: list[Sight] = []
    async with Eyes(SITE, workers=2) as eyes:
        ends = [
            eyes.offer(camera, i, time.time_ns(), jpeg(scenery()), called.append)
            for i in range(20)
            for camera in ("gate", "bank", "weir")
        ]
        sights = await asyncio.gather(*ends)
        await asyncio.sleep(0)
    assert sorted(called, key=id) == sorted(sights, key=id)
    for camera in ("gate", "bank", "weir"):
        mine = [sight for sight in sights if sight.camera == camera]
        looked = [sight for sight in mine if sight.fate is Fate.LOOKED]
        assert looked[-1].at == 19, "the newest is looked at"
        assert {sight.reason for sight in mine if sight.fate is Fate.SKIPPED} == {"a newer frame came"}
        assert sum(sight.skipped for sight in looked) + len(looked) == len(mine) == 20


@pytest.mark.parametrize(
    ("camera", "data", "reason"),
    [
        pytest.param("nobody", jpeg(scenery()), "does not know", id="of an unknown camera"),
        pytest.param("gate", b"hello", "not a JPEG", id="no picture"),
        pytest.param("gate", jpeg(scenery())[:-9], "cut off", id="cut off"),
    ],
)
async def test_what_is_refused_displaces_nothing(camera: str, data: bytes, reason: str) -> None:
    async with Eyes(SITE) as eyes:
        good = eyes.offer("gate", 1, time.time_ns(), jpeg(scenery()))
        bad = eyes.offer(camera, 2, time.time_ns(), data)
        assert bad.done()
        assert (bad.result().fate, reason in bad.result().reason) == (Fate.REFUSED, True)
        assert (await good).fate is Fate.LOOKED


async def test_a_frame_too_old_is_skipped_and_counted() -> None:
    async with Eyes(SITE, oldest=5.0) as eyes:
        old = await eyes.offer("gate", 1, time.time_ns() - 6 * SECOND, jpeg(scenery()))
        new = await eyes.offer("gate", 2, time.time_ns(), jpeg(scenery()))
    assert (old.fate, old.reason) == (Fate.SKIPPED, "older than 5 s")
    assert (new.fate, new.skipped) == (Fate.LOOKED, 1)


async def test_people_are_counted_by_the_child_as_by_the_watcher() -> None:
    scene = Scene()
    async with Eyes(SITE) as eyes:
        said = []
        for i in range(30):
            people = [(20 + 12 * (i - 18), 150)] if i >= 18 else []
            said.append(await eyes.offer("gate", i * SECOND // 2, time.time_ns(), jpeg(scene.picture(*people))))
    assert [sight.measures.get("movers") for sight in said[20:]] == [1.0] * 10


def test_the_demo_sees_who_walks_on_its_lawn_and_nobody_else() -> None:
    """Two and a half rounds of the demo's film without an incident, then one with."""
    camera = load(ROOT / "sites" / "qinghe").cameras["gatecam"]
    film = Film(name="gatecam", start=0, closed=next(zone.corners for zone in camera.zones if zone.name == "closed"))
    since, until = 125 * SECOND, 155 * SECOND
    trespasser = Incident(id="1", kind=Kind.PERSON, station="gatecam", quantities=(), since=since, until=until)
    watcher, said = Watcher(camera), {}
    for at in range(0, until, SECOND // 2):
        said[at] = watcher.look(decode(film.frame(at, (trespasser,))), at)
    assert {said[at]["movers.closed"] for at in said if 10 * SECOND < at < since} == {0}
    assert {said[at]["movers.closed"] for at in said if at > since + 3 * SECOND} == {1}
    assert max(said[at]["movers.path"] for at in said if at > 10 * SECOND) >= 3


async def test_stopping_leaves_no_child_and_gives_waiting_frames_no_end() -> None:
    eyes = Eyes(SITE)
    await eyes.start()
    await eyes.offer("gate", 1, time.time_ns(), jpeg(scenery()))
    waiting = [eyes.offer(camera, 2, time.time_ns(), jpeg(scenery())) for camera in ("gate", "bank", "weir")]
    await eyes.stop()
    assert all(end.cancelled() for end in waiting)
    assert [child for child in psutil.Process().children() if "streams.eyes.child" in " ".join(child.cmdline())] == []


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Four seconds of an empty view, then someone crosses; 10 frames a second."""
    scene, path = Scene(), tmp_path / "crossing.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (COLUMNS, 240))
    for i in range(120):
        writer.write(scene.picture((20 + 4 * (i - 60), 150)) if i >= 60 else scene.picture())
    writer.release()
    return path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> str:
    """A site with one camera, without a folder."""
    monkeypatch.setattr("streams.commands.look.load", lambda _folder: SITE)
    return "anywhere"


def test_look_writes_measures_film_boxes_and_masks(film: Path, site: str, tmp_path: Path) -> None:
    out, boxes, masks = tmp_path / "out", tmp_path / "boxes.txt", tmp_path / "masks"
    said = [
        "look",
        str(film),
        "--camera",
        "gate",
        "--site",
        site,
        "--out",
        str(out),
        "--boxes",
        str(boxes),
        "--masks",
        str(masks),
    ]
    assert main([*said, "--start", "2026-01-02T03:04:05Z"]) == 0
    with (out / "measures.csv").open() as sheet:
        rows = [row for row in csv.DictReader(sheet) if row["series"] == "gate/movers.whole"]
    assert rows[0]["at"].startswith("2026-01-02T03:04:0")
    assert [float(row["value"]) for row in rows[-50:]] == [1.0] * 50
    assert len(list(masks.iterdir())) == 120
    mask = cv2.imread(str(masks / "000100.png"), cv2.IMREAD_UNCHANGED)
    assert (mask.shape, set(np.unique(mask))) == ((240, COLUMNS), {0, 255})
    last = [float(field) for field in boxes.read_text().splitlines()[-1].split(",")]
    assert last[0] == 120
    assert last[2:6] == pytest.approx([20 + 4 * 59 - 7, 114, 14, 36], abs=3)
    assert (out / "annotated.mp4").stat().st_size > 10_000


def test_look_at_a_folder_gives_the_same_measures_on_standard_output(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    scene = Scene()
    for i in range(5):
        cv2.imwrite(str(tmp_path / f"{i:03d}.png"), scene.picture())
    (tmp_path / "002.png").write_bytes(b"broken")
    assert main(["look", str(tmp_path), "--camera", "gate", "--site", site, "--fps", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "series,at,value,mark"
    assert "\ngate/motion.whole,1970-01-01T00:00:02.000Z," in said.out
    assert said.err == "refused: 002: not a PNG: b'broken'\n"


@pytest.mark.parametrize(
    ("video", "camera", "sentence"),
    [
        ("nowhere.avi", "gate", "there is no such film"),
        ("text.avi", "gate", "not a film that can be opened"),
        ("text.avi", "moon", "no camera of that name in the site; there are: gate, bank"),
    ],
)
@pytest.mark.usefixtures("site")
def test_look_says_what_is_wrong(video: str, camera: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "text.avi").write_text("no film")
    assert main(["look", str(tmp_path / video), "--camera", camera]) == 1
    assert sentence in capsys.readouterr().err
