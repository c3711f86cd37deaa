"""Water: a river surface laid over a part of the footage, where no film of a river comes with riverwatch; ripples that drift."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenes.scene import Corners
from simulators.scenes.sprites import Picture, blend

MURK = (88, 92, 72)  # blue, green, red of an ordinary river under clouds
RIPPLES = ((2, 9.0, 0.11), (5, 8.0, 0.05), (14, 8.0, 0.02))  # lines a ripple takes, grey levels, widths of the picture a second
LONG = 4  # times as long as high: seen from the bank
GLINT = 22.0  # grey levels above the murk from which a ripple glints
BLOCK = 1024  # pixels after which ripples come again


class Water:
    """The surface in one outline."""

    def __init__(self, outline: Corners, shape: tuple[int, int], seed: int) -> None:
        lines, columns = self._shape = shape
        chance = np.random.default_rng([seed, 3])
        self._ripples = [_ripple(chance, lines, size) for size, _, _ in RIPPLES]
        mask = np.zeros(shape, np.uint8)
        cv2.fillPoly(mask, [np.rint(np.array(outline) * (columns, lines)).astype(np.int32)], 255)
        self._share = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32) / np.float32(255)

    def lie(self, picture: Picture, seconds: float) -> None:
        """Lay the surface as it is at an instant over a picture, in place."""
        columns = self._shape[1]
        height = np.zeros(self._shape, np.float32)
        for ripple, (_, high, speed) in zip(self._ripples, RIPPLES, strict=True):
            first = round(seconds * speed * columns) % BLOCK
            height += high * ripple[:, np.arange(first, first + columns) % BLOCK]
        height += np.maximum(0, height - GLINT) * 3
        colour = np.clip(np.array(MURK, np.float32) + height[..., None], 0, 255).astype(np.uint8)
        blend(picture, colour, self._share)


def _ripple(chance: np.random.Generator, lines: int, size: int) -> NDArray[np.float32]:
    """A field of ripples of one size that joins itself to the right."""
    rough = chance.normal(0, 1, (max(2, lines // size), max(2, BLOCK // (size * LONG)))).astype(np.float32)
    rough = np.hstack([rough, rough[:, :1]])
    return cast("NDArray[np.float32]", cv2.resize(rough, (BLOCK, lines), interpolation=cv2.INTER_CUBIC))
