"""What a view looks like when nothing happens, learnt pixel by pixel, and what stands out against it.

Each pixel remembers colours that it had (`samples`) and how restless it is (`unrest`). Before it is compared, the picture is
brought to the exposure and position of a slow reference picture (`steadying`); what stands out is freed of shadows and specks
(`outlines`). A change of nearly everything at once is taken for light, not for motion; it is learnt from once it has lasted.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from detectors.vision.gone import gone
from detectors.vision.outlines import outlined, sharp
from detectors.vision.picture import Mask, Picture
from detectors.vision.samples import Samples
from detectors.vision.steadying import Planes, Reference, Shift, Steadied, strayed
from detectors.vision.unrest import FALL, LEAPING, Unrest

WARM_FRAMES, WARM_SECONDS = 16, 4.0  # before that nothing is said about movers
FLOOD = 0.5  # share of the picture that only light changes at once
LASTING = 2.0  # seconds until a flood is believed and learnt anew
ABSORBED = 180.0  # seconds that something stands still until it becomes background
GONE = 0.7  # seconds for which what seems to have gone must stand out
BEAT = 1.0  # seconds between two looks for that
_EDGE = np.ones((3, 3), np.uint8)  # what is so near to a body is not learnt


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands out in one picture, where the picture would be had the camera not been shaken."""

    mask: Mask
    share: float  # of the picture, 0..1
    settled: bool  # False while the view is being learnt, or when light floods it
    shift: Shift | None = None  # right and down, pixels, by which a shaken camera had strayed

    @property
    def filmed(self) -> Mask:
        """The mask as it lies on the picture itself."""
        return self.mask if self.shift is None else strayed(self.mask, self.shift)


class Background:
    """The learnt view of one camera; `see` judges a picture, then learns from it."""

    def __init__(self, lines: int, columns: int) -> None:
        self._reference = Reference(lines, columns)
        self._forget()

    def _forget(self) -> None:
        self._reference.forget()
        self._samples: Samples | None = None
        self._frames, self._age, self._flooded, self._waited = 0, 0.0, 0.0, 0.0

    def see(self, picture: Picture, elapsed: float) -> Seen:
        """What stands out in the picture, `elapsed` seconds after the one before (0 = judge without learning)."""
        steadied = self._reference.steady(picture)
        planes = steadied.planes
        if self._samples is None:
            self._samples, self._unrest = Samples(planes), Unrest(picture.shape[:2])
            self._stood = np.zeros(picture.shape[:2], np.float32)  # seconds for which each pixel has stood out
            self._gone = np.zeros(picture.shape[:2], np.uint8)  # where the view was found to have a hole
        unlike, threshold = self._samples.unlike(planes), self._unrest.threshold()
        raw = sharp(unlike, threshold)
        mask = outlined(raw, unlike, threshold, planes, self._samples.mean, self._unrest.before)
        if steadied.washed is not None:
            cv2.subtract(mask, steadied.washed, mask)
        share = float(np.count_nonzero(mask)) / mask.size
        flood = share > FLOOD and self._warm
        if flood:
            self._drown(elapsed)
        elif elapsed or not self._frames:
            self._flooded = 0.0
            some = self._samples.chosen(min(1.0, (elapsed / LEAPING) ** 2))  # many frames a second tell enough in calm
            self._unrest.learn(unlike, raw, mask, self._samples.chosen(FALL), some)
            self._learn(self._samples, planes, mask, steadied, elapsed)
        return Seen(mask, share, settled=self._warm and not flood, shift=steadied.shift)

    @property
    def _warm(self) -> bool:
        return self._frames >= WARM_FRAMES and self._age >= WARM_SECONDS

    def _drown(self, elapsed: float) -> None:
        """A flood that lasts makes all be learnt anew."""
        self._flooded += max(elapsed, 1e-3)
        if self._flooded >= LASTING:
            self._forget()

    def _learn(self, samples: Samples, planes: Planes, mask: Mask, steadied: Steadied, elapsed: float) -> None:
        """Learn what is background, what has stood for long, and the reference."""
        cv2.addWeighted(self._stood, 1, mask, 2 * elapsed / 255, -elapsed, self._stood, cv2.CV_32F)
        cv2.threshold(self._stood, 0, 0, cv2.THRESH_TOZERO, self._stood)
        lasting = (self._stood > ABSORBED).view(np.uint8)
        self._waited += elapsed
        if self._warm and self._waited >= BEAT:
            self._gone, self._waited = gone(mask, (self._stood > GONE).view(np.uint8) * np.uint8(255), planes, samples.mean), 0.0
        samples.renew(planes, self._gone, cast("Mask", cv2.bitwise_not(mask)))
        samples.learn(planes, cast("Mask", cv2.dilate(mask, _EDGE)), lasting, elapsed)
        self._reference.learn(steadied.grey, elapsed)
        self._frames += 1
        self._age += elapsed
