"""What stands out against a view that moves, flickers and changes its light; truth is known to the pixel."""

import cv2
import numpy as np
import pytest

from detectors.vision.background import ABSORBED, LASTING, Background
from detectors.vision.outlines import outlined
from detectors.vision.picture import Mask, Picture
from detectors.vision.samples import Samples
from detectors.vision.steadying import rocks
from detectors.vision.unrest import HIGH, LOW, Unrest
from tests.unit.detectors.vision.scene import COLUMNS, LINES, TALL, WIDE, Scene

HALF = 0.5  # seconds between two pictures
FOOT = (100, 150)  # of a person


def warm(scene: Scene, frames: int = 24, **how: object) -> Background:
    background = Background(LINES, COLUMNS)
    for i in range(frames):
        background.see(scene.picture(**how), HALF if i else 0.0)
    return background


def truth(x: int, y: int) -> Mask:
    mask = np.zeros((LINES, COLUMNS), np.uint8)
    mask[y - TALL : y, x - WIDE // 2 : x + WIDE // 2] = 255
    return mask


def likeness(seen: Mask, true: Mask) -> float:
    """The F1 of two masks by pixel."""
    both = np.count_nonzero(seen & true)
    return 2 * both / (np.count_nonzero(seen) + np.count_nonzero(true))


def test_a_person_stands_out_to_the_pixel() -> None:
    scene = Scene()
    seen = warm(scene).see(scene.picture(FOOT), HALF)
    assert likeness(seen.mask, truth(*FOOT)) > 0.9
    assert seen.share == pytest.approx(TALL * WIDE / (LINES * COLUMNS), rel=0.2)
    assert seen.settled


@pytest.mark.parametrize("stray", [(4.0, 0.0), (-3.0, 2.0)])
def test_a_shaken_camera_s_mask_lies_where_the_person_was_filmed(stray: tuple[float, float]) -> None:
    scene = Scene()
    seen = warm(scene).see(scene.picture(FOOT, shake=stray), HALF)
    assert seen.shift == pytest.approx(stray, abs=0.7)
    filmed = truth(FOOT[0] + round(stray[0]), FOOT[1] + round(stray[1]))
    assert likeness(seen.filmed, filmed) > 0.85
    assert likeness(seen.mask, truth(*FOOT)) > 0.85


@pytest.mark.parametrize(("stray", "rocking"), [((0.0, 0.0), False), ((1.0, 0.0), True), ((0.0, -6.0), True)])
def test_a_stray_is_looked_for_where_the_whole_picture_seems_to_move(stray: tuple[float, float], rocking: bool) -> None:
    there, here = (cv2.cvtColor(Scene().picture(shake=one), cv2.COLOR_BGR2GRAY).astype(np.float32) for one in ((0.0, 0.0), stray))
    assert rocks(there, here) is rocking


def test_a_lamp_on_one_side_is_undone_there_alone() -> None:
    scene, lamp = Scene(), np.linspace(1.6, 1.0, COLUMNS, dtype=np.float32)[None, :, None]
    seen = warm(scene).see(lit(scene.picture(FOOT), lamp), HALF)
    assert likeness(seen.mask, truth(*FOOT)) > 0.8


def test_what_a_lamp_washes_out_is_nobody() -> None:
    scene = Scene()
    bright = lit(scene.picture(), np.float32(1.35))
    seen = warm(scene).see(bright, HALF)
    assert not np.count_nonzero(seen.mask[bright.max(axis=2) >= 240])


def lit(picture: Picture, light: np.ndarray | np.float32) -> Picture:
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def test_waves_are_learnt_and_a_person_among_them_is_seen() -> None:
    scene = Scene()
    background = warm(scene, 10)
    for i in range(60):
        wave = background.see(waved(scene.picture(), i), HALF)
    assert not np.count_nonzero(wave.mask)
    assert likeness(background.see(waved(scene.picture(FOOT), 61), HALF).mask, truth(*FOOT)) > 0.75


def waved(picture: Picture, number: int) -> Picture:
    """The lower half with bright ridges that travel."""
    wave = 25 * np.sin(0.5 * np.arange(LINES // 2) + 1.7 * number)[:, None, None]
    picture[LINES // 2 :] = np.clip(picture[LINES // 2 :] + wave, 0, 255).astype(np.uint8)
    return picture


def test_who_stood_there_at_first_leaves_no_ghost() -> None:
    scene, background = Scene(), Background(LINES, COLUMNS)
    for i in range(60):
        seen = background.see(scene.picture(*([FOOT] if i < 4 else [])), HALF if i else 0.0)
    assert not np.count_nonzero(seen.mask)


def test_who_stood_there_while_the_view_was_learnt_leaves_a_hole_for_seconds_and_is_seen_to_come_back() -> None:
    scene = Scene()
    background = Background(LINES, COLUMNS)
    for i in range(24):
        background.see(scene.picture(FOOT), HALF if i else 0.0)
    left = [background.see(scene.picture(), HALF) for _ in range(20)]
    assert likeness(left[0].mask, truth(*FOOT)) > 0.8
    assert [seen.share for seen in left[10:]] == [0] * 10
    assert likeness(background.see(scene.picture(FOOT), HALF).mask, truth(*FOOT)) > 0.85


def test_who_stands_still_stands_out_for_a_minute_and_then_is_background() -> None:
    scene = Scene()
    background = warm(scene)
    stood = [background.see(scene.picture(FOOT), HALF).share > 0 for _ in range(round(2 * ABSORBED) + 30)]
    assert all(stood[: round(2 * ABSORBED) - 4])
    assert not any(stood[-5:])


def test_another_view_is_learnt_once_it_has_lasted() -> None:
    scene, other = Scene(), Scene(seed=8)
    background = warm(scene)
    seen = [background.see(other.picture(), HALF) for _ in range(30)]
    assert not any(one.settled for one in seen[: round(LASTING / HALF)])
    assert seen[-1].settled
    assert seen[-1].share == 0


def test_a_picture_at_the_same_instant_teaches_nothing() -> None:
    scene = Scene()
    background = warm(scene)
    before = background.see(scene.picture(FOOT), 0.0).share
    assert [background.see(scene.picture(FOOT), 0.0).share for _ in range(100)][-1] == pytest.approx(before, rel=0.05)


def test_nothing_has_no_outline() -> None:
    nothing = np.zeros((20, 20), np.uint8)
    mean = tuple(np.zeros((20, 20), np.float32) for _ in range(3))
    assert not np.count_nonzero(outlined(nothing, nothing, nothing, (nothing, nothing, nothing), mean, nothing))


def test_what_is_faintly_unlike_is_nobody() -> None:
    plane = np.full((60, 60), 120, np.uint8)
    mean = tuple(np.full((60, 60), 60, np.float32) for _ in range(3))
    raw, threshold = np.zeros((60, 60), np.uint8), np.full((60, 60), 40, np.uint8)
    raw[20:50, 20:34] = 255
    faint, clear = (raw // 255 * np.uint8(level) for level in (45, 90))
    assert not np.count_nonzero(outlined(raw, faint, threshold, (plane, plane, plane), mean, raw))
    assert np.count_nonzero(outlined(raw, clear, threshold, (plane, plane, plane), mean, raw)) > 300


def test_what_leaves_the_ground_s_grain_as_it_was_is_light() -> None:
    chance, light = np.random.default_rng(3), np.ones((60, 60), np.float32)
    ground = cv2.GaussianBlur(chance.uniform(40, 120, (60, 60)).astype(np.float32), (5, 5), 0)
    light[16:48, 16:44] = 1.7
    light = cv2.GaussianBlur(light, (0, 0), 3)
    raw = np.where(light > 1.3, np.uint8(255), np.uint8(0))
    unlike, threshold = raw // 255 * np.uint8(90), np.full((60, 60), 40, np.uint8)
    lamp, body = (ground * light).astype(np.uint8), np.where(raw, ground[::-1, ::-1] * light, ground).astype(np.uint8)
    assert not np.count_nonzero(outlined(raw, unlike, threshold, (lamp, lamp, lamp), (ground, ground, ground), raw))
    assert np.count_nonzero(outlined(raw, unlike, threshold, (body, body, body), (ground, ground, ground), raw)) > 300


def test_dark_clothes_on_a_grey_picture_are_no_shadow() -> None:
    scene = Scene()

    def grey(*people: tuple[float, float]) -> Picture:
        return cv2.cvtColor(cv2.cvtColor(scene.picture(*people), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)

    background = Background(LINES, COLUMNS)
    for i in range(24):
        background.see(grey(), HALF if i else 0.0)
    assert likeness(background.see(grey(FOOT), HALF).mask, truth(*FOOT)) > 0.9


def test_what_begins_little_by_little_is_nobody() -> None:
    plane, threshold = np.full((60, 60), 120, np.uint8), np.full((60, 60), 40, np.uint8)
    mean = tuple(np.full((60, 60), 60, np.float32) for _ in range(3))
    across = np.abs(np.arange(60) - 30)[None, :].repeat(60, 0)
    cloud = np.clip(120 - 5 * across, 0, 255).astype(np.uint8)
    raw = np.where(cloud > threshold, np.uint8(255), np.uint8(0))
    assert not np.count_nonzero(outlined(raw, cloud, threshold, (plane, plane, plane), mean, raw))


def test_a_restless_pixel_must_be_more_unlike_and_calms_down_again() -> None:
    unrest, calm = Unrest((20, 20)), np.zeros((20, 20), np.uint8)
    all_of_it = ~calm
    first = unrest.threshold()
    assert int(first.min()) >= LOW
    for i in range(60):
        unrest.learn(np.full((20, 20), 90, np.uint8), all_of_it * np.uint8(i % 2), calm, all_of_it, all_of_it)
    raised = unrest.threshold()
    assert int(raised.min()) > int(first.max())
    assert int(raised.max()) <= HIGH
    for _ in range(200):
        unrest.learn(calm, calm, calm, all_of_it, all_of_it)
    assert int(unrest.threshold().max()) <= LOW


def test_the_second_nearest_sample_decides() -> None:
    planes = tuple(np.full((16, 16), level, np.uint8) for level in (10, 20, 30))
    samples = Samples(planes)
    assert int(samples.unlike(planes).max()) == 0
    brighter = tuple(cv2.add(plane, np.full_like(plane, 7)) for plane in planes)
    assert set(samples.unlike(brighter).ravel().tolist()) == {21}


def test_who_passed_while_the_view_was_learnt_leaves_no_trace() -> None:
    ground, chance = np.full((40, 60), 120, np.uint8), np.random.default_rng(2)
    samples = Samples((ground, ground, ground))
    nothing = np.zeros_like(ground)
    for i in range(20):
        passing: Mask = ground.copy()
        if i % 5 < 3:  # most of the time, each another
            passing[10:30, 20:40] = chance.integers(180, 250)
        samples.learn((passing, passing, passing), nothing, nothing, HALF)
    assert int(samples.unlike((ground, ground, ground)).max()) == 0
    body = ground.copy()
    body[10:30, 20:40] = 180
    assert int(samples.unlike((body, body, body))[10:30, 20:40].min()) > 100


@pytest.mark.parametrize(("restless", "lasting", "found"), [(24, True, True), (70, True, False), (24, False, False)])
def test_who_is_tiny_is_seen_on_calm_ground_alone_and_not_at_first_sight(restless: int, lasting: bool, found: bool) -> None:
    plane = np.full((240, 320), 120, np.uint8)
    mean = tuple(np.full(plane.shape, 60, np.float32) for _ in range(3))
    raw, threshold = np.zeros_like(plane), np.full_like(plane, restless)
    raw[50:58, 80:85] = 255
    unlike = raw // 255 * np.uint8(200)
    seen = outlined(raw, unlike, threshold, (plane, plane, plane), mean, raw if lasting else np.zeros_like(raw))
    assert bool(np.count_nonzero(seen)) is found
