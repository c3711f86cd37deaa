"""What is drawn on pictures of events, and what is veiled on those that leave the site."""

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.site import Camera, Zone
from detectors.vision.marks import Mark
from streams.exhibits.sheet import as_jpeg, drawn, line_of, whole
from streams.exhibits.veil import veiled
from tests.unit.detectors.vision.frames import jpeg

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
NOISE = np.random.default_rng(5).integers(0, 255, (240, 320, 3), np.uint8)


def changed(mark: Mark) -> tuple[int, int, int, int]:
    """The lines and columns that a veil over a mark changes: from, to, from, to (shares of 240 lines and 320 columns)."""
    lines, columns = np.nonzero((veiled(NOISE, [mark]) != NOISE).any(axis=2))
    return (int(lines.min()), int(lines.max()), int(columns.min()), int(columns.max())) if lines.size else (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        pytest.param("people", (76, 110, 156, 196), id="the head of somebody who was recognised"),
        pytest.param("movers", (76, 120, 156, 196), id="the upper third of a body that only moved"),
        pytest.param("vehicles", (128, 200, 160, 192), id="the lower part of a vehicle, where plates are"),
        pytest.param("boats", (0, 0, 0, 0), id="nothing of a boat"),
    ],
)
def test_veil(kind: str, part: tuple[int, int, int, int]) -> None:
    """On a box from line 80 to 200 and column 160 to 192; within two pixels."""
    assert changed(Mark(kind, 0.5, 1 / 3, 0.1, 0.5)) == pytest.approx(part, abs=2)


@pytest.mark.parametrize("at", [(-0.2, -0.2), (0.95, 0.95), (1.5, 1.5)], ids=["upper left", "lower right", "outside"])
def test_a_veil_at_the_edge_covers_what_is_inside(at: tuple[float, float]) -> None:
    assert veiled(NOISE, [Mark("people", *at, 0.3, 0.3)]).shape == NOISE.shape


def test_under_a_veil_there_is_nothing_to_tell_anybody_by() -> None:
    head = veiled(NOISE, [Mark("people", 0.25, 0.25, 0.25, 0.5)])[60:85, 85:155]

    assert len(np.unique(head.reshape(-1, 3), axis=0)) <= 36


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


def test_a_frame_is_read_upright_with_even_sides_and_no_wider_than_wanted() -> None:
    assert whole(jpeg(np.zeros((301, 801, 3), np.uint8)), 640).shape == (240, 640, 3)
    assert whole(jpeg(np.zeros((100, 100, 3), np.uint8))).shape == (100, 100, 3)


@pytest.mark.parametrize("data", [b"no picture", jpeg(NOISE)[:400]], ids=["something else", "cut off"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        whole(data)


def test_a_line_says_camera_time_and_measure() -> None:
    said = line_of("gatecam", 1_704_110_400_250_000_000, "Asia/Shanghai", "movers.closed", 1.0)

    assert said == "gatecam  2024-01-01 20:00:00.2 +0800  movers.closed 1"
    assert line_of("c", 0, "UTC", "still", None).endswith("still")


def test_a_sheet_is_a_jpeg() -> None:
    assert cv2.imdecode(np.frombuffer(as_jpeg(NOISE), np.uint8), cv2.IMREAD_COLOR).shape == NOISE.shape
