"""Change against a dated reference picture: what has been built, opened or torn away since.

What passes is gone from the mean of some minutes. That mean is laid on the reference and compared with it by structure.
"""

from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.altered import altered, dark
from detectors.vision.laying import laid_on
from detectors.vision.picture import decode
from detectors.vision.view import Glance, Measures, View

Colour = NDArray[np.float32]

BEAT, ROUND = 2.0, 30.0  # seconds between two pictures of the mean, and between two comparisons
RECENT = 120.0  # seconds that the mean reaches back
ENOUGH = 20  # pictures in it, before anything is said
SOFT = 1.5  # pixels by which pictures are smoothed: blades of grass are others in each light
UNSEEN = 0.5  # share of a zone that is too dark, from which nothing is said of it
FADED = 0.25  # share of the colours under which one of two pictures has lost them: it was taken in infrared
_PALE = 0.02  # share of the light that is added to the colours, so that grey places have some


class Change:
    """What has changed in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots_for("change") if view.camera.reference else ()
        if not self._plots:
            return
        taken = cv2.resize(decode(view.camera.reference), (view.columns, view.lines), interpolation=cv2.INTER_AREA)
        self._reference = _soft(taken.astype(np.float32))
        self._mean = np.zeros_like(self._reference)
        self._pictures, self._waited, self._since = 0, BEAT, ROUND
        self._said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """change.<zone>: % of the zone that was altered since the reference; nothing while that cannot be seen."""
        if not self._plots:
            return {}
        self._waited += glance.elapsed
        self._since += glance.elapsed
        if self._waited >= BEAT:
            self._pictures += 1
            cv2.accumulateWeighted(glance.picture, self._mean, max(1 / self._pictures, 1 - exp(-self._waited / RECENT)))
            self._waited = 0.0
        if self._since >= ROUND and self._pictures >= ENOUGH:
            self._since = 0.0
            self._said = self._compared(_soft(self._mean))
        return self._said

    def _compared(self, now: Colour) -> Measures:
        """Nothing while the picture cannot be laid on the reference, and of zones that are too dark."""
        laid = laid_on(self._reference, now)
        if laid is None or _one_has_faded(_colours(self._reference), _colours(laid)):
            return {}
        mask, unseen = altered(self._reference, laid), dark(laid).astype(np.uint8)
        return {f"change.{plot.name}": 100 * plot.share(mask) for plot in self._plots if plot.share(unseen) < UNSEEN}


def _soft(picture: Colour) -> Colour:
    return cast("Colour", cv2.GaussianBlur(picture, (0, 0), SOFT))


def _colours(picture: Colour) -> float:
    """How far the colours of a picture differ, as a share of its light."""
    return float((picture.max(axis=2) - picture.min(axis=2)).mean() / (picture.mean() + 1))


def _one_has_faded(one: float, other: float) -> bool:
    return min(one, other) + _PALE < FADED * (max(one, other) + _PALE)
