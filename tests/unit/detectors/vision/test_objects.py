"""People are recognised, followed, counted where they stand; the network is the one that ships."""

from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulators
from detectors.domain.site import Camera, Zone
from detectors.vision import Look, Watcher
from detectors.vision.background import Seen
from detectors.vision.followed import HIDDEN, MISSED, UNSEEN, Following, around
from detectors.vision.nanodet import BOAT, PERSON, VEHICLE, Box, Thing, as_seen, distinct, shipped
from detectors.vision.objects import ROUND, Objects, _is_cut, _sides, _within
from detectors.vision.picture import COARSE, FINE, Picture, decode
from detectors.vision.view import Glance, View
from simulators.film import pictures
from tests.unit.detectors.vision.scene import SECOND

ROAD = Zone(name="road", kind="road", corners=((0, 0.25), (1, 0.2), (1, 0.85), (0, 0.5)))
LAWN = Zone(name="lawn", kind="closed", corners=((0, 0.55), (0.5, 0.7), (0.5, 1), (0, 1)))
CAMERA = Camera(name="gate", zones=(ROAD, LAWN), person_height=(0.09, 0.3), detector="objects")
WHOLE = Box(0, 0, 320, 240)


@pytest.fixture(scope="module")
def film() -> list[Picture]:
    """The demo's film: people who walk on a road, two frames a second."""
    shown = pictures((files(simulators) / "recordings" / "gatecam.avi").read_bytes())
    return [decode(jpeg, FINE) for jpeg in shown[:24]]


