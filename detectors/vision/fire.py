"""Flames: what has the colours of fire and flickers in them.

A flame is brighter red than green and green than blue (Celik and Demirel, Fire Safety Journal 44, 2009), and its brightness turns
again and again. What passes in front of something orange changes its colour too, but not among the colours of fire; a light that
is switched turns once. Leaves that sway turn as flames do, but no more light comes from all of them together than before; and a
flame gives light, so that a part of it is as red as a camera can tell. A lamp that flashes orange cannot be told from a flame.
Where pictures are so sparse that a pixel has no time to turn twice within two seconds, neighbours count together: a flame is
larger than a pixel, and flickers all over. A fifth of a second later it is another one, where what sways or floats is found again
(`reshaped`).
"""

from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture
from detectors.vision.reshaped import Reshaped
from detectors.vision.steadying import moved
from detectors.vision.view import Glance, Measures, View

MEMORY = 2.0  # seconds in which a turn is forgotten
TURNS = 1.5  # turns of brightness, older ones counting less, from which a pixel flickers
STEP = 22  # grey levels of green that brightness must turn by; noise is a fifth of that
RED, WARM = (180, 70), (110, 40)  # least red, and its lead over blue: of a flame, and of what a flame flickers through
SPARSE = 0.35  # seconds between two pictures from where on neighbours count together
TOGETHER, TURNS_OF_ALL, ONCE = 7, 0.75, 0.1  # pixels across that do; their mean turns; and their `OFTEN`
OFTEN = 0.25  # share of the time that a burning pixel has the colour of a flame
SPECK = 12  # pixels; less is no flame
AROUND, FAR, UNSTEADY = 21, 91, 0.04  # pixels across, and how much the light there must vary, by that of what lies farther around
GLOWS, PART = 225, 0.05  # red of what gives light itself, and the part of a flame that has it
ANEW = 0.1  # the part of a flame that has changed its shape
SEARCHED, MOST = 4, 0.3  # the largest patches are searched; and what part of them all must be, so that it is no chance
MIDDLE = 40  # pixels across that are searched of a patch
HELD = 0.15  # seconds between two pictures up to where a flame that is missed at one goes on

Grey = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Fire:
    """What burns in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots_for("fire")
        self._place = view.around(self._plots)
        self._flicker: Flicker | None = None

    def measure(self, glance: Glance) -> Measures:
        """fire.<zone>: % of the zone that burns."""
        if not self._plots:
            return {}
        picture = (glance.picture if glance.seen.shift is None else moved(glance.picture, glance.seen.shift))[self._place]
        if self._flicker is None:
            self._flicker, self._reshaped = Flicker(picture), Reshaped()
            self._flaming = np.zeros(picture.shape[:2], np.uint8)
        burns = self._flicker.burns(picture, glance.elapsed)
        self._reshaped.see(picture, glance.elapsed)
        before, self._flaming = self._flaming, self._flames(burns, picture[..., 2] >= GLOWS)
        burning = np.zeros_like(glance.grey)
        burning[self._place] = cv2.bitwise_or(before, self._flaming) if glance.elapsed < HELD else self._flaming
        return {f"fire.{plot.name}": 100 * plot.share(burning) for plot in self._plots}

    def _flames(self, burns: Flags, glows: Flags) -> Mask:
        """The patches of burning pixels that are no specks, glow and change their shape, 255."""
        mask = cv2.medianBlur(burns.astype(np.uint8), 3)
        if not mask.any():
            return cast("Mask", mask)
        _, names, patches, _ = cv2.connectedComponentsWithStats(mask)
        areas = patches[:, cv2.CC_STAT_AREA]
        flames = (areas >= SPECK) & (np.bincount(names[glows], minlength=len(areas)) >= PART * areas)
        flames[0] = False
        largest = np.flatnonzero(flames)[np.argsort(-areas[flames], kind="stable")][:SEARCHED]
        anew, seen = np.array([self._anew(names == name, patches[name].tolist()) for name in largest]).reshape(-1, 2).T
        flames[:] = False
        if anew.sum() >= MOST * seen.sum():
            flames[largest[anew >= np.maximum(1, ANEW * seen)]] = True
        return cast("Mask", flames[names].astype(np.uint8) * 255)

    def _anew(self, patch: Flags, box: list[int]) -> tuple[int, int]:
        """How many pixels of a patch have changed their shape, and how many were looked at: its middle, where it is large."""
        left, top, width, height, _ = box
        down, right = max(0, height - MIDDLE) // 2, max(0, width - MIDDLE) // 2
        place = np.s_[top + down : top + height - down, left + right : left + width - right]
        inside = patch[place]
        return int(np.count_nonzero(inside & (self._reshaped.at(place) >= 1))), int(np.count_nonzero(inside))


class Flicker:
    """How often each pixel has turned brighter and darker among the colours of fire lately."""

    def __init__(self, picture: Picture) -> None:
        self._extreme = picture[..., 1].astype(np.int16)  # the green last reached, up or down
        self._way = np.zeros(picture.shape[:2], np.int8)
        self._turns = np.zeros(picture.shape[:2], np.float32)
        self._often = np.zeros(picture.shape[:2], np.float32)
        self._warm = _has(picture, WARM)
        self._weight, self._light, self._square = 0.0, self._often.copy(), self._often.copy()

    def burns(self, picture: Picture, elapsed: float) -> Flags:
        """Which pixels burn, as far as the pictures up to this one tell."""
        kept = np.float32(exp(-elapsed / MEMORY))
        warm, red, green = _has(picture, WARM), _has(picture, RED), picture[..., 1].astype(np.int16)
        unsteady = self._unsteady(picture[..., 1], kept)
        change = green - self._extreme
        up, down = change > STEP, change < -STEP
        turned = ((up & (self._way < 0)) | (down & (self._way > 0))) & warm & self._warm
        self._turns = cast("Grey", self._turns * kept + turned)
        self._often = cast("Grey", self._often * kept + red * (1 - kept))
        self._extreme = np.where(up | down | (self._way * change > 0), green, self._extreme)
        self._way = np.where(warm & self._warm, np.where(up, 1, np.where(down, -1, self._way)), 0).astype(np.int8)
        self._warm = warm
        alone = unsteady & (self._turns >= TURNS) & (self._often >= OFTEN)
        if elapsed < SPARSE:
            return alone
        return alone | (unsteady & (cv2.blur(self._turns, (TOGETHER, TOGETHER)) >= TURNS_OF_ALL) & (self._often >= ONCE) & warm)

    def _unsteady(self, green: Mask, kept: np.float32) -> Flags:
        """Around which pixels the light has varied lately, all of it together; not where it varied far around as well."""
        light = green.astype(np.float32)
        together = cv2.blur(light, (AROUND, AROUND)) / (cv2.blur(light, (FAR, FAR)) + 1)
        self._weight = self._weight * float(kept) + 1
        self._light = cast("Grey", self._light * kept + together)
        self._square = cast("Grey", self._square * kept + together * together)
        mean = self._light / np.float32(self._weight)
        return self._square / np.float32(self._weight) > np.float32(1 + UNSTEADY**2) * mean * mean


def _has(picture: Picture, colour: tuple[int, int]) -> Flags:
    """Which pixels are at least so red, and lead so much over blue, with green between."""
    blue, green, red = cv2.split(picture)
    least, lead = colour
    return (red >= least) & (red >= green) & (green >= blue) & (cv2.subtract(red, blue) >= lead)
