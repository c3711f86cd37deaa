"""The water's colour at an outfall, by what is usual there, and the foam on it.

What the light does to the rest of the picture it does to the water too, and is undone before colours are compared; what is white,
and still white at the next look, is foam, not glitter. Nothing is said by night, when pictures have no colour.
"""

from math import exp

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Picture
from detectors.vision.view import Glance, Measures, View
from detectors.vision.zones import Plot

BEAT = 2.0  # seconds between two looks
YOUNG = 30  # looks whose mean is the first usual colour
SLOW, DAY = 3600.0, 86_400.0  # seconds in which what is usual follows, and after which another colour is the usual one
STRANGE = 12.0  # Lab distance from where on nothing is learnt; 2 is just noticed
GREY = 6.0  # levels by which the colours of a picture differ on average, under which it has none
DARK = 20.0  # levels of a zone's brightest colour under which it has no colour
WHITE, PALE = 175, 28  # least of the darkest colour, and most between the colours, of foam
BRIGHTER = 45.0  # levels that foam is brighter than the zone usually is

Colour = NDArray[np.float64]  # blue, green, red; 0 to 255


class Tint:
    """The water at the outfalls of one view."""

    def __init__(self, view: View) -> None:
        self._waters = tuple(Water(plot) for plot in view.plots_for("tint"))
        self._waited = BEAT
        self._said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """tint.<zone>: Lab distance from the usual colour; foam.<zone>: % that is foam. Nothing while learning, or by night."""
        self._waited += glance.elapsed
        if self._waters and self._waited >= BEAT:
            passed, self._waited = self._waited, 0.0
            self._said = {}
            if has_colour(glance.picture):
                for water in self._waters:
                    self._said |= water.look(glance.picture, passed)
        return self._said


class Water:
    """One zone's water."""

    def __init__(self, plot: Plot) -> None:
        self._name, self._inside, self._outside = plot.name, plot.mask > 0, plot.mask == 0
        self._usual, self._around = np.zeros(3), np.zeros(3)  # colours of the zone, and of what is not the zone
        self._white: NDArray[np.bool_] | None = None
        self._looks, self._odd = 0, 0.0

    def look(self, picture: Picture, passed: float) -> Measures:
        """Its tint and foam, `passed` seconds after the look before; nothing where a zone leaves nothing around it."""
        if not self._outside.any():
            return {}
        colour, around = (np.median(picture[where][::3], axis=0) for where in (self._inside, self._outside))
        if colour.max() < DARK:
            return {}
        young = self._looks < YOUNG
        lit = colour if young else colour * (self._around + 1) / (around + 1)
        tint = _apart(lit, self._usual)
        measures = {} if young else {f"tint.{self._name}": tint, f"foam.{self._name}": self._foam(picture)}
        if young or tint < STRANGE:
            self._learn(colour, around, passed)
        else:
            self._doubt(passed)
        return measures

    def _foam(self, picture: Picture) -> float:
        pixels = picture[self._inside]
        least, most = pixels.min(axis=1), pixels.max(axis=1)
        white: NDArray[np.bool_] = (least >= max(WHITE, self._usual.min() + BRIGHTER)) & (most - least <= PALE)
        stays = white if self._white is None else white & self._white
        self._white = white
        return 100 * float(np.count_nonzero(stays)) / white.size

    def _learn(self, colour: Colour, around: Colour, passed: float) -> None:
        self._looks, self._odd = self._looks + 1, 0.0
        rate = max(1 / self._looks if self._looks <= YOUNG else 0.0, 1 - exp(-passed / SLOW))
        self._usual = self._usual + rate * (colour - self._usual)
        self._around = self._around + rate * (around - self._around)

    def _doubt(self, passed: float) -> None:
        """Another colour is learnt anew when it has been there for a day."""
        self._odd += passed
        if self._odd >= DAY:
            self._looks, self._odd = 0, 0.0


def has_colour(picture: Picture) -> bool:
    """Whether a picture is more than shades of one grey."""
    sample = picture[::8, ::8]
    return float((sample.max(axis=2) - sample.min(axis=2)).mean()) >= GREY


def _apart(one: Colour, other: Colour) -> float:
    """The distance of two colours in CIE Lab (CIE 1976)."""
    pair = np.clip(np.array([[one, other]]) / 255, 0, 1).astype(np.float32)
    first, second = cv2.cvtColor(pair, cv2.COLOR_BGR2LAB)[0]
    return float(np.linalg.norm(first - second))
