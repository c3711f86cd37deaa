"""A folder of pictures is a film; what is broken in it is said and passed over."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.errors import Refused
from detectors.domain.site import Camera, Zone
from detectors.vision import Look
from detectors.vision.bodies import Body
from detectors.vision.tracks import Track
from ingest.cameras.reel import reel
from streams.eyes.drawing import annotated, mot

PICTURE = np.full((120, 160, 3), 90, np.uint8)


def test_pictures_come_in_the_order_of_their_names_and_numbers(tmp_path: Path) -> None:
    for name in ("in2.png", "in1.jpg", "in10.jpg", "in3.JPG"):
        cv2.imwrite(str(tmp_path / name), PICTURE)
    (tmp_path / "notes.txt").write_text("no picture")
    frames = [(name, picture.shape) for name, picture in reel(tmp_path).frames if not isinstance(picture, Refused)]
    assert frames == [(name, PICTURE.shape) for name in ("in1", "in2", "in3", "in10")]


def test_broken_pictures_are_reasons(tmp_path: Path) -> None:
    whole = cv2.imencode(".png", PICTURE)[1].tobytes()
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    (tmp_path / "b.png").write_bytes(whole[:40])
    (tmp_path / "c.png").write_bytes(whole[:16] + b"\0\0\xff\xff\0\0\xff\xff" + whole[24:])
    reasons = [str(picture) for _, picture in reel(tmp_path).frames]
    assert ["not a JPEG" in reasons[0], "cannot be decoded" in reasons[1], "too large" in reasons[2]] == [True] * 3


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="without pictures"):
        reel(tmp_path)


def test_boxes_are_in_pixels_of_the_whole_picture_from_one() -> None:
    look = Look({"motion": 0.0}, np.zeros((60, 80), np.uint8), (Track(4, Body(10, 20, 6, 18), (0, 0), 0.0),), settled=True)
    assert mot(3, look, 2.0) == ["3,4,21.0,41.0,12.0,36.0,1,-1,-1,-1\n"]


def test_a_drawing_leaves_the_picture_as_it_was() -> None:
    camera = Camera(name="gate", zones=(Zone(name="all", kind="bank", corners=((0, 0), (1, 0), (1, 1))),))
    look = Look({"motion": 0.0}, np.zeros((60, 80), np.uint8), (Track(4, Body(10, 20, 6, 18), (0, 0), 0.0),), settled=True)
    before = PICTURE.copy()
    assert not np.array_equal(annotated(PICTURE, look, camera), PICTURE)
    assert np.array_equal(before, PICTURE)
