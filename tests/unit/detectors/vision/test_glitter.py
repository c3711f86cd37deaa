"""Glitter on water is no motion, and who is in the midst of it is."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.domain.site import Camera, Zone
from detectors.vision import Watcher
from detectors.vision.picture import Picture
from tests.unit.detectors.vision.scene import COLUMNS, LINES, SECOND

LOWER = ((0, 0.5), (1, 0.5), (1, 1), (0, 1))
CAMERA = Camera(name="weir", zones=(Zone(name="river", kind="water", corners=LOWER),))
RATE = 2  # pictures a second
LEARNT = 20  # pictures
SPARKLES = 60  # a picture, half a percent of the zone, each elsewhere in the next


def glittering(view: Picture, many: int) -> Iterator[Picture]:
    """The view with sparkles where the sun is mirrored."""
    chance = np.random.default_rng(1)
    for _ in range(many):
        picture = np.asarray(np.clip(view + chance.normal(0, 3, view.shape), 0, 255), np.uint8)
        for _ in range(chance.poisson(SPARKLES)):
            place = (int(chance.normal(200, 30)), int(chance.uniform(LINES // 2, LINES)))
            cv2.ellipse(picture, place, (int(chance.integers(1, 4)), 1), 0, 0, 360, (250, 252, 255), -1)
        yield picture


def with_somebody(picture: Picture, x: int) -> Picture:
    """The picture with somebody dark in it, 40 pixels high."""
    picture[160:200, x : x + 15] = (30, 25, 20)
    return picture


@pytest.mark.parametrize(
    "place", ["river_trash/testing11.jpg", "river_trash/testing19.jpg", "gauge/06/NRmarshDN-12-06-30-09-00.jpg"]
)
def test_glitter_on_a_real_river_is_no_motion_and_who_wades_through_it_is(shared: Path, place: str) -> None:
    """The water is a photograph, the sparkles are drawn: no film of a river is at hand."""
    read = np.asarray(cv2.imread(str(shared / "realdata" / place)), np.uint8)
    view = np.asarray(cv2.resize(read, (COLUMNS, LINES), interpolation=cv2.INTER_AREA), np.uint8)
    pictures = list(glittering(view, 70))
    waded = [with_somebody(picture, 150 + 6 * i) for i, picture in enumerate(pictures[60:])]
    watcher = Watcher(CAMERA)
    said = [watcher.look(picture, i * SECOND // RATE) for i, picture in enumerate([*pictures[:60], *waded])]
    assert max(one["motion.river"] for one in said[LEARNT:60]) < 0.25
    assert max(one["movers.river"] for one in said[LEARNT:60]) == 0
    assert said[-1]["motion.river"] > 0.75
    assert said[-1]["movers.river"] == 1
