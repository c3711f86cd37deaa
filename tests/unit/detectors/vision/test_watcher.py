"""What a watcher says of scenes whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detectors.vision import Measures, Watcher
from tests.unit.detectors.vision.scene import CAMERA, COLUMNS, LINES, SECOND, Scene

HALF = SECOND // 2  # two frames a second, as the demo's camera


def warm(scene: Scene, frames: int = 20) -> tuple[Watcher, int]:
    """A watcher that knows the empty view, and the instant of its next frame."""
    watcher = Watcher(CAMERA)
    for i in range(frames):
        watcher.look(scene.picture(), i * HALF)
    return watcher, frames * HALF


def watch(pictures: list, scene: Scene) -> list[Measures]:
    """What a watcher that knows the view says of the pictures that follow."""
    watcher, start = warm(scene)
    return [watcher.look(picture, start + i * HALF) for i, picture in enumerate(pictures)]


def test_a_person_who_crosses_is_one_mover_in_the_zone_they_stand_in() -> None:
    scene = Scene()
    places = [20 + 15 * i for i in range(19)]  # feet, pixels; the border between the zones is at 160
    said = watch([scene.picture((x, 150)) for x in places], scene)
    for x, measures in list(zip(places, said, strict=True))[2:]:  # seen twice and moved first
        assert measures["movers"] == 1, x
        if abs(x - COLUMNS / 2) > 4:
            assert (measures["movers.left"], measures["movers.right"]) == ((1, 0) if x < COLUMNS / 2 else (0, 1)), x


def test_nobody_counts_after_everybody_left() -> None:
    scene = Scene()
    pictures = [scene.picture((60 + 15 * i, 150)) for i in range(8)] + [scene.picture() for _ in range(6)]
    assert [measures["movers"] for measures in watch(pictures, scene)[8:]] == [0] * 6


def test_two_people_apart_are_two() -> None:
    scene = Scene()
    said = watch([scene.picture((40 + 12 * i, 120), (280 - 12 * i, 200)) for i in range(7)], scene)
    assert [measures["movers"] for measures in said[2:]] == [2] * 5


def test_two_people_side_by_side_are_two() -> None:
    scene = Scene()
    said = watch([scene.picture((40 + 12 * i, 150), (55 + 12 * i, 150)) for i in range(10)], scene)
    assert sorted(measures["movers"] for measures in said[3:])[3] == 2  # the median


def test_noise_is_nobody_and_hardly_motion() -> None:
    scene = Scene(noise=8)
    said = watch([scene.picture() for _ in range(40)], scene)
    assert {measures["movers"] for measures in said} == {0}
    assert max(measures["motion"] for measures in said) < 0.5


@pytest.mark.parametrize("light", [0.3, 0.6, 0.85, 1.2, 1.6])
def test_a_light_switched_is_never_a_mover(light: float) -> None:
    scene = Scene()
    said = watch([scene.picture(light=light) for _ in range(30)], scene)
    assert sum(measures.get("movers", 0) for measures in said) == 0
    assert "movers" in said[-1], "and after a while movers are counted again"


def test_a_person_is_counted_while_the_exposure_changes() -> None:
    scene = Scene()
    said = watch([scene.picture((40 + 12 * i, 150), light=1.25) for i in range(10)], scene)
    assert [measures["movers"] for measures in said[3:]] == [1] * 7


def test_a_shadow_that_passes_is_nobody() -> None:
    scene = Scene()
    said = watch([scene.shadow(40 + 12 * i, 150) for i in range(15)], scene)
    assert {measures["movers"] for measures in said} == {0}


def test_a_shaken_camera_sees_nobody() -> None:
    scene, shakes = Scene(), np.random.default_rng(3).uniform(-3, 3, (30, 2))
    said = watch([scene.picture(shake=(x, y)) for x, y in shakes], scene)
    assert sum(measures.get("movers", 0) for measures in said) == 0


def test_a_thing_that_stays_where_it_appeared_is_no_mover() -> None:
    scene = Scene()
    assert {measures["movers"] for measures in watch([scene.picture((100, 150))] * 10, scene)} == {0}


def test_a_person_counts_all_the_way_at_ten_frames_a_second_too() -> None:
    scene, watcher = Scene(), Watcher(CAMERA)
    for i in range(60):
        watcher.look(scene.picture(), i * SECOND // 10)
    said = [watcher.look(scene.picture((20 + 3 * i, 150)), (60 + i) * SECOND // 10)["movers"] for i in range(60)]
    assert said[6:] == [1] * 54


def test_what_is_too_small_or_too_large_for_a_person_is_nobody() -> None:
    scene = Scene()
    pictures = []
    for i in range(8):
        picture = scene.picture()
        picture[100:106, 40 + 12 * i : 44 + 12 * i] = 0  # a bird
        picture[20:230, 150 + 8 * i : 260 + 8 * i] = 0  # a lorry near the lens
        pictures.append(picture)
    assert {measures.get("movers", 0) for measures in watch(pictures, scene)} == {0}


def test_the_first_frames_say_nothing_about_movers() -> None:
    scene, watcher = Scene(), Watcher(CAMERA)
    said = [watcher.look(scene.picture((40 + 12 * i, 150)), i * HALF) for i in range(8)]
    assert all("movers" not in measures and "movers.left" not in measures for measures in said)
    assert all("motion.left" in measures for measures in said)


def test_motion_is_the_share_of_each_zone() -> None:
    scene = Scene()
    measures = watch([scene.picture((60, 150))], scene)[0]
    person = 100 * 36 * 14 / (LINES * COLUMNS)
    assert person == pytest.approx(measures["motion"], rel=0.25)
    assert 2 * person == pytest.approx(measures["motion.left"], rel=0.25)
    assert measures["motion.right"] < 0.05


def test_a_picture_of_another_size_begins_anew() -> None:
    scene = Scene()
    watcher, at = warm(scene)
    assert "movers" not in watcher.look(scene.picture()[:200], at)


def test_a_repeated_frame_teaches_nothing() -> None:
    scene = Scene()
    watcher, at = warm(scene)
    strange = scene.picture((100, 150))
    said = [watcher.look(strange, at - HALF)["motion"] for _ in range(200)]
    assert said[-1] == pytest.approx(said[0], rel=0.01)


def test_brightness_and_sharpness_follow_the_picture() -> None:
    scene, watcher = Scene(), Watcher(CAMERA)
    black, white = (np.full((LINES, COLUMNS, 3), value, np.uint8) for value in (0, 255))
    assert [watcher.look(picture, 0)["brightness"] for picture in (black, white)] == [0.0, 1.0]
    assert watcher.look(black, 0)["sharpness"] == 0.0 < watcher.look(scene.picture(), 0)["sharpness"]


@settings(max_examples=25, deadline=None)
@given(
    pictures=st.lists(
        arrays.arrays(np.uint8, st.tuples(st.integers(16, 60), st.integers(16, 60), st.just(3))), min_size=1, max_size=4
    ),
    times=st.lists(st.integers(-(10**18), 4 * 10**18), min_size=4, max_size=4),
)
def test_any_pictures_at_any_times_give_finite_measures(pictures: list, times: list[int]) -> None:
    """Tiny, flat or noisy, changing their size, in any order of time."""
    watcher = Watcher(CAMERA)
    for picture, at in zip(pictures, times, strict=False):
        assert all(np.isfinite(value) for value in watcher.look(picture, at).values())
