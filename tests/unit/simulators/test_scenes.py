"""Scenes: the same seed gives the same pictures, and each act is where its truth says."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Misconfigured, Refused
from detectors.domain.site import Camera, Zone
from simulators.camera import decoded
from simulators.incidents import Kind
from simulators.scenes import scene as scenes
from simulators.scenes.composing import Still, compose, referenced
from simulators.scenes.effects import EFFECTS
from simulators.scenes.looking import looked
from simulators.scenes.place import place
from simulators.scenes.scene import Scene
from simulators.tables import sorts
from storage.registry import load

HEAD = 'site = "qinghe"\ncamera = "gate"\nstart = "2026-05-04T09:00:00+08:00"\nseconds = 6\n'
LAWN = Zone(name="lawn", kind="bank", corners=((0.1, 0.6), (0.6, 0.6), (0.6, 0.9), (0.1, 0.9)))
GATE = Camera(name="gate", zones=(LAWN,))
WAY = "way = [[0.2, 0.9], [0.5, 0.9]]\n"


def written(folder: Path, text: str, head: str = HEAD) -> Scene:
    path = folder / "mine.toml"
    path.write_text(head + text, encoding="utf-8")
    return scenes.read(path)


def act(kind: str, more: str = "") -> str:
    return f'[[act]]\nkind = "{kind}"\nafter = 2\nlasts = 2\n{more}'


def played(scene: Scene, footage: Path | None = None) -> list[Still]:
    return list(compose(scene, scene.watched(GATE), footage))


def changed(one: Still, other: Still) -> np.ndarray:
    """How far two pictures are apart, pixel by pixel; noise is smoothed away."""
    apart = cv2.absdiff(decoded(one.jpeg), decoded(other.jpeg)).max(axis=2)
    return cv2.blur(apart, (5, 5)).astype(float)


def test_the_same_seed_gives_the_same_pictures(tmp_path: Path) -> None:
    one = written(tmp_path, act("litter", 'zone = "lawn"\n') + act("fire", 'zone = "lawn"\n'))
    assert played(one) == played(one)


@pytest.mark.parametrize("kind", [kind for kind in EFFECTS if kind not in {Kind.CLOUD, Kind.NIGHT, Kind.BLURRED, Kind.TURNED}])
def test_what_is_drawn_lies_in_its_box_and_nothing_else_changes(kind: Kind, tmp_path: Path) -> None:
    stills = played(written(tmp_path, act(kind, 'zone = "lawn"\nsize = 0.2\nstrength = 0.8\n' + WAY)))
    bare = played(written(tmp_path, ""))
    assert [bool(still.boxes) for still in stills] == [4 <= number < 8 for number in range(12)]
    (_, box) = stills[7].boxes[0]
    apart = changed(stills[7], bare[7])
    inside = np.zeros(apart.shape, bool)
    inside[
        max(0, int(box.top) - 9) : int(box.top + box.height) + 9, max(0, int(box.left) - 9) : int(box.left + box.width) + 9
    ] = True
    assert apart[inside].mean() > 8
    assert apart[~inside].max() < 12


@pytest.mark.parametrize("kind", ["cloud", "night", "blurred", "turned"])
def test_what_concerns_the_lens_changes_the_whole_picture(kind: str, tmp_path: Path) -> None:
    stills, bare = played(written(tmp_path, act(kind))), played(written(tmp_path, ""))
    assert changed(stills[6], bare[6]).mean() > 3
    assert changed(stills[9], bare[9]).max() < 12, "it is over"


def test_a_frozen_picture_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    stills = played(written(tmp_path, act("frozen")))
    assert len({still.jpeg for still in stills[3:8]}) == 1
    assert len({still.jpeg for still in stills}) == 8


def test_a_folder_of_pictures_is_footage_at_its_own_pace(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.mkdir()
    for number in range(15):
        cv2.imwrite(str(film / f"{number:02d}.png"), np.full((60, 80, 3), 16 * number, np.uint8))
    (film / "07.png").write_bytes(b"broken")
    grey = [round(float(decoded(still.jpeg).mean()) / 16) for still in played(written(tmp_path, ""), film)]
    assert grey[:4] == [0, 5, 11, 1], "ten pictures a second, two are wanted; a broken one is passed over"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(act("spill"), "no camera is shown 'spill'", id="what no camera sees"),
        pytest.param(act("ghost"), "'ghost' is not a valid Kind", id="what is unknown"),
        pytest.param(act("boat").replace("lasts = 2", "lasts = 0"), "0 is not above 0", id="what takes no time"),
        pytest.param('[[act]]\nkind = "boat"\n', "after is missing", id="what never begins"),
        pytest.param("[[act]", "TOMLDecodeError", id="no TOML"),
    ],
)
def test_a_scene_that_cannot_be_says_why(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as told:
        written(tmp_path, text)
    assert sentence in str(told.value)


def test_a_zone_that_the_camera_has_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="the camera gate has no zone pond"):
        written(tmp_path, act("boat", 'zone = "pond"\n')).watched(GATE)


def test_a_scene_keeps_the_picture_that_changes_are_measured_against_and_not_who_logs_in(tmp_path: Path) -> None:
    like, folder = Path(__file__).resolve().parents[3] / "sites" / "qinghe", tmp_path / "site"
    site, picture = load(like), played(written(tmp_path, ""))[0].jpeg
    camera = replace(site.cameras["gatecam"], source="rtsp://me:secret@h/1", reference=picture, reference_date="2026-05-01")
    place(folder, site, like, written(tmp_path, "").watched(camera), ())
    told = load(folder).cameras["gatecam"]
    assert (told.reference, told.reference_date, told.source) == (picture, "2026-05-01", "")


def test_the_reference_picture_is_the_footage_before_anything_happens(tmp_path: Path) -> None:
    scene = written(tmp_path, 'reference_date = "2026-05-01"\n' + act("hut", 'zone = "lawn"\n').replace("after = 2", "after = 0"))
    camera = referenced(scene, scene.watched(GATE))
    bare = played(written(tmp_path, ""))[0].jpeg
    assert (camera.reference, camera.reference_date) == (bare, "2026-05-01")
    assert referenced(written(tmp_path, ""), GATE) == GATE


ALTERED = """
reference_date = "2026-05-01"
fps = 0.5
[[act]]
kind = "{kind}"
zone = "lawn"
after = 2
lasts = 100
size = 0.2
[[act]]
kind = "cloud"
after = 20
lasts = 60
strength = 0.5
[[act]]
kind = "night"
after = 60
lasts = 40
strength = 0.4
"""


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        pytest.param("hut", 8, 60, id="a hut that is put up"),
        pytest.param("door", 8, 60, id="a door that is opened"),
        pytest.param("bank", 5, 60, id="a bank that is dug"),
        pytest.param("litter", 0, 1, id="a few crumbs, a cloud and the dusk are none"),
    ],
)
def test_what_alters_a_place_is_a_change_against_the_reference(kind: str, least: float, most: float, tmp_path: Path) -> None:
    text = ALTERED.format(kind=kind).replace("size = 0.2", "size = 0.2" if kind != "litter" else "size = 0.01")
    scene = written(tmp_path, text, HEAD.replace("seconds = 6", "seconds = 100"))
    camera = referenced(scene, scene.watched(GATE))
    rows = looked(((scene.at(still.number), still.jpeg) for still in compose(scene, camera)), camera)
    changed = [value for name, _, value, _ in rows if name == "gate/change.lawn"]
    assert least <= changed[-1] <= most


def test_footage_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such film"):
        played(written(tmp_path, ""), tmp_path / "nowhere.avi")


def test_every_kind_that_a_camera_is_shown_can_be_drawn() -> None:
    drawn = {kind for kind in Kind if sorts()[kind].cause in scenes.CAUSES}
    assert drawn == {*EFFECTS, Kind.FROZEN}
    assert drawn >= {act.kind for path in scenes.shipped().values() for act in scenes.read(path).acts}
