"""From pixels that stand out to bodies: shadows and specks fall away, gaps and holes are filled."""

from functools import cached_property
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask
from detectors.vision.steadying import Planes

Grey = NDArray[np.float32]

SHADE = (0.42, 0.99)  # what is so much darker in all colours alike is a shadow
ALIKE, ALIKE_MORE = 0.02, 0.12  # how far the colours' factors may lie apart: at black, and more by the factor itself
EVEN = 0.25  # the spread of the factor around a pixel, by the factor, from where on something else stands there
EVEN_GREY = 0.1  # the same in a picture without colours, where any cloth that is darker than the ground is alike in all of them
COLOURLESS = 3.0  # grey levels between red and blue on average, under which a picture is grey
LEAST = 0.0006  # share of the picture that a body takes
TINY = 0.00015  # the same, of one far away on calm ground
CALM, PLAINLY = 48, 0.35  # a threshold on calm ground; share of a tiny body that is clearly unlike
LASTED = 0.5  # so much, by its size, stood out around it at the picture before
CLEARLY, SURE = 1.6, 0.06  # so many thresholds unlike is clearly so; the share of a body that is
# by how much a body's unlikeness must fall at its outline: grey levels, the colours' sum; and by its mean unlikeness
STEP, EDGED = 16.0, 0.5  # people on vtest.avi, even blurred and in grey, are at 0.7 and more
GRAINED, SAME = 2.0, 0.7  # grey levels of grain that must be there; the likeness of a part's grain, from where on it is light's
_COARSE = 11  # pixels; what is finer is grain
RIM = 0.2  # as unlike as that, by the most unlike pixel beside it, is its rim
_BESIDE = np.ones((3, 3), np.uint8)
_DARK = 6.0  # grey levels added, so that black has a factor
_WINDOW, _GAP = 5, np.ones((5, 5), np.uint8)
_MARGIN = 6  # pixels


def sharp(unlike: Mask, threshold: Mask) -> Mask:
    """What is more unlike than the threshold (255), but for the rim that a lens and a JPEG draw around what is far more so."""
    far = cv2.convertScaleAbs(cv2.dilate(unlike, _BESIDE), alpha=RIM)
    return cast("Mask", cv2.compare(unlike, cv2.max(threshold, far), cv2.CMP_GT))


def outlined(raw: Mask, unlike: Mask, threshold: Mask, planes: Planes, mean: tuple[Grey, ...], before: Mask) -> Mask:
    """The bodies (255) among the pixels that stand out, `unlike` their background by more than the threshold.

    `before` are those of the picture before: a sparkle on water is as small as somebody far away, but does not last.
    """
    found = np.zeros_like(raw)
    dense = _most(raw)
    if not cv2.countNonZero(dense):
        return found
    box = _around(dense)
    even = EVEN_GREY if cv2.norm(planes[0], planes[2], cv2.NORM_L1) < COLOURLESS * raw.size else EVEN
    shaded = _shaded([plane[box] for plane in planes], [one[box] for one in mean], even)
    solid = cast("Mask", cv2.morphologyEx(_most(raw[box] & ~shaded), cv2.MORPH_CLOSE, _GAP))
    signs = Signs(unlike[box], threshold[box], planes[1][box], mean[1][box])
    for outline in cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        area = cv2.contourArea(outline) / raw.size
        if area >= TINY and (area >= LEAST or signs.of_tiny(solid, outline, before[box])) and signs.of_body(solid, outline):
            cv2.drawContours(found[box], [outline], -1, 255, -1)
    return found


def _around(part: NDArray[Any]) -> tuple[slice, slice]:
    """The lines and columns that an outline or a mask takes, with a margin."""
    left, top, wide, high = cv2.boundingRect(part)
    return slice(max(0, top - _MARGIN), top + high + _MARGIN), slice(max(0, left - _MARGIN), left + wide + _MARGIN)


