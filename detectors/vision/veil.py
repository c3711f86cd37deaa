"""A veil over faces and number plates, for pictures that are shown to whoever may not see them.

Nobody looks for faces: the head of whoever was found is where heads are, a plate is on the lower part of a vehicle.
Who was not found is not veiled; docs/cameras.md says so.
"""

from collections.abc import Iterable
from typing import cast

import cv2
import numpy as np

from detectors.vision.marks import MOVER, Mark
from detectors.vision.nanodet import PERSON, VEHICLE
from detectors.vision.picture import Picture

# What part of a box is veiled: from and to which share of its height, and by how much of its width it is wider on each side.
PARTS = {PERSON: (-0.05, 0.25, 0.1), MOVER: (-0.05, 1 / 3, 0.1), VEHICLE: (0.4, 1.0, 0.0)}
NEAR = 1_000_000_000  # ns; what was found so long before or after is veiled, too: somebody may be missed on one frame
COARSE = 6  # squares across what is veiled: too few to tell anybody by


def veiled(picture: Picture, found: Iterable[Mark]) -> Picture:
    """A copy of the picture, pixelated where faces and plates are."""
    covered = picture.copy()
    for mark in found:
        if mark.kind in PARTS:
            _cover(covered, mark, *PARTS[mark.kind])
    return covered


def _cover(picture: Picture, mark: Mark, start: float, end: float, wider: float) -> None:
    lines, columns = picture.shape[:2]
    top, bottom = (round((mark.top + share * mark.height) * lines) for share in (start, end))
    left, right = (round((mark.left + share * mark.width) * columns) for share in (-wider, 1 + wider))
    part = picture[max(top, 0) : max(bottom, 0) + 1, max(left, 0) : max(right, 0) + 1]
    if part.size:
        few = cv2.resize(part, _squares(part), interpolation=cv2.INTER_AREA)
        part[:] = cast("Picture", cv2.resize(few, part.shape[1::-1], interpolation=cv2.INTER_NEAREST))


def _squares(part: Picture) -> tuple[int, int]:
    lines, columns = part.shape[:2]
    side = max(lines, columns) / COARSE
    return max(1, int(np.ceil(columns / side))), max(1, int(np.ceil(lines / side)))
