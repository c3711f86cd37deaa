"""What changes its shape: what is not found again near where it was.

Leaves that sway, cloth in the wind and what floats go to and fro and are bent a little, but each patch of them was there at the
look before, a few pixels aside; of a flame nothing is left half a second later. A patch is compared to within half a pixel
(Birchfield and Tomasi, PAMI 20, 1998), in green and in how far red leads over green: light that is mirrored adds to both alike.
"""

from collections import deque
from itertools import pairwise
from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

Grey = NDArray[np.float32]

MEMORY, LOOKS = 2.0, 7  # seconds and looks that what was seen reaches back
REACH = 8  # pixels that something may have gone
PATCH, AROUND = 7, 11  # pixels across that are looked for together, and that are told of together
GREEN, LEAD = 7.0, 2.7  # grey levels that a patch is off at its best place, in green and in red's lead; noise is half of that
BEHIND = 55  # grey levels that red may be less than green and still be told of
_ROOM = REACH + PATCH // 2 + AROUND // 2


class Reshaped:
    """How strange what was seen lately has been to the picture before each time; looked for only where somebody asks."""

    def __init__(self) -> None:
        self._seen: deque[tuple[Picture, float]] = deque(maxlen=LOOKS + 1)  # with the seconds since the one before

    def see(self, picture: Picture, elapsed: float) -> None:
        """Remember a picture."""
        self._seen.append((picture, elapsed))

    def around(self, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Around which pixels things have changed their shape, of those that are asked for."""
        anew = np.zeros(where.shape, np.bool_)
        left, top, width, height = cv2.boundingRect(where.astype(np.uint8))
        if width:
            place = np.s_[max(top - _ROOM, 0) : top + height + _ROOM, max(left - _ROOM, 0) : left + width + _ROOM]
            anew[place] = (
                cv2.blur(self._mean([(picture[place], elapsed) for picture, elapsed in self._seen]), (AROUND, AROUND)) >= 1
            )
        return anew & where

    def _mean(self, seen: list[tuple[Picture, float]]) -> Grey:
        """From 1 on a patch was found again nowhere, on average; the newer look counts more."""
        mean, weight = np.zeros(seen[0][0].shape[:2], np.float32), 1e-6
        for (before, _), (now, elapsed) in pairwise(seen):
            kept = exp(-elapsed / MEMORY)
            green = strange(now[..., 1], before[..., 1]) / np.float32(GREEN)
            lead = strange(_lead(now), _lead(before)) / np.float32(LEAD)
            mean = cast("Grey", mean * np.float32(kept) + np.minimum(green, lead) * np.float32(1 - kept))
            weight = weight * kept + 1 - kept
        return cast("Grey", mean / np.float32(weight))


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