def _most(raw: Mask) -> Mask:
    """Where most of the pixels around stand out: a median of a mask."""
    return cast("Mask", cv2.threshold(cv2.blur(raw, (_WINDOW, _WINDOW)), 127, 255, cv2.THRESH_BINARY)[1])


def _shaded(planes: list[Mask], mean: list[Grey], even: float) -> Mask:
    """Where a shadow lies: every colour darker by one factor, and the pixels around by the same."""
    factors = [cv2.divide(plane.astype(np.float32) + _DARK, one + _DARK) for plane, one in zip(planes, mean, strict=True)]
    blue, green, red = factors
    apart = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    factor = (blue + green + red) / np.float32(3)
    usual = cv2.blur(factor, (_WINDOW, _WINDOW))
    spread = cv2.subtract(cv2.blur(cv2.multiply(factor, factor), (_WINDOW, _WINDOW)), cv2.multiply(usual, usual))
    dim = (factor > SHADE[0]) & (factor < SHADE[1]) & (apart < ALIKE + ALIKE_MORE * factor)
    return (dim & (spread < np.float32(even**2) * usual * usual)).view(np.uint8) * np.uint8(255)


class Signs:
    """What tells a body from light and from what is faintly unlike, around all that stands out."""

    def __init__(self, unlike: Mask, threshold: Mask, green: Mask, usual: Grey) -> None:
        self._unlike, self._green, self._usual = unlike, green, usual  # usual: the background's green
        self._threshold = threshold
        self._clear = cv2.compare(unlike, cv2.convertScaleAbs(threshold, alpha=CLEARLY), cv2.CMP_GT)
        self._steep = cv2.morphologyEx(cv2.blur(unlike, (_WINDOW, _WINDOW)), cv2.MORPH_GRADIENT, _GAP)

    def of_tiny(self, solid: Mask, outline: NDArray[Any], before: Mask) -> bool:
        """Whether a small part may be a body: clearly unlike in many places, on calm ground, and not for the first time."""
        part = _around(outline)
        inside, clear = solid[part], cv2.bitwise_and(solid[part], self._clear[part])
        size, calm = cv2.countNonZero(inside), cv2.mean(self._threshold[part], inside)[0] < CALM
        return calm and cv2.countNonZero(clear) >= PLAINLY * size and cv2.countNonZero(before[part]) >= LASTED * size

    def of_body(self, solid: Mask, outline: NDArray[Any]) -> bool:
        """Whether a part is clearly unlike in places, hides what the background looks like there, and begins all at once."""
        part = _around(outline)
        inside = solid[part]
        if cv2.countNonZero(cv2.bitwise_and(inside, self._clear[part])) < SURE * cv2.countNonZero(inside):
            return False
        least = max(STEP, EDGED * cv2.mean(self._unlike[part], inside)[0])
        return self._step(*outline.reshape(-1, 2).T) >= least and not self._lit(part, inside > 0)

    def _step(self, x: NDArray[Any], y: NDArray[Any]) -> float:
        """By how much the unlikeness falls along an outline; the picture's border is nobody's edge."""
        lines, columns = self._steep.shape
        along = self._steep[y, x][(x > 1) & (y > 1) & (x < columns - 2) & (y < lines - 2)]
        return float(along.sum()) / along.size if along.size else 255.0

    def _lit(self, part: tuple[slice, slice], inside: NDArray[np.bool_]) -> bool:
        """Whether the background's grain is still there: light has changed, nothing hides it."""
        now, usual = (plane[part][inside] for plane in self._grain)
        here, there = float(now @ now), float(usual @ usual)
        return there > GRAINED**2 * usual.size and float(now @ usual) > SAME * (here * there) ** 0.5

    @cached_property
    def _grain(self) -> tuple[Grey, Grey]:
        return _grain(self._green), _grain(self._usual)


def _grain(plane: NDArray[Any]) -> Grey:
    """What is left of a plane when the light on it is taken away."""
    near, far = (cv2.boxFilter(plane, cv2.CV_32F, (size, size)) for size in (3, _COARSE))
    return cast("Grey", cv2.subtract(near, far))
