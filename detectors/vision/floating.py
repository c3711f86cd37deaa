"""What floats on one picture of water: what has not the water's own colours, or is too rough for water.

The colours of water change with the distance and vary along a line of their own, from the sky that a wave mirrors to the depth
that it lets through. Both are learnt from the picture itself, the smooth parts of the zone counting most (iteratively reweighted
least squares); what lies far off in the measure of that variation (Mahalanobis) and is no streak floats. What is as rough from
side to side as up and down, and rough enough, floats whatever its colour. Every number below was chosen on the tuning half of
`benchmarks/river_trash.csv`.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

FAR, SURE = 3.5, 6.0  # deviations from the water: of each pixel that floats, and of one at least in each patch
LEVEL = 0.3  # steepness from side to side by that up and down, under which it is a wave
STEEP = 2.0  # grey levels a pixel, from side to side, under which it is a mirrored cloud
ROUGH, EVEN = 18.0, 0.6  # the same two for what is no water by its roughness alone
AROUND = 9  # pixels that steepness is taken over
LEAST = 0.0003  # share of the picture; less is a speck
LONG = 7.0  # times as wide as high, from where on a patch is a wave
NOISE = (9.0, 4.0, 4.0)  # variance (Lab of 8 bits) that even flat water has
ROUNDS = 8  # of reweighting
SAMPLE = 17  # one pixel in so many tells the water of all
BEYOND = 99.0  # deviations, of what is too rough for water

Colours = NDArray[np.float64]  # one row of light, green-red, blue-yellow for each pixel


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """The colours of water: how they go with the height on the picture, and how they vary."""

    course: Colours  # 3 coefficients (constant, line, its square) x 3 colours
    spread: Colours  # 3 x 3, inverse covariance

    def apart(self, colours: Colours, heights: Colours) -> Colours:
        """How many deviations each colour is away from the water at its height, squared."""
        off = colours - _powers(heights) @ self.course
        return cast("Colours", ((off @ self.spread) * off).sum(axis=1))

    def map(self, lab: Picture) -> NDArray[np.float32]:
        """How many deviations each pixel of a picture (CIE Lab of 8 bits) is away from the water on its line."""
        usual = _powers(np.arange(lab.shape[0]) / lab.shape[0]) @ self.course
        off = lab - usual.astype(np.float32)[:, None]
        return cast("NDArray[np.float32]", np.sqrt(((off @ self.spread.astype(np.float32)) * off).sum(axis=2)))


def floating(picture: Picture, zone: Mask, known: Water | None = None) -> tuple[Mask, Water | None]:
    """Where on a picture something floats in a zone, 255, glitter not told apart; and the water as it is there.

    Args:
        picture: of working size, blue first.
        zone: what of it is water.
        known: the water as it was when little floated, so that a zone full of litter is not taken for water.
    """
    lab = cv2.cvtColor(cv2.GaussianBlur(picture, (3, 3), 0), cv2.COLOR_BGR2LAB)
    across, along = _steepness(np.ascontiguousarray(lab[..., 0]))
    places = np.flatnonzero(zone)
    if places.size < AROUND * AROUND:
        return np.zeros_like(zone), None
    some = places[::SAMPLE]
    colours, steep = (plane.astype(np.float64) for plane in (lab.reshape(-1, 3)[some], (across + along).ravel()[some]))
    water = _water(colours, some // zone.shape[1] / zone.shape[0], steep, known)
    apart = water.map(cast("Picture", lab))
    far = (apart > FAR) & (across > LEVEL * along) & (across > STEEP)
    rough = (across > ROUGH) & (across > EVEN * along)
    apart[rough] = BEYOND
    return _patches(np.where(far | rough, zone, np.uint8(0)), apart), water


def _steepness(light: Mask) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How steep the picture is around each pixel, from side to side, and up and down."""
    steps = [np.abs(cv2.Sobel(light, cv2.CV_32F, *way)) / 4 for way in ((1, 0), (0, 1))]
    across, along = (cv2.blur(step, (AROUND, AROUND)) for step in steps)
    return cast("NDArray[np.float32]", across), cast("NDArray[np.float32]", along)


def _powers(heights: Colours) -> Colours:
    return np.stack([np.ones_like(heights), heights, heights * heights], 1)


def _water(colours: Colours, heights: Colours, steep: Colours, known: Water | None) -> Water:
    """The water of some pixels, those that are smooth, and like the water that is known, counting most."""
    smooth = 1 / (1 + (steep / max(float(np.median(steep)), 1e-3)) ** 2)
    weight = smooth if known is None else smooth * _like(known.apart(colours, heights))
    powers = _powers(heights)
    for _ in range(ROUNDS):
        told = (powers * weight[:, None]).T
        course = cast("Colours", np.linalg.solve(told @ powers + 1e-6 * len(heights) * np.eye(3), told @ colours))
        off = colours - powers @ course
        spread = np.linalg.inv((off * weight[:, None]).T @ off / weight.sum() + np.diag(NOISE))
        water = Water(course, cast("Colours", spread))
        weight = smooth * _like(water.apart(colours, heights))
    return water


def _like(apart: Colours) -> Colours:
    """How much a pixel so far from the water still counts as water (Cauchy's weight, squared)."""
    return 1 / (1 + (apart / 6) ** 2)


def _patches(far: Mask, apart: NDArray[np.float32]) -> Mask:
    """What is left of the far pixels without specks, waves, and patches that are nowhere far enough."""
    closed = cv2.morphologyEx(far, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, names, patches, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    )
    sure = np.bincount(names.ravel(), apart.ravel() >= SURE, count) > 0
    wide, high, area = (patches[:, i] for i in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    kept = sure & (area >= LEAST * far.size) & (wide < LONG * high)
    kept[0] = False
    return np.where(kept[names], np.uint8(255), np.uint8(0))
