"""Smoke: a grey veil over a part of the view that lets it shine through, and thins and thickens again and again.

Fog, a dirty lens and what was part of the view when it was learnt veil it evenly; who walks past is no veil. Steam and spray are
taken for smoke. Where the view has no contrast of its own (sky, a smooth wall), a veil before it cannot be told.
"""

from math import exp
from typing import cast

import cv2
import numpy as np

from detectors.vision.haze import CELL, Air, Flags, Grey, Haze
from detectors.vision.nanodet import Box
from detectors.vision.view import Glance, Measures, View

BEAT = 0.08  # seconds between two looks; smoke is slow
MEMORY = 5.0  # seconds in which a turn is forgotten
STEP = 0.08  # share of the view by which a veil must thin or thicken
TURNS = 1.5  # turns, older ones counting less, from which it is restless
OFTEN = 0.12  # share of the time in which it is there
CLEAR = 3.0  # seconds after somebody was there in which nothing is said
LEAST = 6  # cells; less is no smoke


class Smoke:
    """What smokes in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots_for("smoke")
        self._shape = (view.lines, view.columns)
        self._begin()

    def _begin(self) -> None:
        self._haze: Haze | None = None
        self._waited = 0.0
        self._said: Measures = {f"smoke.{plot.name}": 0.0 for plot in self._plots}

    def measure(self, glance: Glance) -> Measures:
        """smoke.<zone>: % of the zone that smokes."""
        if not self._plots:
            return {}
        self._waited += glance.elapsed
        if self._haze is None:
            self._haze = Haze(glance.picture, glance.grey)
            self._restless = Restless((self._shape[0] // CELL, self._shape[1] // CELL))
        elif self._waited >= BEAT:
            passed, self._waited = self._waited, 0.0
            air = self._haze.see(glance.picture, glance.grey, passed)
            cells = _patches(self._restless.smokes(air, _boxed(glance.things, air.alien), passed))
            mask = self._haze.pixels(cells, self._shape)
            self._said = {f"smoke.{plot.name}": 100 * plot.share(mask) for plot in self._plots}
        return self._said


class Restless:
    """How often the veil before each cell has thinned and thickened lately."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._extreme = np.zeros(shape, np.float32)  # the haze last reached, up or down
        self._way = np.zeros(shape, np.int8)
        self._turns = np.zeros(shape, np.float32)
        self._often = np.zeros(shape, np.float32)
        self._clear = np.full(shape, CLEAR, np.float32)  # seconds since something else was there

    def smokes(self, air: Air, alien: Flags, elapsed: float) -> Flags:
        """Which cells smoke, as far as the pictures up to this one tell."""
        self._clear = np.where(alien, np.float32(0), self._clear + np.float32(elapsed))
        clear = self._clear >= CLEAR
        kept = np.float32(exp(-elapsed / MEMORY))
        told, change = air.known & clear, air.lost - self._extreme
        up, down = told & (change > STEP), told & (change < -STEP)
        turned = (up & (self._way < 0)) | (down & (self._way > 0))
        self._turns = cast("Grey", np.where(clear, self._turns * kept + turned, np.float32(0)))
        self._often = cast("Grey", self._often * kept + (air.hazy & clear) * (1 - kept))
        self._extreme = cast("Grey", np.where(up | down | (told & (self._way * change > 0)), air.lost, self._extreme))
        self._way = np.where(up, 1, np.where(down, -1, self._way)).astype(np.int8)
        return (self._turns >= TURNS) & (self._often >= OFTEN)


def _boxed(things: tuple[Box, ...], alien: Flags) -> Flags:
    """The cells where something new is, with those where something was recognised."""
    cells = alien.copy()
    for box in things:
        rows = slice(max(0, int(box.top) // CELL), int(box.top + box.height) // CELL + 1)
        cells[rows, max(0, int(box.left) // CELL) : int(box.left + box.width) // CELL + 1] = True
    return cells


def _patches(smokes: Flags) -> Flags:
    """The patches of cells that are large enough."""
    _, names, patches, _ = cv2.connectedComponentsWithStats(smokes.astype(np.uint8))
    large = patches[:, cv2.CC_STAT_AREA] >= LEAST
    large[0] = False
    return cast("Flags", large[names])
