"""Haze: how much of a view is veiled, cell by cell, by something that lets it through.

What hangs in the air mixes its own light into the view behind: I = (1 - a) B + a S. The slope of I over the known view B is then
below one, what is left is as alike to B as before, and where the line leads to is the light of the haze itself (as in the model
of Narasimhan and Nayar, IJCV 48, 2002). A shadow has the slope, too, but no light of its own, and its soft rim goes with all that
is coarser than `COARSE` pixels; who stands before the view is not alike to it; a lens out of focus and a camera that trembles
change no mean. Light on all of the picture, and fog before all of it, change the slope of all cells, which is taken off.
"""

from math import exp
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Mask, Picture

CELL = 8  # pixels across
COARSE = 13  # pixels; what is coarser may be light and shade
ROUGH = 12.0  # variance (grey levels) that the view's fine structure must have, so that a slope can be told
ALIKE = 0.7  # correlation with the known view from which it shines through
ALIEN = 0.8  # correlation under which something new may be there
NEW = 10.0  # grey levels (standard deviation) that the view does not explain, from which something new is there
THIN = 0.12  # share of the view's contrast that must be lost
SHIFT = 3.0  # grey levels by which the mean must have changed
OWN_LIGHT = (90.0, 300.0)  # grey levels of the haze itself; less is a shadow
COLOUR = 60.0  # grey levels by which its own blue, green and red may differ
WHITE = 252.0  # grey levels, two deviations above the mean: light that is cut off there has less contrast, too
ALL = 0.15  # change of contrast in half of the cells from which all of the view is changed, and nothing is told
FAINT = 0.02  # loss of contrast that a light can at least be told from
YOUNG = 5.0  # seconds in which all pictures count alike
USUAL, SLOW = 30.0, 300.0  # seconds in which the known view follows; and where something is before it

Grey = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Air(NamedTuple):
    """What is before the view in each cell."""

    lost: Grey  # share of the view's contrast that is lost, 0..1
    hazy: Flags  # where something veils it
    known: Flags  # whether it can be told: the view has contrast there, and shines through
    alien: Flags  # where something is that was not in the view, or next to it


class Fit(NamedTuple):
    """How a picture follows the known view in each cell."""

    now: Grey  # variance of the picture
    view: Grey  # variance of the known view
    both: Grey  # covariance

    def together(self) -> "Fit":
        """Each cell with those around it."""
        return Fit(*(_together(one) for one in self))

    @property
    def slope(self) -> Grey:
        """How much of the view's contrast is left."""
        return cast("Grey", self.both / np.maximum(self.view, 1))

    @property
    def alike(self) -> Grey:
        """Correlation."""
        return cast("Grey", self.both / np.sqrt(np.maximum(self.view * self.now, 1)))

    @property
    def unlike(self) -> Grey:
        """Variance of the picture that the view does not explain."""
        return cast("Grey", self.now - self.slope * self.both)


class Haze:
    """The known view of one camera, and what veils it."""

    def __init__(self, picture: Picture, grey: Mask) -> None:
        self._rows, self._columns = grey.shape[0] // CELL, grey.shape[1] // CELL
        self._view = self._whole_cells(grey).astype(np.float32)
        self._colours = self._mean(self._whole_cells(picture)).astype(np.float32)
        self._age, self._count = 0.0, 1

    def see(self, picture: Picture, grey: Mask, elapsed: float) -> Air:
        """What is before the view in a picture, `elapsed` seconds after the one before; the view is learnt afterwards."""
        now = self._whole_cells(grey)
        colours = self._mean(self._whole_cells(picture)).astype(np.float32)
        air = self._judge(now.astype(np.float32), colours)
        self._learn(now, colours, air.hazy | air.alien, elapsed)
        return air

    def pixels(self, cells: Flags, shape: tuple[int, int]) -> Mask:
        """Cells as a mask of the working picture, 255."""
        mask = np.zeros(shape, np.uint8)
        mask[: self._rows * CELL, : self._columns * CELL] = self._spread(cells)
        return mask

    def _judge(self, now: Grey, colours: Grey) -> Air:
        whole, fine = self._fit(now, self._view), self._fit(_fine(now), _fine(self._view)).together()
        rough = fine.view >= ROUGH
        usual = float(np.median(fine.slope[rough])) if rough.any() else 1.0
        lost = cast("Grey", 1 - fine.slope / np.float32(max(usual, 0.3)))
        changed = colours - self._colours
        changed = _together(changed - np.median(changed.reshape(-1, 3), axis=0))
        new = (whole.unlike > NEW * NEW) & (whole.alike < ALIEN)
        alien = cv2.dilate(new.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        glaring = self._mean(now) + 2 * np.sqrt(whole.now) > WHITE
        known = rough & (fine.alike > ALIKE) & ~alien & ~glaring & (abs(1 - usual) < ALL)
        pale = _is_grey(_together(self._colours), changed, lost)
        return Air(np.clip(lost, 0, 1), known & (lost > THIN) & (np.abs(changed.mean(axis=2)) > SHIFT) & pale, known, alien)

    def _fit(self, now: Grey, view: Grey) -> "Fit":
        mean, known = self._mean(now), self._mean(view)
        spread = np.maximum(self._mean(now * now) - mean * mean, 0)
        return Fit(cast("Grey", spread), self._mean(view * view) - known * known, self._mean(now * view) - mean * known)

    def _learn(self, now: Mask, colours: Grey, hidden: Flags, elapsed: float) -> None:
        self._count += 1
        self._age += elapsed
        least = 1 / self._count if self._age < YOUNG else 0.0
        for where, seconds in ((~hidden, USUAL), (hidden, SLOW)):
            rate = max(least, 1 - exp(-elapsed / seconds))
            cv2.accumulateWeighted(now, self._view, rate, self._spread(where))
            cv2.accumulateWeighted(colours, self._colours, rate, where.astype(np.uint8))

    def _whole_cells(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return plane[: self._rows * CELL, : self._columns * CELL]

    def _mean(self, plane: NDArray[np.uint8] | Grey) -> Grey:
        return cast("Grey", cv2.resize(plane, (self._columns, self._rows), interpolation=cv2.INTER_AREA))

    def _spread(self, cells: Flags) -> Mask:
        size = (self._columns * CELL, self._rows * CELL)
        return cast("Mask", cv2.resize(cells.astype(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_NEAREST))


def _together(cells: Grey) -> Grey:
    """Each cell with those around it: what veils a view is larger than a cell."""
    return cast("Grey", cv2.blur(cells, (3, 3)))


def _fine(plane: Grey) -> Grey:
    """What is finer than light and shade."""
    return cast("Grey", plane - cv2.blur(plane, (COARSE, COARSE)))


def _is_grey(view: Grey, changed: Grey, lost: Grey) -> Flags:
    """Where the light that veils the view is bright enough for smoke, and nearly without colour."""
    light = view + changed / np.maximum(lost, FAINT)[..., None]
    level = light.mean(axis=2)
    least, most = OWN_LIGHT
    return cast("Flags", (level > least) & (level < most) & (np.ptp(light, axis=2) < COLOUR))
