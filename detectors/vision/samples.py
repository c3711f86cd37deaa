"""What each pixel of a view has looked like: some sixteen colours that it had, drawn at random from the time behind it.

ViBe (Barnich and Van Droogenbroeck, IEEE TIP 2011), told how much time passed instead of how many frames: a pixel that is
background now and then takes a sample's place, its own or a neighbour's. The first samples are whole pictures of the first
seconds, with all who pass; then what is far from the likeliest colour of its pixel is taken out, so that traffic leaves none.
How unlike a picture is, is said for all pixels at once, a sample at a time, so that the processor's vector units do the work.
"""

from itertools import combinations
from math import exp
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask
from detectors.vision.steadying import Planes

Grey = NDArray[np.float32]

COUNT = 16
HELD = 2.0  # seconds until one of the samples of a pixel is replaced: the memory reaches back COUNT times as long
YOUNG = 7.0  # seconds over which the first samples, whole pictures, are spread
_APART = 24  # grey levels, the colours' sum, by which two samples of calm ground are apart at most
_SPREAD, _FEW = 3.0, 5  # and by how much more, by how far so many others are from the likeliest
_CALM = 20  # the same, from where on nothing is taken out: waves and leaves have no likeliest colour
_PASSED = np.ones((5, 5), np.uint8)  # pixels that pass together
_AVERAGE = 20.0  # seconds that the mean colour reaches back
_SPARE = 64  # lines and columns by which the table of dice is larger than the picture


