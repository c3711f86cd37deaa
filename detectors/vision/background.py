"""What a view looks like when nothing happens, learnt pixel by pixel, and what stands out against it.

The mixture of Gaussians of Zivkovic (ICPR 2004), as OpenCV has it, told how much time passed instead of how many frames. Before
it, the picture is brought to the exposure and position of a slow reference picture; after it, a change of nearly everything at
once is taken for light, not for motion, and is not learnt from until it has lasted.
"""

from dataclasses import dataclass
from math import exp
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

Grey = NDArray[np.float32]

STEADY = 300.0  # seconds; what stands still for about a tenth of it becomes background
EAGER = 30.0  # seconds; the same while the view is young, so that who stood there at first is soon forgotten
WARM_FRAMES, WARM_SECONDS = 10, 4.0  # before that nothing is said about movers
FLOOD = 0.5  # share of the picture that only light changes at once
WASHED = 240  # of 255; from there on a lit picture may be cut off
_HOLD = 0.95  # how fast the reference holds to its light: were it 0, the pixels could not follow the reference
LASTING = 2.0  # seconds until a flood is believed and learnt anew
_STRAY = 0.04  # share of the width that a shaken camera may stray


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands out in one picture."""

    mask: Mask
    share: float  # of the picture, 0..1
    settled: bool  # False while the view is being learnt, or when light floods it


class Background:
    """The learnt view of one camera; `see` judges a picture, then learns from it."""

    def __init__(self, lines: int, columns: int) -> None:
        self._small = (columns // 2, lines // 2)
        self._window = cv2.createHanningWindow(self._small, cv2.CV_32F)
        self._forget()

    def _forget(self) -> None:
        self._mixture = cv2.createBackgroundSubtractorMOG2(detectShadows=True)
        self._mixture.setShadowThreshold(0.45)
        self._reference: Grey | None = None
        self._frames, self._age, self._flooded = 0, 0.0, 0.0

    def see(self, picture: Picture, elapsed: float) -> Seen:
        """What stands out in the picture, `elapsed` seconds after the one before (0 = judge without learning)."""
        grey = self._grey(picture)
        shift, gain = self._change(grey)
        rate = self._rate(elapsed)
        mask = self._stands_out(_steady(picture, shift, gain), 0.0 if self._flooded else rate)
        if gain < 1:
            mask[picture.max(axis=2) >= WASHED] = 0  # brighter than the sensor can tell: nobody knows what stands there
        share = float(np.count_nonzero(mask)) / mask.size
        flood = share > FLOOD and self._warm
        self._learn(grey * gain**_HOLD, rate, elapsed, flood=flood)
        return Seen(mask, share, settled=self._warm and not flood)

    @property
    def _warm(self) -> bool:
        return self._frames >= WARM_FRAMES and self._age >= WARM_SECONDS

    def _rate(self, elapsed: float) -> float:
        """The share of the new picture in what is known: all of the first, then by the time that passed, eagerly while young."""
        if not self._frames:
            return 1.0
        return max(1 - exp(-elapsed / STEADY), min(1 - exp(-elapsed / EAGER), 1 / (self._frames + 1)))

    def _grey(self, picture: Picture) -> Grey:
        small = cv2.resize(picture, self._small, interpolation=cv2.INTER_AREA)
        return cast("Grey", cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32))

    def _change(self, grey: Grey) -> tuple[tuple[float, float] | None, float]:
        """How the picture strayed and was lit against the reference; None and 1 where it was not, or beyond shake and light."""
        if self._reference is None:
            return None, 1.0
        gain = _gain(self._reference[::4, ::4], grey[::4, ::4])
        lit = abs(gain - 1) > 0.04 and 0.4 < gain < 2.5
        return self._shake(self._reference, grey), gain if lit else 1.0

    def _shake(self, reference: Grey, grey: Grey) -> tuple[float, float] | None:
        """How far the picture strayed (small pixels), if moving it back makes it clearly more like the reference."""
        (right, down), sure = cv2.phaseCorrelate(reference.copy(), grey.copy(), self._window)  # OpenCV 5 overwrites both
        if sure < 0.2 or not 0.25 < max(abs(right), abs(down)) < _STRAY * self._small[0]:
            return None
        back = _moved(grey, right, down)
        return (right, down) if _unlike(reference, back) < 0.8 * _unlike(reference, grey) else None

    def _stands_out(self, picture: Picture, rate: float) -> Mask:
        """Foreground without shadow, specks or pinholes."""
        raw = self._mixture.apply(cv2.GaussianBlur(picture, (3, 3), 0), learningRate=rate)
        mask = cv2.medianBlur(np.where(raw == 255, np.uint8(255), np.uint8(0)), 5)  # 127 is shadow
        return cast("Mask", mask)

    def _learn(self, grey: Grey, rate: float, elapsed: float, *, flood: bool) -> None:
        """Age the reference; a flood that lasts makes all be learnt anew."""
        if flood:
            self._flooded += max(elapsed, 1e-3)
            if self._flooded >= LASTING:
                self._forget()
            return
        self._flooded = 0.0
        before = grey if self._reference is None else self._reference
        self._reference = cast("Grey", cv2.addWeighted(before, 1 - rate, grey, rate, 0.0))
        self._frames += 1
        self._age += elapsed


def _steady(picture: Picture, shift: tuple[float, float] | None, gain: float) -> Picture:
    """The picture moved and lit as the reference is; the shift is in pixels of the half-size picture."""
    if shift is not None:
        picture = cast("Picture", _moved(picture, 2 * shift[0], 2 * shift[1]))
    return picture if gain == 1.0 else cast("Picture", cv2.convertScaleAbs(picture, alpha=gain))


def _gain(reference: Grey, grey: Grey) -> float:
    """By what the picture must be multiplied to be lit as the reference is, by the pixels that are not washed out."""
    told = grey < WASHED - 20
    if 2 * np.count_nonzero(told) < told.size:
        return 1.0
    return float(np.median((reference[told] + 1.0) / (grey[told] + 1.0)))


def _moved(picture: NDArray[Any], right: float, down: float) -> NDArray[Any]:
    """The picture with a stray of so many pixels undone."""
    back = np.array([[1, 0, -right], [0, 1, -down]], np.float32)
    moved = cv2.warpAffine(picture, back, picture.shape[1::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast("NDArray[Any]", moved)


def _unlike(one: Grey, other: Grey) -> float:
    """The sum of absolute differences, border aside."""
    return float(cv2.norm(one[8:-8, 8:-8], other[8:-8, 8:-8], cv2.NORM_L1))
