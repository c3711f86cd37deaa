"""What makes a camera sick is seen on its picture, and what is only weather or night is not."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.domain.signs import is_sick, limits, muted, signs
from detectors.domain.site import Limit
from detectors.vision import Look, Watcher
from detectors.vision.background import Seen
from detectors.vision.health import DAY, Health
from detectors.vision.picture import Picture
from detectors.vision.view import Glance, View
from tests.unit.detectors.vision.scene import CAMERA, COLUMNS, LINES, SECOND, Scene

NEWER = 24  # pictures, half a second apart, before anything happens


def blocks(seed: int = 3) -> Scene:
    """A scene with edges: houses, banks, poles."""
    scene, random = Scene(seed), np.random.default_rng(seed)
    for _ in range(60):
        left, top = random.integers(0, COLUMNS - 30), random.integers(0, LINES - 30)
        cv2.rectangle(scene.view, (int(left), int(top)), (int(left) + 25, int(top) + 20), random.uniform(30, 220, 3).tolist(), -1)
    return scene


def looks(change: Callable[[Picture], Picture], after: int = 6, step: float = 0.5) -> list[Look]:
    """What is said of pictures that are changed, after many that are not."""
    scene, watcher = blocks(), Watcher(CAMERA)
    for i in range(NEWER):
        watcher.examine(scene.picture(), i * SECOND // 2)
    began = NEWER * SECOND // 2
    return [watcher.examine(change(scene.picture()), began + round(i * step * SECOND)) for i in range(after)]


def shifted(right: float) -> Callable[[Picture], Picture]:
    """The picture of a camera that somebody pushed."""
    by = np.array([[1, 0, right], [0, 1, 0]], np.float32)
    return lambda picture: np.asarray(cv2.warpAffine(picture, by, picture.shape[1::-1], borderMode=cv2.BORDER_REFLECT), np.uint8)


def lit(gain: float, offset: float = 0.0) -> Callable[[Picture], Picture]:
    """The picture in another light."""
    return lambda picture: np.asarray(cv2.convertScaleAbs(picture, alpha=gain, beta=offset), np.uint8)


def smeared(picture: Picture) -> Picture:
    """The picture of a lens out of focus."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 4), np.uint8)


def covered(picture: Picture) -> Picture:
    """The picture with a bag over nine tenths of it."""
    hidden = picture.copy()
    hidden[:, : int(0.9 * picture.shape[1])] = 60
    return hidden


def turned(picture: Picture) -> Picture:
    """Another place."""
    return np.ascontiguousarray(picture[::-1, ::-1])


def glance(picture: Picture, second: int, elapsed: float) -> Glance:
    """A picture alone, without what moves on it."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return Glance(second * SECOND, elapsed, picture, picture, grey, Seen(np.zeros_like(grey), 0.0, settled=True))


def shown(look: Look) -> set[str]:
    """The signs that a picture's measures have."""
    return {sign.limit.name for sign in signs() if sign.shows(look.measures)}


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        pytest.param(lit(0.05), "camera-dark", id="night without a lamp"),
        pytest.param(lit(2.0, 120), "camera-glare", id="a lamp in the lens"),
        pytest.param(smeared, "camera-blurred", id="out of focus"),
        pytest.param(covered, "camera-covered", id="a bag over it"),
        pytest.param(shifted(16), "camera-moved", id="pushed by a twentieth of the width"),
        pytest.param(turned, "camera-turned", id="turned to another place"),
    ],
)
def test_a_sick_camera_shows_its_sign_and_mutes_the_rest(change: Callable[[Picture], Picture], sign: str) -> None:
    last = looks(change)[-1]
    assert sign in shown(last)
    assert {"motion", "motion.left"} <= set(last.muted)
    assert not {"brightness", "glare", "focus", "still", "cover", "view"} & set(last.muted)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture, id="nothing"),
        pytest.param(lit(0.4), id="dusk"),
        pytest.param(lit(1.3), id="the sun comes out"),
        pytest.param(shifted(3), id="a gust"),
        pytest.param(lambda picture: cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), id="infrared"),
    ],
)
def test_a_well_camera_has_no_sign(change: Callable[[Picture], Picture]) -> None:
    for look in looks(change):
        assert (shown(look), look.muted) == (set(), ())


def test_a_push_is_measured_in_percent_of_the_width() -> None:
    assert looks(shifted(16))[-1].measures["moved"] == pytest.approx(100 * 16 / COLUMNS, abs=0.3)


def test_a_picture_that_stays_the_same_grows_still_and_any_noise_ends_it() -> None:
    scene, watcher = Scene(), Watcher(CAMERA)
    same = scene.picture()
    still = [watcher.look(same, i * 20 * SECOND)["still"] for i in range(5)]
    assert still == [0, 20, 40, 60, 80]
    assert "camera-frozen" in shown(watcher.examine(same, 100 * SECOND))
    assert watcher.look(scene.picture(), 120 * SECOND)["still"] == 0


@pytest.mark.parametrize("change", [pytest.param(turned, id="another place"), pytest.param(smeared, id="another focus")])
def test_what_lasts_a_day_is_the_view(change: Callable[[Picture], Picture]) -> None:
    scene, health, hour = blocks(), Health(View.of(CAMERA, LINES, COLUMNS)), 3600.0
    for i in range(NEWER):
        health.measure(glance(scene.picture(), i, 1.0))
    said = [is_sick(health.measure(glance(change(scene.picture()), NEWER + i, hour))) for i in range(24 + NEWER)]
    assert (said[0], said[22], said[-1]) == (True, True, False)
    assert 24 * hour == DAY


def test_a_camera_that_is_covered_from_the_start_says_so() -> None:
    scene, watcher = Scene(noise=0.5), Watcher(CAMERA)
    scene.view[:] = 120
    for i in range(NEWER):
        last = watcher.look(scene.picture(), i * SECOND // 2)
    assert last["cover"] > 90


def test_a_well_camera_mutes_nothing_and_a_wrong_clock_mutes_no_picture() -> None:
    assert muted({"motion": 5.0, "brightness": 0.5}) == ()
    assert muted({"motion": 5.0, "brightness": 0.5, "lag": 500.0}) == ()
    assert muted({"motion": 5.0, "brightness": 0.01, "lag": 0.1}) == ("motion",)


def test_every_camera_has_the_limits_of_the_signs_but_for_the_sites_own() -> None:
    own = Limit(name="camera-dark", series="gate/brightness", below=0.1, clear=0.2, matter="instrument")
    made = limits(("gate", "bank"), [own])
    assert len(made) == 2 * len(signs()) - 1
    assert {limit.matter for limit in made} == {"instrument"}
    assert "gate/brightness" not in {limit.series for limit in made}
