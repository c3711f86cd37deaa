"""Altering: what changes a place for good: a hut is put up, a door is broken into a facade, a bank is dug away."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenes.moment import SETTLES, Moment, stands
from simulators.scenes.sprites import SOIL, Box, Picture, blend, door, hut


def put_up(picture: Picture, moment: Moment) -> Box | None:
    """A hut of corrugated sheets."""
    return stands(picture, moment, hut())


def opened(picture: Picture, moment: Moment) -> Box | None:
    """A doorway broken into a facade, its leaf open."""
    return stands(picture, moment, door())


def dug(picture: Picture, moment: Moment) -> Box | None:
    """The middle of the zone dug away: raw earth where grass was."""
    lines, columns = picture.shape[:2]
    middle = np.mean(moment.zone, axis=0)
    grown = 0.7 * min(1.0, moment.share / SETTLES)
    outline = (middle + grown * (np.array(moment.zone) - middle)) * (columns, lines)
    mask = np.zeros((lines, columns), np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 255)
    share = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32) / 255
    rough = cv2.resize(moment.chance.normal(1, 0.25, (lines // 6, columns // 6)).astype(np.float32), (columns, lines))
    earth = np.clip(np.array(SOIL, np.float32) * rough[..., None], 0, 255).astype(np.uint8)
    blend(picture, cast("Picture", earth), cast("NDArray[np.float32]", share))
    return Box(*map(float, cv2.boundingRect(mask)))
