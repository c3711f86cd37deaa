"""Things left: what is new in the view, and stays.

Two memories of the view (Porikli, 2007): what it has looked like for long, and what it has looked like in the last seconds. Where
the second is steady and unlike the first, something new stands. What an edge surrounds now has been left; what an edge surrounded
before has been taken away, and is learnt as it is.
"""

from collections.abc import Callable, Sequence
from math import exp
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.light import lit_as
from detectors.vision.picture import Mask
from detectors.vision.view import Glance, Measures, View

BEAT = 2.0  # seconds between two looks: what is left stays for longer
YOUNG = 6.0  # seconds in which the first view is learnt
RECENT, LONG = 3.0, 900.0  # seconds that the two memories reach back
DAY = 86_400.0  # seconds after which what was left is part of the view
UNLIKE, STILL = 26.0, 14.0  # grey levels of a colour, between the memories, and between now and the recent one
DIM = (0.45, 0.97)  # what is so much darker in all colours alike is a shadow
ALIKE = 0.06  # how far the three colours may differ in that
LEAST = 0.0008  # share of the picture that a thing takes; less is a bag that a person carries, far away
FLOOD = 0.4  # share of the picture at once that is light, or a camera that was turned
_DARK = np.float32(8)  # grey levels added, so that black has a factor
FORGIVEN = 6.0  # seconds that somebody may stand before it
_GROWS = 0.2  # share of what lies around a patch that is new, too, from which its border is not where it will be
_SHIFT = 0.02  # share of the picture that is new, from where on the camera may have strayed

