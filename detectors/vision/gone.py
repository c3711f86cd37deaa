"""What was there while the view was learnt, and has gone: it leaves a hole that stands out as a body does, but has no edge.

Inside and outside its outline, the learnt view differs and the picture does not; of somebody who stands there it is the other way
round. Colours are taken together over some pixels on either side, so that leaves and ripples are no edge.
"""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask
from detectors.vision.steadying import Planes

Grey = NDArray[np.float32]

STANDS = 0.8  # share of a part that has stood out for long, from where on it does not move
FAINTER = 0.8  # the step at its outline, by the learnt view's there; made clips: 0.3 to 0.65 of holes, 1.4 and more of who stops
_SIDE = 9  # pixels across that are taken together
_LEAST = 0.2  # share of them that must lie on either side
_RIM = np.ones((3, 3), np.uint8)


def gone(mask: Mask, long: Mask, planes: Planes, mean: tuple[Grey, ...]) -> Mask:
    """The parts (255) of a mask that stand there for long, and are holes that something left in the learnt view."""
    found, standing = np.zeros_like(mask), cv2.bitwise_and(mask, long)
    if not cv2.countNonZero(standing):
        return found
    for outline in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        x, y, wide, high = cv2.boundingRect(outline)
        if cv2.countNonZero(standing[y : y + high, x : x + wide]) < STANDS * cv2.contourArea(outline):
            continue
        part, box = _filled(outline, mask.shape)
        stands = cv2.countNonZero(cv2.bitwise_and(part, standing[box])) >= STANDS * cv2.countNonZero(part)
        if stands and _is_hole(part, [one[box] for one in planes], [one[box] for one in mean]):
            cv2.bitwise_or(found[box], part, found[box])
    return found


def _filled(outline: NDArray[Any], shape: tuple[int, ...]) -> tuple[Mask, tuple[slice, slice]]:
    """A part of a mask, and where it is, with a margin."""
    x, y, wide, high = cv2.boundingRect(outline)
    left, top = max(0, x - _SIDE), max(0, y - _SIDE)
    box = slice(top, min(shape[0], y + high + _SIDE)), slice(left, min(shape[1], x + wide + _SIDE))
    part = np.zeros((box[0].stop - top, box[1].stop - left), np.uint8)
    return cast("Mask", cv2.drawContours(part, [outline], -1, 255, -1, offset=(-left, -top))), box


def _is_hole(part: Mask, planes: list[Mask], mean: list[Grey]) -> bool:
    """Whether the picture has less of a step at the outline of a part than the learnt view."""
    inside = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY)[1].astype(np.float32)
    share = _together(inside)
    along = (cv2.morphologyEx(part, cv2.MORPH_GRADIENT, _RIM) > 0) & (share > _LEAST) & (share < 1 - _LEAST)
    now, usual = (sum(_step(plane.astype(np.float32), inside, share, along) for plane in picture) for picture in (planes, mean))
    return now < FAINTER * usual


def _step(plane: Grey, inside: Grey, share: Grey, along: NDArray[np.bool_]) -> float:
    """By how much a plane differs across an outline, summed along it."""
    within, all_of_it = _together(plane * inside)[along], _together(plane)[along]
    weight = share[along]
    return float(np.abs(within / weight - (all_of_it - within) / (1 - weight)).sum())


def _together(plane: Grey) -> Grey:
    return cast("Grey", cv2.blur(plane, (_SIDE, _SIDE)))
