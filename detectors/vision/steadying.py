"""A picture brought to where and how a slow reference picture of the view was taken: shake undone, light undone place by place.

Light is told in blocks: where the picture is the reference but for one factor, that factor is light, a lamp's or a cloud's; where
it is not, something stands in the block, and the factor of the whole picture is taken.
"""

from math import exp
from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

Grey = NDArray[np.float32]
Shift = tuple[float, float]  # right and down, pixels

WASHED = 240  # of 255; from there on a lit picture may be cut off
_BLACK, _TOLD = (np.full(3, level, np.float64) for level in (0, WASHED - 1))
_STEADY, _EAGER = 60.0, 10.0  # seconds that the reference reaches back, and while it is young
_HOLD = 0.95  # how fast the reference holds to its light: were it 0, the pixels could not follow the reference
_STRAY = 0.05  # share of the width that a shaken camera may stray
_BLOCK = 6  # pixels of the eighth-size picture
_SPREAD = 0.07  # of the logarithm of the factor within a block, from where on it is not light
_FAINT = np.float32(0.02)  # the weight of the whole picture's light in a block that cannot tell, by a block's that can
_RANGE = 0.9  # the same, of a factor that light may have
_LIT = 0.03  # the same, from where on a picture is lit otherwise
_OFFSET = 4.0  # grey levels of a sensor's dark


class Steadied(NamedTuple):
    """A picture as the reference would have it."""

    picture: Picture
    shift: Shift | None  # by which it had strayed
    washed: NDArray[np.bool_] | None  # where it was cut off, so that nobody knows what is there
    grey: Grey  # half size, in the reference's place but (all but) its own light


class Reference:
    """The slow picture of one view."""

    def __init__(self, lines: int, columns: int) -> None:
        self._small = (columns // 2, lines // 2)
        self._window = cv2.createHanningWindow(self._small, cv2.CV_32F)
        self.forget()

    def forget(self) -> None:
        """Begin anew with the next picture."""
        self._grey: Grey | None = None
        self._frames = 0

    def steady(self, picture: Picture) -> Steadied:
        """The picture moved and lit as the reference is."""
        small = cv2.resize(picture, self._small, interpolation=cv2.INTER_AREA)
        grey = cast("Grey", cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32))
        if self._grey is None:
            return Steadied(picture, None, None, grey)
        shift = self._shake(self._grey, grey)
        if shift is not None:
            grey, picture = _moved(grey, shift), _moved(picture, (2 * shift[0], 2 * shift[1]))
        gain = _gain(self._grey, grey)
        if gain is None:
            return Steadied(picture, shift and (2 * shift[0], 2 * shift[1]), None, grey)
        whole = cv2.resize(gain, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        lit = cast("Picture", cv2.multiply(picture, cv2.merge([whole] * 3), dtype=cv2.CV_8U))
        told = cast("Mask", cv2.inRange(picture, _BLACK, _TOLD))
        return Steadied(lit, shift and (2 * shift[0], 2 * shift[1]), (told == 0) & (whole < 1), grey * gain**_HOLD)

    def learn(self, grey: Grey, elapsed: float) -> None:
        """Let the reference follow a steadied picture, eagerly while it is young."""
        self._frames += 1
        if self._grey is None:
            self._grey = grey.copy()
            return
        rate = max(1 - exp(-elapsed / _STEADY), min(1 - exp(-elapsed / _EAGER), 1 / self._frames))
        cv2.accumulateWeighted(grey, self._grey, rate)

    def _shake(self, reference: Grey, grey: Grey) -> Shift | None:
        """How far the picture strayed (small pixels), if moving it back makes it clearly more like the reference."""
        (right, down), sure = cv2.phaseCorrelate(reference.copy(), grey.copy(), self._window)  # OpenCV 5 overwrites both
        if sure < 0.1 or not 0.15 < max(abs(right), abs(down)) < _STRAY * self._small[0]:
            return None
        back = _moved(grey, (right, down))
        return (right, down) if _unlike(reference, back) < 0.9 * _unlike(reference, grey) else None


def _gain(reference: Grey, grey: Grey) -> Grey | None:
    """By what each pixel must be multiplied to be lit as the reference is; None where it is, or beyond what light does."""
    there, here = (plane[::4, ::4] + np.float32(_OFFSET) for plane in (reference, grey))
    factor = np.log(there / here)
    told = here < WASHED - 20
    if 2 * np.count_nonzero(told) < told.size:
        return None
    whole = float(np.median(factor[told]))
    blocks = _blocks(factor, whole)
    if abs(whole) > _RANGE or np.abs(blocks).max() < _LIT:
        return None
    lines, columns = reference.shape
    field = cv2.resize(blocks, (columns, lines), interpolation=cv2.INTER_LINEAR)
    return cast("Grey", cv2.exp(field))


def _blocks(factor: Grey, whole: float) -> Grey:
    """The logarithm of the light's factor in each block of a picture; of those around where a block cannot tell."""
    down, across = (max(1, round(side / _BLOCK)) for side in factor.shape)
    high, wide = factor.shape[0] // down, factor.shape[1] // across
    parts = factor[: down * high, : across * wide].reshape(down, high, across, wide).swapaxes(1, 2).reshape(down, across, -1)
    middle = np.median(parts, axis=2)
    spread = np.median(np.abs(parts - middle[..., None]), axis=2)
    told = ((spread < _SPREAD) & (np.abs(middle) < _RANGE)).astype(np.float32)
    near, weight = (_spread_out(one) for one in (middle.astype(np.float32) * told + np.float32(_FAINT * whole), told + _FAINT))
    return cast("Grey", np.where(told > 0, middle, near / weight).astype(np.float32))


def _spread_out(blocks: Grey) -> Grey:
    return cast("Grey", cv2.GaussianBlur(blocks, (5, 5), 0))


def _moved(picture: NDArray[Any], shift: Shift) -> NDArray[Any]:
    """The picture with a stray of so many pixels undone."""
    back = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    moved = cv2.warpAffine(picture, back, picture.shape[1::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast("NDArray[Any]", moved)


def strayed(mask: Mask, shift: Shift) -> Mask:
    """A mask on a steadied picture as it lies on the picture that had strayed."""
    there = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    return cast("Mask", cv2.warpAffine(mask, there, mask.shape[::-1], flags=cv2.INTER_NEAREST))


def _unlike(one: Grey, other: Grey) -> float:
    """The sum of absolute differences, border aside."""
    return float(cv2.norm(one[8:-8, 8:-8], other[8:-8, 8:-8], cv2.NORM_L1))
