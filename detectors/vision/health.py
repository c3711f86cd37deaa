"""Camera health: whether a picture can be believed, each doubt a measure of its own.

A measure on the wrong side of its line in `signs.csv` makes the camera sick. What is usual in a view is learnt only from pictures
that are believed; what has been otherwise for a day is the new view.
"""

from math import exp

import cv2
import numpy as np

from detectors.domain.signs import is_sick
from detectors.vision.picture import Mask
from detectors.vision.structure import Structure
from detectors.vision.view import Glance, Measures, View

GLARING = 250  # of 255
SLOW = 3600.0  # seconds in which a view's usual sharpness is learnt
DAY = 86_400.0  # seconds
YOUNG = 10  # pictures whose mean is the first reference
SAME = 0.02  # grey levels of mean difference under which nothing changed: sensor noise is a hundred times that
_HAZE = 4.0  # grey levels of deviation that are added to the contrast, so that noise in the dark is no sharpness


class Health:
    """The health of one view."""

    def __init__(self, _view: View) -> None:
        self._still, self._focus, self._structure = Stillness(), Focus(), Structure()

    def measure(self, glance: Glance) -> Measures:
        """Brightness (mean, 0 to 1), sharpness (variance of the Laplacian: Pech-Pacheco, ICPR 2000), glare (% white), still (s).

        focus: sharpness for the contrast there is, by what is usual here; cover, view and moved: see `Structure`.
        """
        spread = float(cv2.meanStdDev(glance.grey)[1][0, 0])
        sharpness = _sharpness(glance.grey)
        measures = {
            "brightness": cv2.sumElems(glance.grey)[0] / (255 * glance.grey.size),  # white is 1, not a rounding more
            "sharpness": sharpness,
            "glare": 100 * float(np.count_nonzero(glance.grey >= GLARING)) / glance.grey.size,
            "still": self._still.after(glance),
        }
        dull = is_sick(measures)
        measures["focus"] = self._focus.of(sharpness / (spread + _HAZE) ** 2, glance.elapsed, believed=not dull)
        return measures | self._structure.measure(glance, believed=not is_sick(measures))


def _sharpness(grey: Mask) -> float:
    """The variance of the Laplacian, from its sums in whole numbers: a third of the time of floats."""
    steps = cv2.Laplacian(grey, cv2.CV_16S)
    return float(cv2.norm(steps, cv2.NORM_L2SQR)) / steps.size - (cv2.sumElems(steps)[0] / steps.size) ** 2


class Stillness:
    """For how long a picture has been the same to the last grey level."""

    def __init__(self) -> None:
        self._before: Mask | None = None
        self._since = 0

    def after(self, glance: Glance) -> float:
        """Seconds without any change up to this picture."""
        if self._before is None or float(cv2.norm(glance.grey, self._before, cv2.NORM_L1)) > SAME * glance.grey.size:
            self._since = glance.at
        self._before = glance.grey
        return max(0.0, (glance.at - self._since) / 1e9)


class Focus:
    """Sharpness by what is usual; what is usual follows slowly, and not at all while it is far off."""

    def __init__(self) -> None:
        self._usual, self._pictures, self._odd = 0.0, 0, 0.0

    def of(self, sharpness: float, elapsed: float, *, believed: bool) -> float:
        """1 is as always, 0 is a smear; 1 while it is being learnt."""
        focus = sharpness / self._usual if self._usual else 1.0
        if believed and (self._pictures < YOUNG or 0.5 < focus < 2.0):
            self._learn(sharpness, elapsed)
        elif believed:
            self._odd += elapsed
            if self._odd >= DAY:
                self._pictures, self._odd = 0, 0.0
        return focus if self._pictures >= YOUNG else 1.0

    def _learn(self, sharpness: float, elapsed: float) -> None:
        self._pictures, self._odd = self._pictures + 1, 0.0
        rate = 1 / self._pictures if self._pictures <= YOUNG else 1 - exp(-elapsed / SLOW)
        self._usual += rate * (sharpness - self._usual)
