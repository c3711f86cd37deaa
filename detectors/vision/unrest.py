"""How restless each pixel of a view is, and so how unlike it must be to stand out.

Two memories a pixel, as in SuBSENSE (St-Charles, Bilodeau and Bergevin, IEEE TIP 2015): how unlike its background usually is,
and how often it stands out for a moment where no body is: waves, leaves and rain raise their own thresholds.
"""

from typing import cast

import cv2
import numpy as np

from detectors.vision.picture import Mask

BASE, USUAL, BLINKING = 20.0, 1.2, 0.1  # grey levels, the colours' sum; and by how much either memory raises them
LOW, HIGH = 24, 180  # of 255, of a threshold
FALL = 0.2  # share of the pixels in which the usual may fall by one: it is where one in five is above
BLINK, MOST = 20, 100  # what a blink adds, and the most; one is taken off at every picture
# by so many grey levels, at most once in so many seconds, the usual rises where a body seems to come or go: waves do so often
LEAP, LEAPING = 3, 0.5
_FIRST = 6  # grey levels, before anything is known
_NEAR = np.ones((7, 7), np.uint8)  # what is so near to a body is not judged


class Unrest:
    """The restlessness of one view."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._usual = np.full(shape, _FIRST, np.uint8)
        self._blinks = np.zeros(shape, np.uint8)
        self._raw, self._mask = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        self._one, self._leap = np.ones(shape, np.uint8), np.full(shape, LEAP, np.uint8)

    @property
    def before(self) -> Mask:
        """What stood out raw in the newest picture that was learnt from."""
        return self._raw

    def threshold(self) -> Mask:
        """How unlike each pixel must be."""
        raised = cv2.addWeighted(self._usual, USUAL, self._blinks, BLINKING, BASE)
        return cast("Mask", np.clip(raised, LOW, HIGH, out=raised))

    def learn(self, unlike: Mask, raw: Mask, mask: Mask, few: Mask, some: Mask) -> None:
        """Learn from what stood out raw and cleaned; `few` are the pixels whose usual may fall, `some` those that may leap."""
        calm = cv2.bitwise_not(cv2.dilate(cv2.bitwise_or(mask, self._mask), _NEAR))
        above = cv2.compare(unlike, self._usual, cv2.CMP_GT)
        falls = cv2.bitwise_and(cv2.bitwise_and(cv2.bitwise_not(above), few), calm)
        turned = cv2.bitwise_xor(raw, self._raw)
        rises = cv2.bitwise_and(cv2.bitwise_and(above, calm), self._one)
        leaps = cv2.bitwise_and(cv2.bitwise_and(cv2.bitwise_and(above, some), cv2.bitwise_xor(mask, self._mask)), self._leap)
        cv2.add(self._usual, cv2.add(rises, leaps), self._usual)
        cv2.subtract(self._usual, cv2.bitwise_and(falls, self._one), self._usual)
        blinked = cv2.bitwise_and(turned, calm)
        cv2.subtract(self._blinks, self._one, self._blinks)
        cv2.add(self._blinks, cv2.threshold(blinked, BLINK + 1, 0, cv2.THRESH_TRUNC)[1], self._blinks)
        cv2.threshold(self._blinks, MOST, 0, cv2.THRESH_TRUNC, self._blinks)
        self._raw, self._mask = raw, mask
