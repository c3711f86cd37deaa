"""What changes its shape: what is not found again near where it was.

Leaves that sway, cloth in the wind and what floats go to and fro and are bent a little, but each patch of them was there at the
look before, a few pixels aside; of a flame nothing is left half a second later. A patch is compared to within half a pixel
(Birchfield and Tomasi, PAMI 20, 1998), in green and in how far red leads over green: light that is mirrored adds to both alike.
"""

from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

Grey = NDArray[np.float32]

MEMORY = 2.0  # seconds that what was seen reaches back
REACH = 8  # pixels that something may have gone
PATCH, AROUND = 7, 11  # pixels across that are looked for together, and that are told of together
STEP = 22  # grey levels of green under which nothing has changed
GREEN, LEAD = 7.0, 2.7  # grey levels that a patch is off at its best place, in green and in red's lead; noise is half of that
BEHIND = 55  # grey levels that red may be less than green and still be told of
_ROOM = REACH + PATCH // 2


class Reshaped:
    """How strange, at each pixel, what was seen there lately has been to the picture before."""

    def __init__(self, picture: Picture) -> None:
        self._before, self._weight = picture, 0.0
        self._strange = np.zeros(picture.shape[:2], np.float32)

    def look(self, picture: Picture, where: NDArray[np.bool_], elapsed: float) -> Grey:
        """From 1 on what is around a pixel has changed its shape; only the pixels that are asked for are looked at."""
        kept = exp(-elapsed / MEMORY)
        self._weight = self._weight * kept + 1 - kept
        self._strange = cast("Grey", self._strange * np.float32(kept))
        self._add(picture, where, np.float32(1 - kept))
        self._before = picture
        return cast("Grey", cv2.blur(self._strange, (AROUND, AROUND)) / np.float32(self._weight))

    def _add(self, picture: Picture, where: NDArray[np.bool_], share: np.float32) -> None:
        changed = where & (cv2.absdiff(picture[..., 1], self._before[..., 1]) > STEP)
        left, top, width, height = cv2.boundingRect(changed.astype(np.uint8))
        if not width:
            return
        place = np.s_[max(top - _ROOM, 0) : top + height + _ROOM, max(left - _ROOM, 0) : left + width + _ROOM]
        now, before = picture[place], self._before[place]
        green = strange(now[..., 1], before[..., 1]) / np.float32(GREEN)
        lead = strange(_lead(now), _lead(before)) / np.float32(LEAD)
        self._strange[place] += share * np.minimum(green, lead)


def strange(now: Mask, before: Mask) -> Mask:
    """By how many grey levels the patch around each pixel is off the patch near it that was most like it."""
    lines, columns = now.shape
    room = cv2.copyMakeBorder(before, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE)
    nine = np.ones((3, 3), np.uint8)
    most, least = (cv2.addWeighted(room, 0.5, end(room, nine), 0.5, 0) for end in (cv2.dilate, cv2.erode))
    best = np.full(now.shape, 255, np.uint8)
    for down in range(2 * REACH + 1):
        for right in range(2 * REACH + 1):
            there = np.s_[down : down + lines, right : right + columns]
            off = cv2.add(cv2.subtract(now, most[there]), cv2.subtract(least[there], now))
            cv2.min(best, cv2.blur(off, (PATCH, PATCH)), best)
    return cast("Mask", best)


def _lead(picture: Picture) -> Mask:
    """By how much red leads over green, or falls behind by a little."""
    return cast("Mask", cv2.addWeighted(picture[..., 2], 1, picture[..., 1], -1, BEHIND))
