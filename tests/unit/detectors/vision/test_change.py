"""What was built is a change against the reference picture; light, people and a camera that was nudged are none."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.site import Camera, Zone
from detectors.vision import Watcher
from detectors.vision.change import BEAT, ROUND
from detectors.vision.picture import Picture, shrink
from tests.unit.detectors.vision.frames import jpeg
from tests.unit.detectors.vision.scene import SECOND
from tests.unit.detectors.vision.test_fire import frames
from tests.unit.detectors.vision.test_left import tone

LAWN = Zone(name="lawn", kind="bank", corners=((0.15, 0.6), (0.4, 0.6), (0.4, 0.85), (0.15, 0.85)))
WALL = Zone(name="wall", kind="building", corners=((0.44, 0.14), (0.53, 0.14), (0.53, 0.25), (0.44, 0.25)))


@pytest.fixture(scope="module")
def film(shared: Path) -> list[Picture]:
    """Pictures of vtest.avi, a second apart."""
    return [shrink(picture) for picture in frames(shared / "realdata" / "video" / "vtest.avi", 795, 10)]


def changes(film: list[Picture], change: Callable[[Picture], Picture], count: int = 25) -> dict[str, float]:
    """What is said at last of changed pictures that are held against the first one."""
    watcher = Watcher(Camera(name="c", zones=(LAWN, WALL), reference=jpeg(film[0])))
    said: dict[str, float] = {}
    for i in range(count):
        said = watcher.look(change(film[20 + i].copy()), round(i * (BEAT + ROUND / 20) * SECOND))
    return {name: value for name, value in said.items() if name.startswith("change")}


def shed(picture: Picture) -> Picture:
    """A shed on the lawn."""
    picture[150:190, 60:110] = 90
    picture[150:156, 60:110] = 200
    return picture


def door(picture: Picture) -> Picture:
    """A door broken into the wall."""
    picture[40:56, 148:162] = 30
    picture[40:56, 154:156] = 130
    return picture


def nudged(picture: Picture) -> Picture:
    """The picture of a camera that was turned by a degree and pushed by a few pixels."""
    by = cv2.getRotationMatrix2D((160, 120), 1, 1.01)
    by[:, 2] += (5, -3)
    return np.asarray(cv2.warpAffine(picture, by, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture, id="people who pass"),
        pytest.param(lambda picture: tone(picture, 1.6), id="a darker tone curve"),
        pytest.param(lambda picture: tone(picture, 0.6), id="a brighter tone curve"),
        pytest.param(lambda picture: picture // 2, id="half the light"),
        pytest.param(nudged, id="a camera that was nudged"),
    ],
)
def test_nothing_has_changed(film: list[Picture], change: Callable[[Picture], Picture]) -> None:
    assert max(changes(film, change).values()) < 1


@pytest.mark.parametrize("change", [lambda picture: picture, lambda picture: nudged(tone(picture, 1.4))])
def test_what_was_built_has(film: list[Picture], change: Callable[[Picture], Picture]) -> None:
    assert changes(film, lambda picture: change(shed(picture)))["change.lawn"] > 15
    assert changes(film, lambda picture: change(door(picture)))["change.wall"] > 15


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: np.ascontiguousarray(picture[::-1, ::-1]), id="another place"),
        pytest.param(lambda picture: np.roll(picture, 45, axis=1), id="a camera that was turned away"),
        pytest.param(np.zeros_like, id="night"),
    ],
)
def test_what_cannot_be_laid_on_the_reference_says_nothing(film: list[Picture], change: Callable[[Picture], Picture]) -> None:
    assert changes(film, change) == {}


def test_nothing_is_said_until_there_is_a_mean_and_without_a_reference(film: list[Picture]) -> None:
    assert changes(film, shed, count=15) == {}
    assert not any(name.startswith("change") for name in Watcher(Camera(name="c", zones=(WALL,))).look(film[0], 0))
