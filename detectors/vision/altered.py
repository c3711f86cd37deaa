"""What was altered: structure that is another than it was, where other light on what was there does not explain it.

Structure is the second half of SSIM (Wang et al., TIP 13, 2004): grey levels that differ are light, edges that differ are a
change. The rim of a shadow is an edge too, but beside it lies what lay there before, darker in all colours alike: a patch of
which most is so explained is none.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.light import lit_as
from detectors.vision.picture import Mask

Grey = NDArray[np.float32]
Colour = NDArray[np.float32]
Flags = NDArray[np.bool_]

WINDOW, FINE = 13, 7  # pixels that structure is compared in, and what a shadow leaves of it
NOISE = 60.0  # grey levels squared under which there is no structure
ALIKE, STAYED = 0.6, 0.6  # likeness of structure under which it has changed, and from which it is still there in other light
AROUND, FAR = 61, 3.0  # pixels whose mean is the light of a spot, and the factor by which that may differ from that of the whole
DARK = 16.0  # grey levels of that mean under which nothing is seen
BLOTCH = 11  # pixels; a shadow that is half as wide is still one
SHADE = 0.35  # the least of the light that a shadow leaves
TINT = 0.15  # natural logarithm by which it may leave more of one colour than of another: the sky's light is bluer
REST = 0.35  # share of a patch that light does not explain, from which the patch is a change
_BLACK = np.float32(8)  # grey levels added, so that black has a factor
_FINER = 80.0  # steps of a natural logarithm in whole numbers: 256 of them reach from a fifth to five times


def altered(reference: Colour, now: Colour) -> Mask:
    """Where two pictures of one place (0 to 255, laid on each other) differ by more than light; 0 or 255."""
    was, grey = (cast("Grey", cv2.cvtColor(one, cv2.COLOR_BGR2GRAY)) for one in (reference, now))
    lit = lit_as(was, grey)
    place = np.clip(_around(was) / np.maximum(_around(lit), 1), 1 / FAR, FAR)
    lit *= place
    other = ((likeness(was, lit, WINDOW) < ALIKE) & ~dark(now)).astype(np.uint8)
    patches = cast("Mask", cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    if not patches.any():
        return patches
    before, after = (cast("Sequence[Grey]", cv2.split(one)) for one in (reference, now))
    colours = [(cast("Grey", lit_as(*planes) * place), planes[0]) for planes in zip(before, after, strict=True)]
    return _filled(_unexplained(patches, _same_in_other_light(was, lit, colours)))


def dark(now: Colour) -> Flags:
    """Where a picture is too dark to be compared."""
    return _around(cast("Grey", cv2.cvtColor(now, cv2.COLOR_BGR2GRAY))) < DARK


def likeness(one: Grey, other: Grey, window: int) -> Grey:
    """Contrast and structure of SSIM around each pixel: 1 where alike, 0 where one has what the other has not."""
    box = (window, window)
    mean, mean_other = cv2.blur(one, box), cv2.blur(other, box)
    spread = cv2.blur(one * one, box) - mean * mean
    spread_other = cv2.blur(other * other, box) - mean_other * mean_other
    both = cv2.blur(one * other, box) - mean * mean_other
    return cast("Grey", (2 * both + NOISE) / (spread + spread_other + NOISE))


def _around(grey: Grey) -> Grey:
    return cast("Grey", cv2.blur(grey, (AROUND, AROUND)))


def _same_in_other_light(was: Grey, lit: Grey, colours: list[tuple[Grey, Grey]]) -> Flags:
    """Where what was there is still there, and all its colours have become darker or brighter alike."""
    steps = [_steps(now, before) for now, before in colours]
    most, least = (np.asarray(of(steps, axis=0), np.float32) for of in (np.max, np.min))
    gain = np.exp(_steps(lit, was) / np.float32(_FINER))
    stayed = likeness(was, cast("Grey", (lit + _BLACK) / gain - _BLACK), FINE) >= STAYED
    return np.asarray(stayed & (most - least < TINT * _FINER) & (gain > SHADE) & (gain < 1 / SHADE))


def _steps(now: Grey, before: Grey) -> Grey:
    """The logarithm of the factor between two planes, in steps, the same over a blotch: light has edges, and no grain."""
    factor = np.log((np.maximum(now, 0) + _BLACK) / (np.maximum(before, 0) + _BLACK))
    whole = np.clip(128 + _FINER * factor, 0, 255).astype(np.uint8)
    return cast("Grey", cv2.medianBlur(whole, BLOTCH).astype(np.float32) - 128)


def _unexplained(patches: Mask, explained: Flags) -> Mask:
    """The patches of which light does not explain a good part."""
    count, names = cv2.connectedComponents(patches)
    area = np.bincount(names.ravel(), minlength=count)
    rest = np.bincount(names.ravel(), weights=~explained.ravel(), minlength=count)
    kept = rest >= REST * area
    kept[0] = False
    return cast("Mask", kept[names].astype(np.uint8))


def _filled(patches: Mask) -> Mask:
    """The patches with what they surround: a smooth wall before smooth ground differs at its rim alone."""
    outlines, _ = cv2.findContours(patches, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cast("Mask", cv2.drawContours(patches, outlines, -1, 255, cv2.FILLED))
