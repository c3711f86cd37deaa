"""What changes its shape: what is not found again near where it was.

Leaves that sway, cloth in the wind and what floats go to and fro and are bent a little, but each patch of them was there at the
look before, a few pixels aside; of a flame nothing is left a fifth of a second later. A patch is compared to within half a pixel
(Birchfield and Tomasi, PAMI 20, 1998), in green and in how far red leads over green: light that is mirrored adds to both alike.
"""

from collections import deque
from itertools import islice, pairwise
from math import ceil, exp
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

Grey = NDArray[np.float32]
Place = tuple[slice, slice]  # lines and columns of the picture

BEAT = 0.15  # seconds between two looks, so that a flame has time to be another one
LOOKS, SPARSE = (4, 7), 0.3  # looks that what was seen reaches back, and of those that are farther apart than so many seconds
MEMORY = 2.0  # seconds in which a look is forgotten
REACH, PACE = 2, 12  # pixels that something may have gone at once, and in a second
PATCH, AROUND = 7, 11  # pixels across that are looked for together, and that are told of together
GREEN, LEAD = 7.0, 2.7  # grey levels that a patch is off at its best place, in green and in red's lead; noise is half of that
BENT, MORE = 0.5, 2.0  # of these, what is allowed at once and what more by the second: what floats is bent the longer the more
BEHIND = 55  # grey levels that red may be less than green and still be told of


class Look(NamedTuple):
    """One picture, and how strange it was to the one before, where somebody asked."""

    picture: Picture
    elapsed: float  # seconds since the one before
    strange: Grey  # NaN where nobody has asked


class Reshaped:
    """How strange what was seen lately has been to the picture before each time; looked for only where somebody asks."""

    def __init__(self) -> None:
        self._looks: deque[Look] = deque(maxlen=max(LOOKS) + 1)
        self._waited = 0.0

    def see(self, picture: Picture, elapsed: float) -> None:
        """Remember a picture, where it is time to look."""
        self._waited += elapsed
        if not self._looks or self._waited >= BEAT:
            self._looks.append(Look(picture, self._waited, np.full(picture.shape[:2], np.nan, np.float32)))
            self._waited = 0.0

    def at(self, place: Place) -> Grey:
        """From 1 on things around a pixel of a place were found again nowhere, on average; the newer look counts more."""
        near = _wider(place, AROUND // 2, self._looks[-1].strange.shape)
        mean, weight = np.zeros(self._looks[-1].strange[near].shape, np.float32), 1e-6
        most = LOOKS[self._looks[-1].elapsed >= SPARSE] + 1
        for before, now in pairwise(islice(self._looks, max(0, len(self._looks) - most), None)):
            if np.isnan(now.strange[near]).any():
                now.strange[near] = _found(now, before, near)
            kept = exp(-now.elapsed / MEMORY)
            mean = cast("Grey", mean * np.float32(kept) + now.strange[near] * np.float32(1 - kept))
            weight = weight * kept + 1 - kept
        around = cv2.blur(mean / np.float32(weight), (AROUND, AROUND))
        return cast("Grey", around[tuple(slice(a.start - b.start, a.stop - b.start) for a, b in zip(place, near, strict=True))])


def _wider(place: Place, by: int, shape: tuple[int, ...]) -> Place:
    """A place with so many pixels around it, as far as the picture goes."""
    lines, columns = (slice(max(0, one.start - by), min(size, one.stop + by)) for one, size in zip(place, shape, strict=True))
    return lines, columns


def _found(now: Look, before: Look, place: Place) -> Grey:
    """How far what is at a place was found again at the look before: from 1 on it was not."""
    reach = ceil(REACH + PACE * min(now.elapsed, BENT))
    wide = _wider(place, reach + PATCH // 2, now.strange.shape)
    here, there = now.picture[wide], before.picture[wide]
    green = strange(here[..., 1], there[..., 1], reach) / np.float32(GREEN)
    lead = strange(_lead(here), _lead(there), reach) / np.float32(LEAD)
    inner = tuple(slice(a.start - b.start, a.stop - b.start) for a, b in zip(place, wide, strict=True))
    return cast("Grey", np.minimum(green, lead)[inner] / np.float32(min(1.0, BENT + MORE * now.elapsed)))


def strange(now: Mask, before: Mask, reach: int) -> Mask:
    """By how many grey levels the patch around each pixel is off the patch near it that was most like it."""
    lines, columns = now.shape
    room = cv2.copyMakeBorder(before, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    nine = np.ones((3, 3), np.uint8)
    most, least = (cv2.addWeighted(room, 0.5, end(room, nine), 0.5, 0) for end in (cv2.dilate, cv2.erode))
    best = np.full(now.shape, 255, np.uint8)
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            there = np.s_[down : down + lines, right : right + columns]
            off = cv2.add(cv2.subtract(now, most[there]), cv2.subtract(least[there], now))
            cv2.min(best, cv2.blur(off, (PATCH, PATCH)), best)
    return cast("Mask", best)


def _lead(picture: Picture) -> Mask:
    """By how much red leads over green, or falls behind by a little."""
    return cast("Mask", cv2.addWeighted(picture[..., 2], 1, picture[..., 1], -1, BEHIND))
