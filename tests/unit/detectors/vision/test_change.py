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

Change = Callable[[Picture], Picture]
LAWN = Zone(name="lawn", kind="bank", corners=((0.15, 0.6), (0.4, 0.6), (0.4, 0.85), (0.15, 0.85)))
WALL = Zone(name="wall", kind="building", corners=((0.44, 0.14), (0.53, 0.14), (0.53, 0.25), (0.44, 0.25)))


@pytest.fixture(scope="module")
def film(shared: Path) -> list[Picture]:
    """Pictures of vtest.avi, a second apart."""
    return [shrink(picture) for picture in frames(shared / "realdata" / "video" / "vtest.avi", 795, 10)]


def changes(film: list[Picture], change: Change, count: int = 25, reference: bytes = b"") -> dict[str, float]:
    """What is said at last of changed pictures that are held against the first one, or another reference."""
    watcher = Watcher(Camera(name="c", zones=(LAWN, WALL), reference=reference or jpeg(film[0])))
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


def shadow(picture: Picture) -> Picture:
    """The shadow of a house, with sharp rims, falls over the lawn and the wall; what is left of the light is bluer."""
    picture[30:220, 90:160] = (picture[30:220, 90:160] * np.array((0.58, 0.5, 0.46))).astype(np.uint8)
    return picture


def low_sun(picture: Picture) -> Picture:
    """Light from one side."""
    return (picture * np.linspace(0.4, 1.1, picture.shape[1])[None, :, None]).clip(0, 255).astype(np.uint8)


def infrared(picture: Picture) -> Picture:
    """A camera that has switched its lamp on."""
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture, id="people who pass"),
        pytest.param(shadow, id="shadows with sharp rims"),
        pytest.param(low_sun, id="a low sun"),
        pytest.param(lambda picture: tone(picture, 1.6), id="a darker tone curve"),
        pytest.param(lambda picture: tone(picture, 0.6), id="a brighter tone curve"),
        pytest.param(lambda picture: picture // 2, id="half the light"),
        pytest.param(nudged, id="a camera that was nudged"),
    ],
)
def test_nothing_has_changed(film: list[Picture], change: Change) -> None:
    assert max(changes(film, change).values()) < 1


@pytest.mark.parametrize("change", [lambda picture: picture, lambda picture: nudged(tone(picture, 1.4)), shadow, low_sun])
def test_what_was_built_has(film: list[Picture], change: Change) -> None:
    assert changes(film, lambda picture: change(shed(picture)))["change.lawn"] > 15
    assert changes(film, lambda picture: change(door(picture)))["change.wall"] > 15


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: np.ascontiguousarray(picture[::-1, ::-1]), id="another place"),
        pytest.param(lambda picture: np.roll(picture, 45, axis=1), id="a camera that was turned away"),
        pytest.param(np.zeros_like, id="night"),
        pytest.param(lambda picture: picture // 12, id="too little light"),
        pytest.param(infrared, id="a picture that has lost its colours"),
    ],
)
def test_what_cannot_be_laid_on_the_reference_says_nothing(film: list[Picture], change: Change) -> None:
    assert changes(film, change) == {}


def test_what_is_on_a_new_reference_is_no_change_and_its_end_is_one(film: list[Picture]) -> None:
    anew = jpeg(shed(film[0].copy()))
    assert max(changes(film, shed, reference=anew).values()) < 1
    assert changes(film, lambda picture: picture, reference=anew)["change.lawn"] > 15


def test_a_zone_in_the_dark_is_passed_over_and_one_under_a_lamp_is_not(film: list[Picture]) -> None:
    def lamp(picture: Picture) -> Picture:
        """The upper part is lit, the lawn is not."""
        return (picture * np.clip(np.linspace(1.2, -0.6, picture.shape[0]), 0.03, 1)[:, None, None]).astype(np.uint8)

    said = changes(film, lambda picture: lamp(door(picture)))
    assert said["change.wall"] > 15
    assert "change.lawn" not in said


def test_nothing_is_said_until_there_is_a_mean_and_without_a_reference(film: list[Picture]) -> None:
    assert changes(film, shed, count=15) == {}
    assert not any(name.startswith("change") for name in Watcher(Camera(name="c", zones=(WALL,))).look(film[0], 0))
