"""A thing left is timed until it is carried away; people, light, shadows and a camera that strays leave nothing."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.site import Camera, Zone
from detectors.vision.background import Seen
from detectors.vision.left import DAY, Left
from detectors.vision.picture import Picture, shrink
from detectors.vision.view import Glance, View
from tests.unit.detectors.vision.scene import CAMERA, COLUMNS, LINES, SECOND, Scene
from tests.unit.detectors.vision.test_fire import frames

WHOLE = ((0, 0), (1, 0), (1, 1), (0, 1))
BANK = Camera(name="bank", zones=(Zone(name="bank", kind="bank", corners=WHOLE),))
STEP = 2  # seconds between pictures


def left(pictures: list[Picture], step: float = STEP) -> list[float]:
    """Seconds, picture by picture."""
    lines, columns = pictures[0].shape[:2]
    sense = Left(View.of(BANK, lines, columns))
    nothing = Seen(np.zeros((lines, columns), np.uint8), 0.0, settled=True)
    glances = [
        Glance(round(i * step * SECOND), step if i else 0.0, picture, picture, picture[..., 0], nothing)
        for i, picture in enumerate(pictures)
    ]
    return [sense.measure(glance)["left.bank"] for glance in glances]


def sofa(picture: Picture, colour: tuple[int, int, int] = (30, 30, 160)) -> Picture:
    """The picture with a thing on the bank."""
    picture[150:174, 100:140] = colour
    return picture


def test_a_thing_is_timed_while_it_stands_and_forgotten_when_it_is_carried_away() -> None:
    scene = Scene()
    said = left([scene.picture() for _ in range(10)] + [sofa(scene.picture()) for _ in range(30)] + [scene.picture()] * 10)
    assert max(said[:12]) == 0
    assert said[39] == pytest.approx(30 * STEP, abs=8)
    assert said[-5:] == [0] * 5


def test_a_heap_that_grows_for_a_minute_is_timed_from_its_beginning() -> None:
    """Its border is where it was a while ago, and shows no edge until it has stopped."""
    scene = Scene()

    def heap(wide: int) -> Picture:
        picture = scene.picture()
        picture[150 - wide : 150 + wide, 120 - wide : 120 + wide] = (25, 70, 70)
        return picture

    said = left([scene.picture() for _ in range(10)] + [heap(2 + min(i, 30)) for i in range(60)])
    assert said[-1] > 60


def test_people_who_pass_before_it_do_not_end_it() -> None:
    scene = Scene()
    passing = [scene.picture((120, 170)) if i % 8 == 3 else sofa(scene.picture()) for i in range(40)]
    assert left([scene.picture() for _ in range(10)] + passing)[-1] == pytest.approx(40 * STEP, abs=14)


def test_a_thing_taken_away_leaves_nothing() -> None:
    scene = Scene()
    said = left([sofa(scene.picture()) for _ in range(10)] + [scene.picture() for _ in range(30)])
    assert max(said) == 0


def tone(picture: Picture, gamma: float) -> Picture:
    """The picture through another tone curve."""
    return np.asarray(cv2.LUT(picture, (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)), np.uint8)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda scene, _i: tone(scene.picture(), 1.6), id="another tone curve"),
        pytest.param(lambda scene, _i: scene.picture(light=0.6), id="less light"),
        pytest.param(lambda scene, _i: scene.shadow(120, 170), id="a shadow that stays"),
        pytest.param(lambda scene, _i: scene.picture(shake=(3, 2)), id="a camera that was nudged"),
        pytest.param(lambda scene, i: scene.picture((40 + 7 * i, 170)), id="somebody who walks"),
    ],
)
def test_nothing_is_left(change: Callable[[Scene, int], Picture]) -> None:
    scene = Scene()
    assert max(left([scene.picture() for _ in range(10)] + [change(scene, i) for i in range(30)])) < 20


def test_another_view_is_learnt_after_a_minute() -> None:
    scene, other = Scene(), Scene(seed=8)
    pictures = [scene.picture() for _ in range(10)] + [other.picture() for _ in range(45)]
    said = left(pictures + [sofa(other.picture()) for _ in range(20)])
    assert max(said[10:55]) == 0
    assert said[-1] > 20


def test_what_has_been_there_for_a_day_is_part_of_the_view() -> None:
    scene = Scene()
    said = left([scene.picture() for _ in range(4)] + [sofa(scene.picture()) for _ in range(30)], step=DAY / 20)
    assert max(said) > DAY / 2
    assert said[-1] == 0


def test_between_two_looks_the_last_word_holds() -> None:
    scene = Scene()
    said = left([scene.picture() for _ in range(40)] + [sofa(scene.picture()) for _ in range(100)], step=0.25)
    assert len(set(said)) < len(said) / 4 < len(said) * said[-1]


def test_a_zone_holds_what_has_its_foot_in_it_and_roads_alone_are_watched() -> None:
    scene = Scene()
    sense = Left(View.of(CAMERA, LINES, COLUMNS))
    nothing = Seen(np.zeros((LINES, COLUMNS), np.uint8), 0.0, settled=True)
    for i in range(25):
        picture = scene.picture() if i < 10 else sofa(scene.picture())
        said = sense.measure(Glance(i * STEP * SECOND, STEP, picture, picture, picture[..., 0], nothing))
    assert said["left.left"] > 10 > said["left.right"] == 0
    none = Left(View.of(Camera(name="c", zones=()), LINES, COLUMNS))
    assert none.measure(Glance(0, 0.0, picture, picture, picture[..., 0], nothing)) == {}


def crate(picture: Picture) -> Picture:
    """The lawn of vtest.avi with a crate on it."""
    cv2.rectangle(picture, (100, 170), (116, 186), (40, 60, 150), -1)
    cv2.rectangle(picture, (102, 174), (110, 180), (90, 160, 190), -1)
    return picture


def test_a_crate_on_a_lawn_that_people_cross_is_found_and_the_people_are_not(shared: Path) -> None:
    """vtest.avi shown at half its pace, a crate pasted in from its 40th second to its 110th."""
    film = [shrink(picture) for picture in frames(shared / "realdata" / "video" / "vtest.avi", 795, 10)]
    said = left([crate(picture) if 20 <= i < 55 else picture for i, picture in enumerate(film)])
    assert max(said[:20]) < 30
    assert said[54] == pytest.approx(70, abs=10)
    assert max(said[58:]) < 30
