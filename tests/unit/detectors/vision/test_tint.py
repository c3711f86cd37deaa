"""Water of another colour is told from water in another light, and foam from glitter."""

from collections.abc import Callable

import numpy as np
import pytest

from detectors.domain.site import Camera, Zone
from detectors.vision.background import Seen
from detectors.vision.picture import Picture
from detectors.vision.tint import BEAT, DAY, YOUNG, Tint
from detectors.vision.view import Glance, Measures, View
from tests.unit.detectors.vision.scene import CAMERA, COLUMNS, LINES, SECOND, Scene

MOUTH = Zone(name="mouth", kind="outfall", corners=((0.3, 0.4), (0.7, 0.4), (0.7, 0.9), (0.3, 0.9)))
OUTFALL = Camera(name="outfall", zones=(MOUTH,))
WHOLE = Camera(name="outfall", zones=(Zone(name="mouth", kind="outfall", corners=((0, 0), (1, 0), (1, 1), (0, 1))),))
PLACE = np.s_[96:217, 96:224]
CLEAR, DYED = (70, 90, 60), (60, 60, 110)  # blue, green, red


def river(scene: Scene, colour: tuple[int, int, int] = CLEAR, light: float = 1.0) -> Picture:
    """A picture with water at the outfall."""
    picture = scene.picture().astype(np.float32)
    picture[PLACE] = np.array(colour) + 4 * (picture[PLACE] / 255 - 0.5)
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def said(pictures: list[Picture], step: float = BEAT, camera: Camera = OUTFALL) -> list[Measures]:
    """What is measured of pictures that follow a minute of clear water."""
    scene, sense = Scene(), Tint(View.of(camera, LINES, COLUMNS))
    nothing = Seen(np.zeros((LINES, COLUMNS), np.uint8), 0.0, settled=True)
    found = []
    for i, picture in enumerate([river(scene) for _ in range(YOUNG)] + pictures):
        elapsed = 0.0 if not i else BEAT if i < YOUNG else step
        found.append(sense.measure(Glance(i * SECOND, elapsed, picture, picture, picture[..., 0], nothing)))
    assert not any(found[:YOUNG])
    return found[YOUNG:]


def test_dyed_water_is_far_from_its_usual_colour_and_stays_so() -> None:
    scene = Scene(7)
    found = said([river(scene) for _ in range(5)] + [river(scene, DYED) for _ in range(60)])
    assert max(one["tint.mouth"] for one in found[:5]) < 2
    assert min(one["tint.mouth"] for one in found[5:]) > 30


@pytest.mark.parametrize("light", [0.5, 0.75, 1.3])
def test_other_light_is_no_other_colour(light: float) -> None:
    assert max(one["tint.mouth"] for one in said([river(Scene(7), light=light) for _ in range(5)])) < 5


def test_colours_that_go_slowly_are_followed() -> None:
    scene = Scene(7)
    drift = [river(scene, (70 + i, 90, 60 + i)) for i in range(40)]
    assert max(one["tint.mouth"] for one in said(drift, step=1800)) < 10


def test_another_colour_is_the_usual_one_after_a_day() -> None:
    scene = Scene(7)
    found = said([river(scene, DYED) for _ in range(10 + YOUNG + 2)], step=DAY / 10)
    assert found[9]["tint.mouth"] > 30
    assert found[12] == {}
    assert found[-1]["tint.mouth"] < 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: np.repeat(picture[..., 1:2], 3, axis=2), id="infrared"),
        pytest.param(lambda picture: picture // 8, id="night"),
    ],
)
def test_pictures_without_colour_say_nothing(change: Callable[[Picture], Picture]) -> None:
    assert said([change(river(Scene(7)))]) == [{}]


def test_dark_water_has_no_colour() -> None:
    assert said([river(Scene(7), (9, 12, 8))]) == [{}]


def foamy(picture: Picture, left: int) -> Picture:
    """The picture with white on a quarter of the zone."""
    picture[96:217, left : left + 32] = (225, 235, 230)
    return picture


def test_foam_stays_and_glitter_does_not() -> None:
    scene = Scene(7)
    foam = said([foamy(river(scene), 110) for _ in range(4)])
    glitter = said([foamy(river(scene), (96, 140, 180)[i % 3]) for i in range(6)])
    assert [one["foam.mouth"] for one in foam[1:]] == [pytest.approx(25, abs=1)] * 3
    assert max(one["foam.mouth"] for one in glitter[1:]) == 0


def test_between_two_looks_the_last_word_holds() -> None:
    scene = Scene(7)
    found = said([river(scene), river(scene, DYED), river(scene, DYED)], step=BEAT * 0.75)
    assert [one.get("tint.mouth", 0) > 30 for one in found] == [False, True, True]


def test_only_outfalls_are_looked_at_and_a_zone_leaves_something_around_it() -> None:
    picture = river(Scene(7))
    nothing = Seen(np.zeros((LINES, COLUMNS), np.uint8), 0.0, settled=True)
    glance = Glance(0, 0.0, picture, picture, picture[..., 0], nothing)
    assert Tint(View.of(CAMERA, LINES, COLUMNS)).measure(glance) == {}
    assert said([picture], camera=WHOLE) == [{}]
