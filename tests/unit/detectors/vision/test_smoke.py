"""Smoke is found by the veil it hangs before the view, and nothing else that comes and goes is taken for it."""

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.vision.background import Seen
from detectors.vision.nanodet import Box
from detectors.vision.picture import Picture, shrink
from detectors.vision.smoke import Smoke
from detectors.vision.view import Glance, View
from detectors.vision.watcher import Watcher
from tests.unit.detectors.vision.scene import CAMERA, COLUMNS, LINES, SECOND, Scene
from tests.unit.detectors.vision.test_fire import WORKS, frames

RATE = 5  # pictures a second
BEFORE = 40  # pictures of calm


def veiled(picture: Picture, share: np.ndarray[tuple[int, ...], np.dtype[np.float32]], light: float = 185) -> Picture:
    """The picture behind something of that light that hides so much of each pixel."""
    return np.clip(picture * (1 - share[..., None]) + light * share[..., None], 0, 255).astype(np.uint8)


def cloud(i: int, most: float = 0.6) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Puffs that rise from a chimney, widen and thin out; `i` pictures after the first."""
    share = np.zeros((LINES, COLUMNS), np.float32)
    for puff in range(5):
        age = (i / RATE / 5 + puff / 5) % 1
        middle = (round(160 + 30 * age + 12 * np.sin(puff)), round(180 - 130 * age))
        one = np.zeros_like(share)
        cv2.circle(one, middle, round(14 + 30 * age), float(most * (1 - 0.7 * age)), -1)
        share = np.maximum(share, one)
    return np.asarray(cv2.GaussianBlur(share, (0, 0), 5), np.float32)


def glances(pictures: Iterable[Picture], rate: float = RATE, things: tuple[Box, ...] = ()) -> Iterable[Glance]:
    """The pictures as a sense sees them."""
    nothing = Seen(np.zeros((LINES, COLUMNS), np.uint8), 0.0, settled=True)
    for i, picture in enumerate(pictures):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        yield Glance(round(i * SECOND / rate), 1 / rate if i else 0.0, picture, picture, grey, nothing, things)


def smoking(pictures: Iterable[Picture], rate: float = RATE, things: tuple[Box, ...] = ()) -> list[float]:
    """% of the zone that smokes, picture by picture."""
    all_of_it = [shrink(picture) for picture in pictures]
    sense = Smoke(View.of(WORKS, *all_of_it[0].shape[:2]))
    return [sense.measure(glance)["smoke.tank"] for glance in glances(all_of_it, rate, things)]


def test_smoke_is_found_within_ten_seconds_and_is_gone_soon_after_it() -> None:
    scene = Scene()
    calm, smoke = [scene.picture() for _ in range(BEFORE)], [veiled(scene.picture(), cloud(i)) for i in range(15 * RATE)]
    said = smoking([*calm, *smoke, *(scene.picture() for _ in range(15 * RATE))])
    assert max(said[:BEFORE]) == 0
    assert min(said[BEFORE + 10 * RATE : BEFORE + 15 * RATE]) > 1
    assert said[-1] == 0


def even(picture: Picture, i: int) -> Picture:
    """The calm view."""
    return picture


def lights(picture: Picture, i: int) -> Picture:
    """Lamps over all of the view that are switched again and again."""
    return np.asarray(np.clip(picture * (1.3 if i // 9 % 2 else 0.8), 0, 255), np.uint8)


def fog(picture: Picture, i: int) -> Picture:
    """Fog that comes, thicker far away."""
    far = np.linspace(0.7, 0.35, LINES, dtype=np.float32)[:, None].repeat(COLUMNS, 1)
    return veiled(picture, far * min(1.0, max(0, i - BEFORE) / 150))


def shadow(picture: Picture, i: int) -> Picture:
    """The shadows of leaves that wave before the sun."""
    shade = np.ones((LINES, COLUMNS), np.float32)
    for leaf in range(6):
        cv2.circle(shade, (60 + 40 * leaf + i % 7 * 4, 80 + 20 * (leaf % 3)), 25, 0.5, -1)
    return np.asarray(picture * cv2.GaussianBlur(shade, (0, 0), 4)[..., None]).astype(np.uint8)


def beam(picture: Picture, i: int) -> Picture:
    """Headlights that sweep over a part of the view, twice a minute."""
    light = np.ones((LINES, COLUMNS), np.float32)
    cv2.circle(light, (i * 8 % 400 - 40, 140), 50, 1.8, -1)
    return np.asarray(np.clip(picture * cv2.GaussianBlur(light, (0, 0), 8)[..., None], 0, 255)).astype(np.uint8)


def passers(picture: Picture, i: int) -> Picture:
    """People in grey who walk past one after the other, and a pale van."""
    left = i * 5 % 360 - 40
    picture[100:150, max(0, left) : max(0, left + 18)] = (120, 125, 130)
    van = 380 - i * 9 % 460
    picture[160:200, max(0, van) : max(0, van + 70)] = (190, 195, 190)
    return picture


def unsharp(picture: Picture, i: int) -> Picture:
    """A lens that looks for its focus again and again."""
    return picture if i % 12 < 6 else np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.5), np.uint8)


def pane(picture: Picture, i: int) -> Picture:
    """A veil that is hung up and does not move: a plastic sheet."""
    share = np.zeros((LINES, COLUMNS), np.float32)
    share[60:140, 100:200] = 0.5 if i > BEFORE else 0
    return veiled(picture, share)


@pytest.mark.parametrize("change", [even, lights, fog, shadow, beam, passers, unsharp, pane])
def test_what_is_no_smoke_is_none(change: Callable[[Picture, int], Picture]) -> None:
    scene = Scene()
    assert max(smoking([change(scene.picture(), i) for i in range(125)])) == 0


def test_a_trembling_camera_makes_no_smoke() -> None:
    scene, chance = Scene(), np.random.default_rng(3)
    steps = chance.normal(0, 0.5, (150, 2)).tolist()
    assert max(smoking([scene.picture(shake=(x, y)) for x, y in steps])) == 0


def test_who_is_recognised_is_no_smoke() -> None:
    scene = Scene()
    pictures = [scene.picture() if i < BEFORE else veiled(scene.picture(), cloud(i)) for i in range(BEFORE + 12 * RATE)]
    everywhere = Box(0, 0, COLUMNS, LINES)
    assert max(smoking(pictures, things=(everywhere,))) == 0


def test_only_zones_of_tanks_are_watched_for_smoke() -> None:
    assert not any(quantity.startswith("smoke") for quantity in Watcher(CAMERA).look(Scene().picture(), 0))


def test_a_view_without_contrast_cannot_be_judged() -> None:
    flat = np.full((LINES, COLUMNS, 3), 90, np.uint8)
    assert max(smoking([veiled(flat, cloud(i)) for i in range(60)])) == 0


@pytest.mark.parametrize("rate", [5, 2])
def test_a_house_that_smokes_more_and_more_is_found_within_ten_seconds(shared: Path, rate: int) -> None:
    """house6.mp4 from its 200th picture; it smokes from the first, so that nobody knows the view without."""
    said = smoking(list(frames(shared / "realdata" / "video" / "house6.mp4", 500, 30 // rate))[200 * rate // 30 :], rate)
    assert max(said) > 1


def test_people_who_walk_past_are_no_smoke(shared: Path) -> None:
    """vtest.avi at two pictures a second."""
    assert max(smoking(frames(shared / "realdata" / "video" / "vtest.avi", 795, 5), 2)) == 0


@pytest.mark.parametrize("place", ["gauge/06", "river_trash"])
def test_still_water_and_its_banks_do_not_smoke(shared: Path, place: str) -> None:
    """Nor does another light, nor the next view, when the camera is turned."""
    files = sorted((shared / "realdata" / place).glob("*.jpg"))[:24]
    read = (np.asarray(cv2.imread(str(one)), np.uint8) for one in files)
    views = [np.asarray(cv2.resize(one, (COLUMNS, LINES), interpolation=cv2.INTER_AREA), np.uint8) for one in read]
    assert len(views) > 20
    assert max(smoking((view for view in views for _ in range(6)), 2)) == 0