class Samples:
    """The colours that each pixel had."""

    def __init__(self, first: Planes) -> None:
        lines, columns = self._shape = first[0].shape
        self._chance = np.random.default_rng(5)
        self._dice = self._chance.integers(0, 255, (lines + _SPARE, columns + _SPARE), dtype=np.uint8)
        self._stacks = [np.vstack(first) for _ in range(COUNT)]  # blue above green above red: three planes at one call
        self._kept = [tuple(np.split(stack, 3)) for stack in self._stacks]
        self.mean: tuple[Grey, ...] = tuple(plane.astype(np.float32) for plane in first)
        self._frames, self._age, self._young, self._place = 0, 0.0, True, 0
        self._stale, self._one = np.zeros(self._shape, np.uint8), np.ones(self._shape, np.uint8)  # samples still to be renewed

    def unlike(self, planes: Planes) -> Mask:
        """By how many grey levels, the colours' sum (255 at most), each pixel differs from the sample that is second nearest."""
        now = np.vstack(planes)
        nearest, second = np.full(self._shape, 255, np.uint8), np.full(self._shape, 255, np.uint8)
        each, more = np.empty_like(now), np.empty_like(nearest)
        apart, green, red = np.split(each, 3)
        for stack in self._stacks:
            cv2.absdiff(now, stack, each)
            cv2.add(apart, green, apart)
            cv2.add(apart, red, apart)
            cv2.max(nearest, apart, more)
            cv2.min(second, more, second)
            cv2.min(nearest, apart, nearest)
        return second

    def learn(self, planes: Planes, foreground: Mask, lasting: Mask, elapsed: float) -> None:
        """Take from a picture what is no foreground, and what has been foreground for long."""
        if self._young:
            self._gather(planes)
        else:
            background = cast("Mask", cv2.bitwise_not(foreground))
            self._draw(planes, background, 1 - exp(-elapsed / HELD))
            self._average(planes, background, 1 - exp(-elapsed / _AVERAGE))
            if cv2.countNonZero(lasting):
                self._draw(planes, lasting, 1 - exp(-elapsed))
                self._average(planes, lasting, 1 - exp(-elapsed / 2))
        self._frames += 1
        self._age += elapsed
        if self._young and self._frames >= COUNT and self._age >= YOUNG:
            self._young = False
            self._purge()

    def renew(self, planes: Planes, gone: Mask, background: Mask) -> None:
        """Learn anew, as at the beginning, what was hidden by something that has gone: else it would not be seen to come back."""
        cv2.max(self._stale, cv2.threshold(gone, COUNT, 0, cv2.THRESH_TRUNC)[1], self._stale)
        if not cv2.countNonZero(self._stale):
            return
        for plane, mean in zip(planes, self.mean, strict=True):
            cv2.copyTo(plane.astype(np.float32), gone, mean)
        now = cv2.bitwise_and(cv2.bitwise_or(background, gone), cv2.threshold(self._stale, 0, 255, cv2.THRESH_BINARY)[1])
        for plane, kept in zip(planes, self._kept[self._frames % COUNT], strict=True):
            cv2.copyTo(plane, now, kept)
        cv2.subtract(self._stale, self._one, self._stale, now)

    def _gather(self, planes: Planes) -> None:
        """The first pictures, and then one in a while, are samples as a whole."""
        place = int(self._age / YOUNG * COUNT) % COUNT
        if self._frames < COUNT or place != self._place:
            self._place = place
            for plane, kept in zip(planes, self._kept[self._frames if self._frames < COUNT else place], strict=True):
                kept[:] = plane
        for plane, mean in zip(planes, self.mean, strict=True):
            cv2.accumulateWeighted(plane, mean, 1 / (self._frames + 1))

    def _purge(self) -> None:
        """Take out of the first samples who passed through them: what is far from the sample that most others are like."""
        usual = self._likeliest()
        far = [_apart(stack, usual) for stack in self._stacks]
        near = np.partition(far, _FEW, axis=0)[_FEW]
        bound = np.where(near > _CALM, np.uint8(255), cv2.convertScaleAbs(near, alpha=_SPREAD, beta=_APART))
        for stack, one in zip(self._stacks, far, strict=True):
            passed = cv2.threshold(cv2.blur(cv2.compare(one, bound, cv2.CMP_GT), _PASSED.shape), 127, 255, cv2.THRESH_BINARY)[1]
            cv2.copyTo(usual, np.vstack([cv2.dilate(passed, _PASSED)] * 3), stack)
        for place, mean in enumerate(self.mean):
            np.mean([kept[place] for kept in self._kept], axis=0, out=mean)

    def _likeliest(self) -> Mask:
        """Of each pixel the sample that most of the others are like, the planes one above the other."""
        like = np.zeros((COUNT, *self._shape), np.uint8)
        for one, other in combinations(range(COUNT), 2):
            near = cv2.threshold(_apart(self._stacks[one], self._stacks[other]), _APART, 1, cv2.THRESH_BINARY_INV)[1]
            like[one] += near
            like[other] += near
        most = like.argmax(axis=0)
        usual = np.empty_like(self._stacks[0])
        for place, stack in enumerate(self._stacks):
            cv2.copyTo(stack, np.vstack([(most == place).view(np.uint8)] * 3), usual)
        return usual

    def _average(self, planes: Planes, where: Mask, rate: float) -> None:
        for plane, mean in zip(planes, self.mean, strict=True):
            cv2.accumulateWeighted(plane, mean, rate, where)

    def _draw(self, planes: Planes, where: Mask, rate: float) -> None:
        """Let that share of the pixels take a sample's place, and as many that of a neighbour's."""
        lines, columns = self._shape
        (down, right), (one, other) = self._chance.integers(-1, 2, 2), self._chance.integers(0, COUNT, 2)
        here = np.s_[max(0, down) : lines + min(0, down), max(0, right) : columns + min(0, right)]
        there = np.s_[max(0, -down) : lines + min(0, -down), max(0, -right) : columns + min(0, -right)]
        mine, next_to = (cv2.bitwise_and(self.chosen(rate), where) for _ in range(2))
        for plane, sample, another in zip(planes, self._kept[one], self._kept[other], strict=True):
            cv2.copyTo(plane, mine, sample)
            cv2.copyTo(plane[here], next_to[here], another[there])

    def chosen(self, share: float) -> Mask:
        """That share of the pixels, by chance (255 where chosen); the same seed chooses the same."""
        top, left = self._chance.integers(0, _SPARE, 2)
        dice = self._dice[top : top + self._shape[0], left : left + self._shape[1]]
        return cast("Mask", cv2.threshold(dice, 255 * share - 0.5, 255, cv2.THRESH_BINARY_INV)[1])


def _apart(one: Mask, other: Mask) -> Mask:
    """How far two pictures, their planes one above the other, are apart: the colours' sum, 255 at most."""
    blue, green, red = np.split(cv2.absdiff(one, other), 3)
    return cast("Mask", cv2.add(cv2.add(blue, green), red))