@pytest.fixture(scope="module")
def looks(film: list[Picture]) -> list[Look]:
    """What is said of it."""
    watcher = Watcher(CAMERA)
    return [watcher.examine(picture, i * SECOND // 2) for i, picture in enumerate(film)]


def test_people_and_vehicles_are_counted_from_the_first_picture(looks: list[Look]) -> None:
    first, later = looks[0].measures, looks[4].measures
    assert (first["people"] >= 2, first["vehicles"], first["boats"]) == (True, 2, 0)
    assert (first["people.road"], later["people.road"] >= 2, later["people.lawn"]) == (0, True, 0), (
        "in a zone, once they have moved"
    )


def test_who_walks_keeps_their_name_and_their_stay_grows(looks: list[Look]) -> None:
    names = [{one.name for one in look.things if one.kind == PERSON} for look in looks]
    assert sum(bool(a & b) for a, b in pairwise(names)) >= len(names) - 2
    stays = [look.measures["dwell.road"] for look in looks]
    assert stays[0] == 0
    assert max(stays) > 3
    assert {look.measures["dwell.lawn"] for look in looks} == {0}


def test_between_two_looks_nothing_is_asked_of_the_network_and_a_still_view_is_seldom_looked_at(film: list[Picture]) -> None:
    watcher, asked = Watcher(CAMERA), []
    watcher.examine(film[0], 0)
    assert watcher._objects is not None
    net = watcher._objects._net

    class Counting:
        """The network, counting."""

        def find(self, picture: Picture, width: int, height: int) -> list[Thing]:
            asked.append((width, height))
            return [thing for thing in net.find(picture, width, height) if thing.kind == VEHICLE]

    watcher._objects._net = Counting()  # type: ignore[assignment]
    for i in range(1, 11):
        watcher.examine(film[0], i * SECOND // 20)
    assert len(asked) == 2, "twenty a second come, five are looked at"
    for i in range(12, 60):
        watcher.examine(film[0], i * SECOND // 2)
    assert len(asked) < 17, "after the view is learnt, only now and then"


def test_a_camera_for_movers_needs_fewer_lines_and_recognises_nobody(film: list[Picture]) -> None:
    watcher = Watcher(Camera(name="gate", zones=()))
    look = watcher.examine(film[0], 0)
    assert (watcher.lines, Watcher(CAMERA).lines) == (COARSE, FINE)
    assert (look.things, "people" in look.measures) == ((), False)


def test_the_network_sees_a_picture_of_any_size_and_nothing_in_noise(film: list[Picture]) -> None:
    for width, height in ((416, 320), (640, 480)):
        found = shipped().find(film[0], width, height)
        assert sum(thing.kind == PERSON and thing.score > 0.5 for thing in found) >= 2
        assert all(thing.score >= other.score for thing, other in pairwise(found))
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    assert [thing for thing in shipped().find(noise, 320, 256) if thing.score > 0.5] == []
    assert shipped().find(np.zeros((128, 128, 3), np.uint8), 128, 128) == []


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        pytest.param((96, 128), (128, 96), id="as it is"),
        pytest.param((60, 80), (128, 96), id="enlarged"),
        pytest.param((120, 160), (128, 96), id="a little smaller"),
        pytest.param((480, 640), (128, 96), id="much smaller"),
    ],
)
def test_the_network_is_given_colours_around_nought_whatever_the_size(shape: tuple[int, int], size: tuple[int, int]) -> None:
    plain = np.full((*shape, 3), (104, 116, 124), np.uint8)
    seen = as_seen(plain, *size)
    assert (seen.shape, seen.dtype) == ((1, 3, size[1], size[0]), np.float32)
    assert np.abs(seen).max() < 0.01
    assert as_seen(np.zeros((*shape, 3), np.uint8), *size)[0, :, 5, 5] == pytest.approx([-1.804, -2.036, -2.118], abs=0.001)


def test_the_surest_of_overlapping_things_of_a_kind_is_kept() -> None:
    here, there = Box(0, 0, 10, 20), Box(100, 0, 10, 20)
    things = [Thing(PERSON, 0.5, here), Thing(PERSON, 0.9, Box(1, 0, 10, 20)), Thing(BOAT, 0.4, here), Thing(PERSON, 0.3, there)]
    assert [thing.score for thing in distinct(things)] == [0.9, 0.4, 0.3]
    assert distinct([]) == []


def seen(x: float, score: float = 0.8, height: float = 40.0, kind: str = PERSON) -> Thing:
    """Somebody whose left side is there."""
    return Thing(kind, score, Box(x, 100, 15, height))


def followed(*found: list[Thing], step: float = 0.5) -> Following:
    """What is followed after these looks."""
    following = Following()
    for things in found:
        following.go_on(step, 240, 320)
        following.look(things, WHOLE)
    return following


def test_who_is_sure_counts_at_once_and_who_is_doubted_when_they_have_moved() -> None:
    assert len(followed([seen(50)]).present) == 1
    assert followed([seen(50, 0.42)], [seen(50, 0.42)], [seen(51, 0.42)]).present == ()
    assert len(followed([seen(50, 0.42)], [seen(62, 0.42)], [seen(75, 0.42)]).present) == 1
    assert followed([seen(50, 0.3)]).all == []


def test_who_walks_is_expected_where_they_will_be() -> None:
    following = followed([seen(50)], [seen(60)], [seen(70)], [seen(80)])
    following.go_on(0.5, 240, 320)
    (one,) = following.present
    assert one.name == 1
    assert one.box.left == pytest.approx(90, abs=3)
    assert one.moves


def test_what_is_of_another_kind_or_size_or_too_far_is_somebody_else() -> None:
    for other in (seen(50, kind=BOAT), seen(50, height=90), seen(120)):
        assert [one.name for one in followed([seen(50)], [other]).present] == [2]


def test_a_thing_that_was_not_found_long_ago_has_no_pace() -> None:
    following = followed([seen(50)], [seen(55)])
    for _ in range(3):
        following.go_on(0.45, 240, 320)
    following.look([seen(70)], WHOLE)
    assert following.present[0].pace == (0.0, 0.0)


def test_who_is_missed_is_not_there_and_after_some_looks_is_gone() -> None:
    following = followed([seen(50)], [])
    assert (following.present, len(following.all)) == ((), 1)
    assert followed([seen(50)], *[[] for _ in range(MISSED)]).all == []
    following.look([], Box(200, 0, 100, 100))
    assert len(following.all) == 1, "a look elsewhere misses nobody here"


def test_who_was_found_often_or_has_moved_is_counted_though_a_look_missed_or_doubts_them() -> None:
    stood, walked = [[seen(50)]] * 3, [[seen(50)], [seen(62)], [seen(75)]]
    assert len(followed(*stood, []).counted) == 1
    assert followed(*stood, *[[seen(50, 0.3)]] * 6).counted == (), "what only stands is believed no longer than it is sure"
    assert len(followed(*walked, *[[seen(75, 0.3)]] * 6, []).counted) == 1
    assert followed([seen(50)], []).counted == ()
    assert followed(*walked, *[[] for _ in range(MISSED)]).counted == ()


def test_who_leaves_the_picture_or_was_hidden_for_long_is_gone() -> None:
    gone = followed([seen(20)], [seen(5)])
    gone.go_on(1.4, 240, 320)
    assert gone.all == []
    walking, standing = followed([seen(50)], [seen(70)]), followed([seen(50)], [seen(50)])
    for following, seconds in ((walking, HIDDEN), (standing, UNSEEN)):
        following.go_on(seconds, 240, 320)
        assert len(following.all) == 1
        following.go_on(0.1, 240, 320)
        assert following.all == []


def zoned(*found: list[Thing], out: float = 0.0, shake: float = 0.0, settled: bool = True, kind: str = PERSON) -> list[float]:
    """How many of a kind are in a zone over all the picture, as looks half a second apart find them; `out` of each stands out."""
    camera = Camera(name="gate", zones=(Zone(name="all", kind="closed", corners=((0, 0), (1, 0), (1, 1), (0, 1))),))
    objects, said = Objects(View.of(camera, 240, 320), shipped()), []
    picture = np.zeros((240, 320, 3), np.uint8)
    for number, things in enumerate(found):
        mask = np.zeros((240, 320), np.uint8)
        for box in (thing.box for thing in things):
            mask[round(box.top) : round(box.top + out * box.height), round(box.left) : round(box.left + box.width)] = 255
        objects._net = Finding(things)  # type: ignore[assignment]
        seen = Seen(mask, float((mask > 0).mean()), settled=settled, shift=(shake * number, 0.0))
        objects._since_round = ROUND
        said.append(objects.measure(Glance(number * SECOND // 2, 0.5, picture, picture, mask, seen))[f"{kind}.all"])
    return said


@dataclass(frozen=True)
class Finding:
    """A network that finds what it is told."""

    things: list[Thing]

    def find(self, _picture: Picture, _width: int, _height: int) -> list[Thing]:
        return self.things


WALK = [[seen(50)], [seen(62)], [seen(75)]]


def test_who_never_moved_and_never_stood_out_is_part_of_the_view_and_of_no_zone() -> None:
    assert zoned(*[[seen(50)]] * 6) == [0] * 6
    assert zoned(*[[seen(50)]] * 3, out=0.5) == [1] * 3, "climbed in and sat down"
    assert zoned([seen(50)], *WALK, out=0.1)[-1] == 1
    assert zoned(*WALK, *[[seen(75)]] * 8, out=0.1)[2:] == [1] * 9, "walked in and stands"


def test_bits_of_the_view_that_are_found_by_turns_are_no_steps() -> None:
    assert zoned(*WALK) == [0] * 3, "nothing stands out where it went"
    assert zoned([seen(50, 0.41)], *[[seen(x, 0.3)] for x in (62, 75, 87, 99)], out=0.2)[-1] == 0, "nor is it sure"
    assert zoned(*WALK, settled=False) == [0, 0, 1], "while the view is learnt the network's word must do"


def test_a_boat_that_lies_moored_is_in_no_zone_and_a_vehicle_that_stands_is() -> None:
    boat, car = [seen(50, kind=BOAT)], [seen(50, kind=VEHICLE)]
    assert (zoned(*[boat] * 3, kind=BOAT), zoned(*[boat] * 3, out=0.5, kind=BOAT)) == ([0] * 3, [1] * 3)
    assert zoned(*[car] * 3, kind=VEHICLE) == [1] * 3


def test_a_camera_that_strays_lets_nobody_walk() -> None:
    strayed = [[seen(50 + 9 * i)] for i in range(6)]
    assert zoned(*strayed, out=0.1, shake=9) == [0] * 6
    assert zoned(*strayed, out=0.1)[-1] == 1


def test_who_came_and_was_lost_sight_of_counts_where_they_stood() -> None:
    sat = *WALK[:2], *[[seen(75)]] * 8, *[[] for _ in range(MISSED)]
    assert zoned(*sat, [seen(76)], out=0.1)[-1] == 1
    assert zoned(*sat, [seen(200)], out=0.1)[-1] == 0, "somebody elsewhere is somebody else"


@given(st.lists(st.tuples(*[st.floats(-500, 500)] * 2, *[st.floats(0.1, 500)] * 2), min_size=1, max_size=5))
def test_a_window_is_on_the_picture_and_holds_what_of_its_boxes_is(boxes: list[tuple[float, float, float, float]]) -> None:
    window = _within(around([Box(*box) for box in boxes]), 240, 320)
    assert 0 <= window.left < window.left + window.width <= 320
    assert 0 <= window.top < window.top + window.height <= 240


def test_what_the_window_cuts_is_known_and_what_the_picture_cuts_is_whole() -> None:
    window = Box(50, 50, 100, 100)
    for cut in (Box(50, 90, 10, 10), Box(90, 50, 10, 10), Box(140, 90, 10, 10), Box(90, 140, 10, 10)):
        assert _is_cut(cut, window, 240, 320)
    assert not _is_cut(Box(90, 90, 10, 10), window, 240, 320)
    assert not _is_cut(Box(0, 0, 320, 240), WHOLE, 240, 320)
    assert [_sides(1), _sides(129), _sides(320)] == [128, 160, 320]


def test_an_overlap_is_shared_by_whole() -> None:
    assert Box(0, 0, 10, 10).overlap(Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert Box(0, 0, 10, 10).overlap(Box(20, 0, 10, 10)) == 0
