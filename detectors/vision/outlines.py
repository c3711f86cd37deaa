"""From pixels that stand out to bodies: shadows and specks fall away, gaps and holes are filled."""

from typing import Any, NamedTuple, cast

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


def outlined(raw: Mask, unlike: Mask, threshold: Mask, planes: Planes, mean: tuple[Grey, ...]) -> Mask:
    """The bodies (255) among the pixels that stand out, `unlike` their background by more than the threshold."""
    found = np.zeros_like(raw)
    dense = _most(raw)
    if not cv2.countNonZero(dense):
        return found
    left, top, wide, high = cv2.boundingRect(dense)
    box = np.s_[max(0, top - _MARGIN) : top + high + _MARGIN, max(0, left - _MARGIN) : left + wide + _MARGIN]
    even = EVEN_GREY if cv2.norm(planes[0], planes[2], cv2.NORM_L1) < COLOURLESS * raw.size else EVEN
    shaded = _shaded([plane[box] for plane in planes], [one[box] for one in mean], even)
    solid = cast("Mask", cv2.morphologyEx(_most(raw[box] & ~shaded), cv2.MORPH_CLOSE, _GAP))
    for outline in cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        if cv2.contourArea(outline) >= LEAST * raw.size:
            part = _around(outline, solid.shape)
            signs = Signs(unlike[box][part], threshold[box][part], planes[1][box][part], mean[1][box][part])
            if signs.of_body(solid[part], outline.reshape(-1, 2) - (part[1].start, part[0].start)):
                cv2.drawContours(found[box], [outline], -1, 255, -1)
    return found


def _around(outline: NDArray[Any], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The lines and columns of a part, with a margin."""
    left, top, wide, high = cv2.boundingRect(outline)
    lines = slice(max(0, top - _MARGIN), min(shape[0], top + high + _MARGIN))
    return lines, slice(max(0, left - _MARGIN), min(shape[1], left + wide + _MARGIN))


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


class Signs(NamedTuple):
    """What tells a body from light and from what is faintly unlike, around one part of the picture."""

    unlike: Mask
    threshold: Mask
    green: Mask
    usual: Grey  # the background's green

    def of_body(self, solid: Mask, outline: NDArray[Any]) -> bool:
        """Whether a part is clearly unlike in places, hides what the background looks like there, and begins all at once."""
        clear = cv2.compare(self.unlike, cv2.convertScaleAbs(self.threshold, alpha=CLEARLY), cv2.CMP_GT)
        if cv2.countNonZero(cv2.bitwise_and(solid, clear)) < SURE * cv2.countNonZero(solid):
            return False
        least = max(STEP, EDGED * cv2.mean(self.unlike, solid)[0])
        return self._step(outline[:, 0], outline[:, 1]) >= least and not self._lit(solid > 0)

    def _step(self, x: NDArray[Any], y: NDArray[Any]) -> float:
        """By how much the unlikeness falls along an outline; the picture's border is nobody's edge."""
        steep = cv2.morphologyEx(cv2.blur(self.unlike, (_WINDOW, _WINDOW)), cv2.MORPH_GRADIENT, _GAP)
        lines, columns = steep.shape
        along = steep[y, x][(x > 1) & (y > 1) & (x < columns - 2) & (y < lines - 2)]
        return float(along.sum()) / along.size if along.size else 255.0

    def _lit(self, inside: NDArray[np.bool_]) -> bool:
        """Whether the background's grain is still there: light has changed, nothing hides it."""
        now, usual = (_grain(plane)[inside] for plane in (self.green.astype(np.float32), self.usual))
        here, there = float(now @ now), float(usual @ usual)
        return there > GRAINED**2 * usual.size and float(now @ usual) > SAME * (here * there) ** 0.5


def _grain(plane: Grey) -> Grey:
    """What is left of a plane when the light on it is taken away."""
    return cast("Grey", cv2.subtract(cv2.blur(plane, (3, 3)), cv2.blur(plane, (_COARSE, _COARSE))))
