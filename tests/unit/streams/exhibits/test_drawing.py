"""What is drawn on pictures of events."""

import numpy as np
import pytest

from detectors.domain.site import Camera, Zone
from detectors.vision.marks import Mark
from streams.exhibits.sheet import drawn, line_of

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


def test_a_sheet_shows_the_zone_of_the_event_in_red_the_others_in_yellow_and_a_line_below() -> None:
    camera = Camera(name="c", zones=(Zone(name="a", kind="water", corners=SQUARE),))
    blank = np.zeros((200, 300, 3), np.uint8)

    own, other = (drawn(blank, camera, zone, (), "c  said") for zone in ("a", "b"))

    assert own.shape[0] > 200
    assert own.shape[1] == 300
    assert own[20, 150].tolist() == [40, 40, 230]
    assert other[20, 150].tolist() == [0, 220, 255]
    assert (own[200:] > 200).any()


@pytest.mark.parametrize(("detector", "seen"), [("movers", True), ("objects", False)])
def test_bodies_without_a_name_are_drawn_where_nothing_better_is_known(detector: str, seen: bool) -> None:
    camera = Camera(name="c", zones=(), detector=detector)
    sheet = drawn(np.zeros((200, 300, 3), np.uint8), camera, "", [Mark("movers", 0.2, 0.2, 0.2, 0.5)], "")

    assert bool(sheet[:200].any()) is seen


def test_a_line_says_camera_time_and_measure() -> None:
    said = line_of("gatecam", 1_704_110_400_250_000_000, "Asia/Shanghai", "movers.closed", 1.0)

    assert said == "gatecam  2024-01-01 20:00:00.2 +0800  movers.closed 1"
    assert line_of("c", 0, "UTC", "still", None).endswith("still")
