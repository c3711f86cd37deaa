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
Planes = tuple[Mask, Mask, Mask]  # blue, green, red
Shift = tuple[float, float]  # right and down, pixels

WASHED = 240  # of 255; from there on a lit picture may be cut off
_STEADY, _EAGER = 60.0, 10.0  # seconds that the reference reaches back, and while it is young
_HOLD = 0.95  # how fast the reference holds to its light: were it 0, the pixels could not follow the reference
_STRAY = 0.05  # share of the width that a shaken camera may stray
_ROCK = 0.03  # quarter-size pixels of apparent motion of the whole, under which nobody looks for a stray
_PASSING = 6.0  # grey levels; what differs by more has somebody in it, and tells no more of the motion of the whole than that
_BLOCK = 6  # pixels of the eighth-size picture
_SPREAD = 0.07  # of the logarithm of the factor within a block, from where on it is not light
_FAINT = np.float32(0.02)  # the weight of the whole picture's light in a block that cannot tell, by a block's that can
_RANGE = 0.9  # the same, of a factor that light may have
_LIT = 0.03  # the same, from where on a picture is lit otherwise
_OFFSET = 4.0  # grey levels of a sensor's dark


class Steadied(NamedTuple):
    """A picture as the reference would have it."""

    planes: Planes
    shift: Shift | None  # by which it had strayed
    washed: Mask | None  # where it was cut off, so that nobody knows what is there
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
            return Steadied(_split(picture), None, None, grey)
        shift = self._shake(self._grey, grey) if rocks(self._grey, grey) else None
        if shift is not None:
            grey, picture = moved(grey, shift), moved(picture, (2 * shift[0], 2 * shift[1]))
        light, strayed_by = _light(self._grey, grey), shift and (2 * shift[0], 2 * shift[1])
        if light is None:
            return Steadied(_split(picture), strayed_by, None, grey)
        lit, washed = _lit(_split(picture), cv2.resize(cv2.exp(light), picture.shape[1::-1], interpolation=cv2.INTER_LINEAR))
        return Steadied(lit, strayed_by, washed, cast("Grey", cv2.multiply(grey, cv2.exp(light * np.float32(_HOLD)))))

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
        back = moved(grey, (right, down))
        return (right, down) if _unlike(reference, back) < 0.9 * _unlike(reference, grey) else None


def rocks(reference: Grey, grey: Grey) -> bool:
    """Whether the whole picture seems to have moved, by its slopes (one step of Lucas and Kanade's)."""
    there, here = (cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for plane in (reference, grey))
    across, down = (cv2.Sobel(there, cv2.CV_32F, *way, scale=0.125).ravel() for way in ((1, 0), (0, 1)))
    apart = np.clip(cv2.subtract(here, there).ravel(), -_PASSING, _PASSING)
    both = float(across @ down)
    slopes = np.array([[float(across @ across) + 1.0, both], [both, float(down @ down) + 1.0]])
    moved = np.linalg.solve(slopes, np.array([float(across @ apart), float(down @ apart)]))
    return bool(np.abs(moved).max() > _ROCK)


def _split(picture: Picture) -> Planes:
    return cast("Planes", tuple(cv2.split(picture)))


def _lit(planes: Planes, by: NDArray[Any]) -> tuple[Planes, Mask]:
    """The planes in another light, and where they were cut off, so that a darker light is not known."""
    lit = cast("Planes", tuple(cv2.multiply(plane, by, dtype=cv2.CV_8U) for plane in planes))
    brightest = cv2.max(cv2.max(planes[0], planes[1]), planes[2])
    washed = cv2.bitwise_and(
        cv2.threshold(brightest, WASHED - 1, 255, cv2.THRESH_BINARY)[1], (by < 1).view(np.uint8) * np.uint8(255)
    )
    return lit, cast("Mask", washed)


def _light(reference: Grey, grey: Grey) -> Grey | None:
    """The logarithm of what each pixel must be multiplied by to be lit as the reference is; None where it is, or beyond light."""
    there, here = (plane[::4, ::4] + np.float32(_OFFSET) for plane in (reference, grey))
    factor = np.log(there / here)
    told = here < WASHED - 20
    if 2 * np.count_nonzero(told) < told.size:
        return None
    whole = float(_median(factor[told]))
    blocks = _blocks(factor, whole)
    if abs(whole) > _RANGE or np.abs(blocks).max() < _LIT:
        return None
    lines, columns = reference.shape
    return cast("Grey", cv2.resize(blocks, (columns, lines), interpolation=cv2.INTER_LINEAR))


def _blocks(factor: Grey, whole: float) -> Grey:
    """The logarithm of the light's factor in each block of a picture; of those around where a block cannot tell."""
    down, across = (max(1, round(side / _BLOCK)) for side in factor.shape)
    high, wide = factor.shape[0] // down, factor.shape[1] // across
    parts = factor[: down * high, : across * wide].reshape(down, high, across, wide).swapaxes(1, 2).reshape(down, across, -1)
    middle = _median(parts)
    spread = _median(np.abs(parts - middle[..., None]))
    told = ((spread < _SPREAD) & (np.abs(middle) < _RANGE)).astype(np.float32)
    near, weight = (_spread_out(one) for one in (middle * told + np.float32(_FAINT * whole), told + _FAINT))
    return np.where(told > 0, middle, near / weight).astype(np.float32)


def _median(values: Grey) -> Grey:
    """The upper median of the last axis; a third of the time that NumPy's takes."""
    middle = values.shape[-1] // 2
    return np.partition(values, middle, axis=-1)[..., middle]


def _spread_out(blocks: Grey) -> Grey:
    return cast("Grey", cv2.GaussianBlur(blocks, (5, 5), 0))


def moved(picture: NDArray[Any], shift: Shift) -> NDArray[Any]:
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
