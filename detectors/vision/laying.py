"""Laying a picture on another of the same place in any light: what is aligned is how each spot differs from what is around it."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Colour = NDArray[np.float32]

STRAY = 0.08  # share of the width that the view may be off
SURE = 0.5  # correlation from which two pictures are of one place; a place under snow, and another place, have less
AROUND = 61  # pixels around a spot whose mean and deviation are taken out, so that a lamp or a low sun does not pull
_HAZE = 2.0  # grey levels that are added to the deviation, so that noise is no structure


def laid_on(reference: Colour, now: Colour) -> Colour | None:
    """The picture moved, turned and scaled as the reference is (Evangelidis, PAMI 30, 2008); None where it cannot be."""
    there, here = (cast("Grey", cv2.cvtColor(one, cv2.COLOR_BGR2GRAY)) for one in (reference, now))
    window = cv2.createHanningWindow(there.shape[::-1], cv2.CV_32F)
    (right, down), _ = cv2.phaseCorrelate(_steep(there), _steep(here), window)
    how = np.array([[1, 0, right], [0, 1, down]], np.float32)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-3)
    try:
        sure, found = cv2.findTransformECC(_relief(there), _relief(here), how, cv2.MOTION_AFFINE, stop)
    except cv2.error:  # it says that the pictures are not of one place
        return None
    lines, columns = there.shape
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, lines, 1], [columns, lines, 1]], np.float32)
    how = np.asarray(found, np.float32)
    if not sure >= SURE or np.abs(corners @ how.T - corners[:, :2]).max() > STRAY * columns:
        return None
    laid = cv2.warpAffine(
        now, how, (columns, lines), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return cast("Colour", laid)


def _relief(grey: Grey) -> Grey:
    """By how many deviations of what is around it each spot is brighter than that."""
    box = (AROUND, AROUND)
    mean = cv2.blur(grey, box)
    spread = np.sqrt(np.maximum(cv2.blur(grey * grey, box) - mean * mean, 0))
    return cast("Grey", (grey - mean) / (spread + np.float32(_HAZE)))


def _steep(grey: Grey) -> Grey:
    """How steep a picture is."""
    return cast("Grey", cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)))