Grey = NDArray[np.float32]
Colour = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Left:
    """What has been left in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots_for("left")
        self._size = (view.columns // 2, view.lines // 2)
        self._zones = [cast("Mask", cv2.resize(plot.mask, self._size, interpolation=cv2.INTER_NEAREST)) for plot in self._plots]
        self._memory: Memory | None = None
        self._waited, self._told = 0.0, 0.0
        self.said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """left.<zone>: seconds for which the thing that has stood there longest has stood; 0 where there is none."""
        if not self._plots:
            return {}
        self._waited += glance.elapsed
        if self._memory is None or self._waited >= BEAT:
            small = cv2.GaussianBlur(cv2.resize(glance.picture, self._size, interpolation=cv2.INTER_AREA), (3, 3), 0).astype(
                np.float32
            )
            if self._memory is None:
                self._memory = Memory(small)
            self._memory.see(small, self._waited)
            self._waited = 0.0
            self.said = {f"left.{plot.name}": self._longest(zone) for plot, zone in zip(self._plots, self._zones, strict=True)}
        return self.said

    def _longest(self, zone: Mask) -> float:
        assert self._memory
        ages = [age for age, foot in self._memory.things if zone[foot]]
        return max(ages, default=0.0)


class Memory:
    """What the view has looked like for long and lately, and since when each pixel has been new."""

    def __init__(self, small: Colour) -> None:
        self._long, self._recent = small.copy(), small.copy()
        lines, columns = small.shape[:2]
        self._new = np.zeros((lines, columns), np.float32)  # seconds for which it has stood there
        self._gone = np.zeros((lines, columns), np.float32)  # seconds for which it has not been seen
        self._age, self._flooded = 0.0, 0.0
        self.things: list[tuple[float, tuple[int, int]]] = []  # seconds, and where its foot is

    def see(self, small: Colour, elapsed: float) -> None:
        """Judge a picture, then learn from it."""
        self._age += elapsed
        steady = _apart(small, self._recent) < STILL
        cv2.accumulateWeighted(small, self._recent, 1 - exp(-elapsed / RECENT))
        if self._age < YOUNG:
            self._long += np.float32(max(0.1, 1 - exp(-elapsed / RECENT))) * (small - self._long)
            return
        new = self._unlike()
        if np.count_nonzero(new) > FLOOD * new.size:
            self._flood(elapsed)
            return
        self._flooded = 0.0
        self._wait(new, steady, elapsed)
        self._learn(new, elapsed)
        self._judge(new)

    def _unlike(self) -> Flags:
        """Where the two memories differ by more than light, shadow and a camera that strayed."""
        recent = self._recent
        new = _new(self._long, recent)
        if np.count_nonzero(new) > _SHIFT * new.size:
            back = _moved_back(self._long, recent)
            new &= _new(self._long, back) if back is not None else True
        return cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0

    def _flood(self, elapsed: float) -> None:
        """All is new at once: after a minute that is the view."""
        self._flooded += elapsed
        self.things = []
        if self._flooded >= 60.0:
            self._long, self._age, self._flooded = self._recent.copy(), YOUNG, 0.0
            self._new[:] = 0

    def _wait(self, new: Flags, steady: Flags, elapsed: float) -> None:
        """Let what is new and steady grow older; what is not seen for a while begins anew."""
        there = new & steady
        self._new += there * np.float32(elapsed)
        self._gone = np.where(there, np.float32(0), self._gone + np.float32(elapsed))
        kept = (self._new > 0) & (self._gone > 0) & (self._gone <= FORGIVEN)
        self._new[kept] += np.float32(elapsed)
        self._new[self._gone > FORGIVEN] = 0

    def _learn(self, new: Flags, elapsed: float) -> None:
        """The long memory follows slowly where nothing is new, and takes what has been there for a day."""
        old = (self._new >= DAY).view(np.uint8)
        cv2.accumulateWeighted(self._recent, self._long, 1 - exp(-elapsed / LONG), (~new).view(np.uint8))
        cv2.copyTo(self._recent, old, self._long)

    def _judge(self, new: Flags) -> None:
        """What stands there, and is no hole that something left; of what still grows, a heap, that cannot be told yet."""
        self.things = []
        there = cv2.morphologyEx((self._new > 2 * RECENT).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        count, names, patches, _ = cv2.connectedComponentsWithStats(there)
        for i in range(1, count):
            left, top, width, height, area = (int(side) for side in patches[i])
            if area < LEAST * names.size:
                continue
            window = np.s_[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2]
            inside = names[window] == i
            if _edge(self._recent[window], inside) < _edge(self._long[window], inside):
                if _rim(inside, new[window]) <= _GROWS:
                    self._long[window][inside] = self._recent[window][inside]
                    self._new[window][inside] = 0
                continue
            age = float(np.median(self._new[names == i]))
            self.things.append((age, (top + height - 1, left + width // 2)))


def _new(long: Colour, recent: Colour) -> Flags:
    """Where two pictures differ, shadows and the light of all aside."""
    was = cv2.split(long)
    lit = [lit_as(*planes) for planes in zip(was, cv2.split(recent), strict=True)]
    apart = [cv2.absdiff(*planes) for planes in zip(lit, was, strict=True)]
    ratio = [cv2.divide(now + _DARK, before + _DARK) for now, before in zip(lit, was, strict=True)]
    least, most = _of_all(cv2.min, ratio), _of_all(cv2.max, ratio)
    shadow = (least > DIM[0]) & (most < DIM[1]) & (most - least < ALIKE)
    return (_of_all(cv2.max, apart) > UNLIKE) & ~shadow


def _of_all(least_or_most: Callable[[Grey, Grey], Any], planes: Sequence[Any]) -> Grey:
    """The least, or the most, of three colours."""
    blue, green, red = planes
    return cast("Grey", least_or_most(least_or_most(blue, green), red))


def _apart(one: Colour, other: Colour) -> Grey:
    """By how many grey levels two pictures differ, in the colour that differs most."""
    return _of_all(cv2.max, cv2.split(cv2.absdiff(one, other)))


def _moved_back(long: Colour, recent: Colour) -> Colour | None:
    """The recent picture where the camera stood for long, if it has strayed."""
    one, other = (np.ascontiguousarray(picture[..., 1]) for picture in (long, recent))
    (right, down), sure = cv2.phaseCorrelate(one, other)
    if sure < 0.2 or max(abs(right), abs(down)) > 0.05 * long.shape[1]:
        return None
    back = np.array([[1, 0, -right], [0, 1, -down]], np.float32)
    return cast("Colour", cv2.warpAffine(recent, back, recent.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))


def _rim(inside: Flags, where: Flags) -> float:
    """The share of what lies around a patch."""
    around = (cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~inside
    return float(where[around].mean()) if around.any() else 0.0


def _edge(picture: Colour, inside: Flags) -> float:
    """How steep a picture is along the border of a patch, in the colour that is steepest there."""
    mask = inside.astype(np.uint8)
    border = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) - cv2.erode(mask, np.ones((3, 3), np.uint8))) > 0
    steep = cv2.magnitude(cv2.Sobel(picture, cv2.CV_32F, 1, 0), cv2.Sobel(picture, cv2.CV_32F, 0, 1))
    return float(steep[border].max(axis=1).mean()) if border.any() else 0.0
