"""From pixels that stand out to bodies: shadows and specks fall away, gaps and holes are filled."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask
from detectors.vision.samples import Planes

Grey = NDArray[np.float32]

SHADE = (0.42, 0.99)  # what is so much darker in all colours alike is a shadow
ALIKE, ALIKE_MORE = 0.02, 0.12  # how far the colours' factors may lie apart: at black, and more by the factor itself
EVEN = 0.25  # the spread of the factor around a pixel, by the factor, from where on something else stands there
LEAST = 0.0006  # share of the picture that a body takes
CLEARLY, SURE = 1.6, 0.06  # so many thresholds unlike is clearly so; the share of a body that is
# by how much a body's unlikeness must fall at its outline: grey levels, the colours' sum; and by its mean unlikeness
STEP, EDGED = 16.0, 0.5  # people on vtest.avi, even blurred and in grey, are at 0.7 and more
RIM = 0.2  # as unlike as that, by the most unlike pixel beside it, is its rim
_BESIDE = np.ones((3, 3), np.uint8)
_DARK = 6.0  # grey levels added, so that black has a factor
_WINDOW, _GAP = 5, np.ones((5, 5), np.uint8)
_MARGIN = 6  # pixels


def sharp(unlike: Mask, threshold: Mask) -> Mask:
    """What is more unlike than the threshold (255), but for the rim that a lens and a JPEG draw around what is far more so."""
    far = cv2.convertScaleAbs(cv2.dilate(unlike, _BESIDE), alpha=RIM)
    return cast("Mask", cv2.compare(unlike, cv2.max(threshold, far), cv2.CMP_GT))


def outlined(raw: Mask, unlike: Mask, threshold: Mask, planes: Planes, mean: tuple[Grey, ...]) -> Mask:
    """The bodies (255) among the pixels that stand out, `unlike` their background by more than the threshold."""
    found = np.zeros_like(raw)
    dense = _most(raw)
    if not cv2.countNonZero(dense):
        return found
    left, top, wide, high = cv2.boundingRect(dense)
    box = np.s_[max(0, top - _MARGIN) : top + high + _MARGIN, max(0, left - _MARGIN) : left + wide + _MARGIN]
    shaded = _shaded([plane[box] for plane in planes], [one[box] for one in mean])
    solid = cast("Mask", cv2.morphologyEx(_most(raw[box] & ~shaded), cv2.MORPH_CLOSE, _GAP))
    found[box] = _filled(solid, unlike[box], threshold[box], LEAST * raw.size)
    return found


def _most(raw: Mask) -> Mask:
    """Where most of the pixels around stand out: a median of a mask."""
    return cast("Mask", cv2.threshold(cv2.blur(raw, (_WINDOW, _WINDOW)), 127, 255, cv2.THRESH_BINARY)[1])


def _shaded(planes: list[Mask], mean: list[Grey]) -> Mask:
    """Where a shadow lies: every colour darker by one factor, and the pixels around by the same."""
    factors = [cv2.divide(plane.astype(np.float32) + _DARK, one + _DARK) for plane, one in zip(planes, mean, strict=True)]
    blue, green, red = factors
    apart = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    factor = (blue + green + red) / np.float32(3)
    usual = cv2.blur(factor, (_WINDOW, _WINDOW))
    spread = cv2.subtract(cv2.blur(cv2.multiply(factor, factor), (_WINDOW, _WINDOW)), cv2.multiply(usual, usual))
    dim = (factor > SHADE[0]) & (factor < SHADE[1]) & (apart < ALIKE + ALIKE_MORE * factor)
    return (dim & (spread < np.float32(EVEN**2) * usual * usual)).view(np.uint8) * np.uint8(255)


def _filled(solid: Mask, unlike: Mask, threshold: Mask, least: float) -> Mask:
    """The parts that are large enough, clear in places and have an edge, without holes."""
    outlines = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    large = [outline for outline in outlines if cv2.contourArea(outline) >= least]
    if not large:
        return np.zeros_like(solid)
    clear = cast("Mask", cv2.compare(unlike, cv2.convertScaleAbs(threshold, alpha=CLEARLY), cv2.CMP_GT))
    steep = cast("Mask", cv2.morphologyEx(cv2.blur(unlike, (_WINDOW, _WINDOW)), cv2.MORPH_GRADIENT, _GAP))
    kept = [outline for outline in large if _is_body(outline, solid, unlike, clear, steep)]
    return cast("Mask", cv2.drawContours(np.zeros_like(solid), kept, -1, 255, -1))


def _is_body(outline: NDArray[Any], solid: Mask, unlike: Mask, clear: Mask, steep: Mask) -> bool:
    """Whether a part is clearly unlike its background in places, and begins all at once, as no cloud's shadow does."""
    left, top, wide, high = cv2.boundingRect(outline)
    inside = np.s_[top : top + high, left : left + wide]
    if cv2.countNonZero(cv2.bitwise_and(solid[inside], clear[inside])) < SURE * cv2.countNonZero(solid[inside]):
        return False
    x, y = outline[:, 0, 0], outline[:, 0, 1]
    within = (x > 1) & (y > 1) & (x < solid.shape[1] - 2) & (y < solid.shape[0] - 2)  # the picture's border is nobody's edge
    step = float(steep[y[within], x[within]].mean()) if within.any() else 255.0
    return step >= max(STEP, EDGED * cv2.mean(unlike[inside], solid[inside])[0])
