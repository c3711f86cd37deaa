"""Person-sized bodies in a mask: connected parts of the right height for where they stand, wide ones split."""

from dataclasses import dataclass

import cv2
import numpy as np

from detectors.vision.picture import Mask

GIRTH = 0.42  # a walking person's width by their height
_FILLED = 0.25  # share of its box that a body fills at least


@dataclass(frozen=True, slots=True)
class Body:
    """A person-sized box on the working picture, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def foot(self) -> tuple[float, float]:
        """Where it stands: the middle of the lower edge."""
        return self.left + self.width / 2, self.top + self.height - 1


def bodies(mask: Mask, heights: tuple[float, float]) -> list[Body]:
    """The person-sized bodies in a mask; `heights` are the shares of the picture's height a person takes, far and near."""
    left_of, above, place = _place(mask, upright := _upright(mask.shape[0], heights))
    if not place.size:
        return []
    joined = cv2.morphologyEx(place, cv2.MORPH_CLOSE, upright)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, ltype=cv2.CV_16U)
    found: list[Body] = []
    for left, top, width, height, area in stats[1:].tolist():
        if area >= _FILLED * width * height:
            found += _split(Body(left + left_of, top + above, width, height), mask.shape[0], heights)
    return found


def _place(mask: Mask, element: Mask) -> tuple[int, int, Mask]:
    """Where something is in a mask, as far as a closing with the element reaches: left, top, and that part of the mask."""
    x, y, wide, high = cv2.boundingRect(mask)
    reach, across = element.shape
    left, top = max(0, x - across), max(0, y - reach)
    return left, top, mask[top : y + high + reach, left : x + wide + across] if wide else mask[:0]


def expected(foot: float, lines: int, heights: tuple[float, float]) -> float:
    """How many lines a person takes whose feet are on that line: growing from far (top) to near (bottom)."""
    far, near = heights
    return lines * (far + (near - far) * min(max(foot / lines, 0.0), 1.0))


def _upright(lines: int, heights: tuple[float, float]) -> Mask:
    """A tall, narrow element that joins head, trunk and legs of one person but not two side by side."""
    tall = max(3, round(lines * heights[0] * 0.5)) | 1
    return np.ones((tall, 3), np.uint8)


def _split(body: Body, lines: int, heights: tuple[float, float]) -> list[Body]:
    """The one or several people that a part of the mask can be, or none."""
    far, near = heights
    if not lines * far * 0.75 <= body.height <= lines * near * 1.5 or body.width < 0.15 * body.height:
        return []
    usual = min(expected(body.foot[1], lines, heights), body.height)
    across = max(1, round(body.width / (GIRTH * usual)))
    if across > 8:
        return []  # no crowd: a wave, a shadow, a vehicle
    each = body.width / across
    return [Body(body.left + i * each, body.top, each, body.height) for i in range(across)]
