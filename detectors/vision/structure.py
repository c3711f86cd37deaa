"""The structure of a view: where its edges are, so that a covered, shifted or turned camera is known from its picture."""

from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.domain.signs import is_sick
from detectors.vision.view import Glance, Measures

Grey = NDArray[np.float32]

SLOW = 3600.0  # seconds in which the reference follows the view, by day and night
DAY = 86_400.0  # seconds after which another view is the view
YOUNG = 10  # pictures whose mean is the first reference
BEAT = 1.0  # seconds between two looks at the structure: it is the dearest of health, and nobody turns a camera faster
_FINE = (160, 120)  # size at which views are compared
_BLOCK = 10  # pixels of it; a block has structure or not
_FLAT = 4.0  # grey levels of deviation under which a block has none
_SURE = 0.08  # response of the phase correlation that a shift is believed from
_LIKE = 0.2  # likeness of edges from which two pictures can be of one place
_DIM = 8.0  # steepness (Sobel) that is added to the mean, so that noise in the dark is no edge


class Structure:
    """What has edges in the view, and where they are."""

    def __init__(self) -> None:
        self._window = cv2.createHanningWindow(_FINE, cv2.CV_32F)
        self._edges = np.zeros(_FINE[::-1], np.float32)  # the reference
        self._rough = np.zeros((_FINE[1] // _BLOCK, _FINE[0] // _BLOCK), np.float32)  # deviation of each block of it
        self._pictures, self._waited, self._odd = 0, BEAT, 0.0
        self._told: Measures = {}

    def measure(self, glance: Glance, *, believed: bool) -> Measures:
        """Cover (% of structure lost), view (likeness of edges to the known view, -1 to 1), moved (% of width, if alike).

        Between two beats what was told is told again; nothing is told while the view is being learnt.
        """
        self._waited += glance.elapsed
        if self._waited < BEAT and self._pictures >= YOUNG:
            return self._told
        passed, self._waited = self._waited, 0.0
        small = cast("Grey", cv2.resize(glance.grey, _FINE, interpolation=cv2.INTER_AREA).astype(np.float32))
        edges, rough = _edges(small), _rough(small)
        self._told = self._compared(edges, rough) if self._pictures >= YOUNG else {}
        if believed and not is_sick(self._told):
            self._learn(edges, rough, passed)
        elif believed:
            self._doubt(passed)
        return self._told

    def _compared(self, edges: Grey, rough: Grey) -> Measures:
        (right, down), sure = cv2.phaseCorrelate(self._edges.copy(), edges.copy(), self._window)  # OpenCV 5 overwrites both
        back = cv2.warpAffine(edges, np.array([[1, 0, -right], [0, 1, -down]], np.float32), _FINE)
        like = max(_likeness(self._edges, edges), _likeness(self._edges, cast("Grey", back)))
        told = {"cover": _cover(self._rough, rough), "view": like}
        if sure >= _SURE and like >= _LIKE:
            told["moved"] = 100 * max(abs(right), abs(down)) / _FINE[0]
        return told

    def _learn(self, edges: Grey, rough: Grey, passed: float) -> None:
        self._pictures, self._odd = self._pictures + 1, 0.0
        rate = 1 / self._pictures if self._pictures <= YOUNG else 1 - exp(-passed / SLOW)
        self._edges = cast("Grey", cv2.addWeighted(self._edges, 1 - rate, edges, rate, 0.0))
        self._rough = cast("Grey", cv2.addWeighted(self._rough, 1 - rate, rough, rate, 0.0))

    def _doubt(self, passed: float) -> None:
        """Another view is learnt anew when it has been there for a day."""
        self._odd += passed
        if self._odd >= DAY:
            self._pictures, self._odd = 0, 0.0


def _edges(small: Grey) -> Grey:
    """How steep the picture is at each pixel, strong edges held down so that light changes little."""
    across, along = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    steep = cv2.magnitude(across, along)
    return cast("Grey", np.sqrt(steep / np.float32(steep.mean() + _DIM)))


def _rough(small: Grey) -> Grey:
    """The deviation of each block, in grey levels."""
    mean, square = (
        cv2.resize(plane, None, fx=1 / _BLOCK, fy=1 / _BLOCK, interpolation=cv2.INTER_AREA) for plane in (small, small * small)
    )
    return cast("Grey", np.sqrt(np.maximum(square - mean * mean, 0)))


def _cover(usual: Grey, now: Grey) -> float:
    """% of the blocks with structure that have lost three quarters of it; of all blocks where the view never had much."""
    had = usual >= _FLAT
    lost = now < 0.25 * np.maximum(usual, _FLAT)
    if np.count_nonzero(had) >= had.size // 10:
        lost = lost[had]
    return 100 * float(np.count_nonzero(lost)) / lost.size


def _likeness(one: Grey, other: Grey) -> float:
    """The correlation of two maps of edges, -1 to 1."""
    a, b = ((plane - np.float32(cv2.mean(plane)[0])).ravel() for plane in (one, other))
    size = (float(a @ a) * float(b @ b)) ** 0.5
    return float(a @ b) / size if size > 0 else 0.0
