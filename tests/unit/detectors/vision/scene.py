"""A view that nobody filmed: texture, noise, and people of known size at known places."""

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.domain.site import Camera, Zone
from detectors.vision.picture import Picture

LINES, COLUMNS = 240, 320
SECOND = 1_000_000_000
TALL, WIDE = 36, 14  # a person, in pixels: 15 % of the height
LEFT_HALF = Zone(name="left", kind="closed", corners=((0, 0), (0.5, 0), (0.5, 1), (0, 1)))
RIGHT_HALF = Zone(name="right", kind="road", corners=((0.5, 0), (1, 0), (1, 1), (0.5, 1)))
CAMERA = Camera(name="gate", zones=(LEFT_HALF, RIGHT_HALF))


class Scene:
    """A fixed view; `picture` gives one noisy frame of it. The same seed gives the same pictures."""

    def __init__(self, seed: int = 7, noise: float = 3.0) -> None:
        self._random = np.random.default_rng(seed)
        rough = self._random.uniform(60, 200, (LINES // 8, COLUMNS // 8, 3)).astype(np.float32)
        self.view: NDArray[np.float32] = cv2.resize(rough, (COLUMNS, LINES), interpolation=cv2.INTER_CUBIC)
        self._noise = noise

    def picture(self, *people: tuple[float, float], light: float = 1.0, shake: tuple[float, float] = (0.0, 0.0)) -> Picture:
        """The view with dark people whose feet (middle) are at those points."""
        view = self.view.copy()
        for x, y in people:
            self._put(view, x, y, np.array([30, 25, 20], np.float32))
        return self._film(view, light, shake)

    def shadow(self, x: float, y: float, depth: float = 0.6) -> Picture:
        """The view with a person-shaped part of it darker, in its own colours."""
        view = self.view.copy()
        view[int(y) - TALL : int(y), int(x) - WIDE // 2 : int(x) + WIDE // 2] *= depth
        return self._film(view, 1.0, (0.0, 0.0))

    def _put(self, view: NDArray[np.float32], x: float, y: float, colour: NDArray[np.float32]) -> None:
        top, left = max(0, int(y) - TALL), max(0, int(x) - WIDE // 2)
        view[top : max(0, int(y)), left : max(0, int(x) + WIDE // 2)] = colour

    def _film(self, view: NDArray[np.float32], light: float, shake: tuple[float, float]) -> Picture:
        if shake != (0.0, 0.0):
            by = np.array([[1, 0, shake[0]], [0, 1, shake[1]]], np.float32)
            view = cv2.warpAffine(view, by, (COLUMNS, LINES), borderMode=cv2.BORDER_REPLICATE)
        noisy = view * light + self._random.normal(0, self._noise, view.shape)
        return np.clip(noisy, 0, 255).astype(np.uint8)
