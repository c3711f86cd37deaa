"""Change against a dated reference picture: what has been built, opened or torn away since.

What passes is gone from the mean of some minutes. That mean is laid on the reference (Evangelidis and Psarakis, PAMI 30, 2008),
brought to its light, and compared by structure, the second half of SSIM (Wang et al., TIP 13, 2004): grey levels that differ are
light, edges that differ are a change.
"""

from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.light import lit_as
from detectors.vision.picture import decode
from detectors.vision.view import Glance, Measures, View

Grey = NDArray[np.float32]

BEAT, ROUND = 2.0, 30.0  # seconds between two pictures of the mean, and between two comparisons
RECENT = 120.0  # seconds that the mean reaches back
ENOUGH = 20  # pictures in it, before anything is said
WINDOW = 13  # pixels that structure is compared in
NOISE = 60.0  # grey levels squared under which there is no structure
ALIKE = 0.35  # likeness of structure under which it has changed
STRAY = 0.08  # share of the width that the view may be off the reference


class Change:
    """What has changed in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots_for("change") if view.camera.reference else ()
        if not self._plots:
            return
        grey = cv2.cvtColor(decode(view.camera.reference), cv2.COLOR_BGR2GRAY)
        self._reference = _soft(cv2.resize(grey, (view.columns, view.lines), interpolation=cv2.INTER_AREA).astype(np.float32))
        self._mean = np.zeros_like(self._reference)
        self._pictures, self._waited, self._since = 0, BEAT, ROUND
        self._said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """change.<zone>: % of the zone whose structure is not that of the reference; nothing while it cannot be laid on it."""
        if not self._plots:
            return {}
        self._waited += glance.elapsed
        self._since += glance.elapsed
        if self._waited >= BEAT:
            self._pictures += 1
            rate = max(1 / self._pictures, 1 - exp(-self._waited / RECENT))
            self._mean = cast("Grey", cv2.addWeighted(self._mean, 1 - rate, glance.grey.astype(np.float32), rate, 0.0))
            self._waited = 0.0
        if self._since >= ROUND and self._pictures >= ENOUGH:
            self._since = 0.0
            self._said = self._compared(_soft(self._mean))
        return self._said

    def _compared(self, now: Grey) -> Measures:
        laid = _laid_on(self._reference, now)
        if laid is None:
            return {}
        changed = (_likeness(self._reference, lit_as(self._reference, laid)) < ALIKE).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) * 255, np.uint8)
        return {f"change.{plot.name}": 100 * plot.share(mask) for plot in self._plots}


def _soft(grey: Grey) -> Grey:
    return cast("Grey", cv2.GaussianBlur(grey, (0, 0), 1.0))


def _laid_on(reference: Grey, now: Grey) -> Grey | None:
    """The picture moved, turned and scaled as the reference is; None where it cannot be."""
    window = cv2.createHanningWindow(reference.shape[::-1], cv2.CV_32F)
    (right, down), _ = cv2.phaseCorrelate(_steep(reference), _steep(now), window)
    how = np.array([[1, 0, right], [0, 1, down]], np.float32)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-3)
    try:
        how = np.asarray(cv2.findTransformECC(reference, now, how, cv2.MOTION_AFFINE, stop)[1], np.float32)
    except cv2.error:  # it says that the pictures are not of one place
        return None
    lines, columns = reference.shape
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, lines, 1], [columns, lines, 1]], np.float32)
    if np.abs(corners @ how.T - corners[:, :2]).max() > STRAY * columns:
        return None
    laid = cv2.warpAffine(
        now, how, (columns, lines), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return cast("Grey", laid)


def _steep(grey: Grey) -> Grey:
    """How steep a picture is."""
    return cast("Grey", cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)))


def _likeness(one: Grey, other: Grey) -> Grey:
    """Contrast and structure of SSIM around each pixel: 1 where alike, 0 where one has what the other has not."""
    box = (WINDOW, WINDOW)
    mean, mean_other = cv2.blur(one, box), cv2.blur(other, box)
    spread = cv2.blur(one * one, box) - mean * mean
    spread_other = cv2.blur(other * other, box) - mean_other * mean_other
    both = cv2.blur(one * other, box) - mean * mean_other
    return cast("Grey", (2 * both + NOISE) / (spread + spread_other + NOISE))
