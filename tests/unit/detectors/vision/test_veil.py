"""What is veiled on pictures for those who may not see faces and plates, and a frame as people look at it."""

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.vision.marks import Mark
from detectors.vision.veil import veiled
from detectors.vision.whole import as_jpeg, whole
from tests.unit.detectors.vision.frames import jpeg

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


def test_a_frame_is_read_upright_with_even_sides_and_no_wider_than_wanted() -> None:
    assert whole(jpeg(np.zeros((301, 801, 3), np.uint8)), 640).shape == (240, 640, 3)
    assert whole(jpeg(np.zeros((100, 100, 3), np.uint8)), 640).shape == (100, 100, 3)


@pytest.mark.parametrize("data", [b"no picture", jpeg(NOISE)[:400]], ids=["something else", "cut off"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        whole(data, 640)


def test_a_sheet_is_a_jpeg() -> None:
    assert cv2.imdecode(np.frombuffer(as_jpeg(NOISE), np.uint8), cv2.IMREAD_COLOR).shape == NOISE.shape
