"""Litter: what floats on the water of a view, and is there again and again, where it lay or a little further on.

A piece is believed when it looks the same at four looks in a row, found again by its picture (normalised cross-correlation) where
the water may have carried it; glitter and waves never look the same again. What is there from the start, or for much of a day, is
part of the view: a pier, a buoy, a stone. Nothing is said by night, when lamps mirror in the water.
"""

from math import exp
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.floating import SAMPLE, Water, floating
from detectors.vision.nanodet import Box
from detectors.vision.picture import Mask
from detectors.vision.tint import has_colour
from detectors.vision.view import Glance, Measures, View
from detectors.vision.zones import Plot

BEAT = 1.0  # seconds between two looks
YOUNG = 15  # looks in which the view is learnt, and nothing is said
DAY = 86_400.0  # seconds in which what is usual follows
USUAL = 0.3  # share of that time from which what floats there is part of the view
EDGE = 3  # pixels around it, and around what was recognised, that come and go
LOOKS = 4  # in a row, at which a piece is believed
REACH = 0.06  # share of the picture's width that water carries a piece between two looks
ALIKE = 0.7  # correlation from which a piece looks the same
STRAY = 4  # pixels by which the ways of a piece between looks may differ
MARGIN = 2  # pixels around a piece that belong to its look
PIECES = 60  # that are followed; the largest first
CLEAN = 10.0  # % of the zone that floats, under which its water is learnt as the usual water
_ANYWHERE = (1 << 30, 1 << 30)  # a picture without edges
DARK = 40.0  # levels of light of the water, under which it is night


class Litter:
    """What floats in the zones of one view."""

    def __init__(self, view: View) -> None:
        self._surfaces = tuple(Surface(plot) for plot in view.plots_for("litter"))
        self._waited = BEAT
        self._said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """litter.<zone>: % of the water that litter covers; drift.<zone>: % of the picture's width a second that it goes."""
        self._waited += glance.elapsed
        if self._surfaces and self._waited >= BEAT:
            passed, self._waited = self._waited, 0.0
            self._said = {}
            if has_colour(glance.picture):
                for surface in self._surfaces:
                    self._said |= surface.look(glance, passed)
        return self._said


class Piece(NamedTuple):
    """Something that floats."""

    inside: tuple[slice, slice]  # its box on the working picture
    mine: NDArray[np.bool_]  # which pixels of it
    area: int
    looks: int = 1  # in a row at which it was there
    way: tuple[int, int] | None = None  # right and down since the look before, pixels


class Surface:
    """The water of one zone."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._usual = np.zeros(plot.mask.shape, np.float32)  # share of the time that something floats there
        self._pieces: list[Piece] = []
        self._grey: Mask | None = None
        self._water: Water | None = None
        self._looks = 0

    def look(self, glance: Glance, passed: float) -> Measures:
        """Its litter and drift, `passed` seconds after the look before; nothing by night, or while the view is learnt."""
        if float(np.median(glance.grey[self._plot.mask > 0][::SAMPLE])) < DARK:
            self._pieces, self._grey = [], None
            return {}
        mask, water = floating(glance.picture, self._plot.mask, self._water)
        for box in glance.things:
            mask[_around(box, mask.shape)] = 0
        if self._plot.share(mask) < CLEAN / 100:
            self._water = water
        self._follow(np.where(_spread(self._usual > USUAL), np.uint8(0), mask), glance.grey, passed)
        self._learn(mask, passed)
        if self._looks <= YOUNG:
            return {}
        name, columns = self._plot.name, mask.shape[1]
        sure = [piece for piece in self._pieces if piece.looks >= LOOKS]
        cover = 100 * sum(piece.area for piece in sure) / self._plot.pixels
        return {f"litter.{name}": cover, f"drift.{name}": 100 * _pace(sure) / (columns * max(passed, BEAT))}

    def _learn(self, mask: Mask, passed: float) -> None:
        self._looks += 1
        rate = max(1 / self._looks if self._looks <= YOUNG else 0.0, 1 - exp(-passed / DAY))
        self._usual += np.float32(rate) * ((mask > 0) - self._usual)

    def _follow(self, mask: Mask, grey: Mask, passed: float) -> None:
        """Find each piece of now at the look before, and let it grow older by that."""
        before, self._grey = self._grey, grey
        found = _pieces(mask)
        if before is not None:
            reach = max(STRAY, round(REACH * mask.shape[1] * min(passed, 2 * BEAT)))
            found = [_older(piece, _again(piece, grey, before, reach), self._pieces) for piece in found]
        self._pieces = found


def _spread(usual: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is usual, and the edges of it that come and go."""
    return cv2.dilate(usual.astype(np.uint8), np.ones((2 * EDGE + 1, 2 * EDGE + 1), np.uint8)) > 0


def _pieces(mask: Mask) -> list[Piece]:
    """The pieces in a mask, the largest first."""
    _, names, stats, _ = cv2.connectedComponentsWithStats(mask)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:PIECES] + 1
    found = []
    for name in order.tolist():
        left, top, width, height, area = stats[name].tolist()
        inside = np.s_[top : top + height, left : left + width]
        found.append(Piece(inside, names[inside] == name, area))
    return found


def _again(piece: Piece, grey: Mask, before: Mask, reach: int) -> tuple[int, int] | None:
    """The way from where the piece looked the same at the look before, within reach; None if it did nowhere."""
    look, around = _wider(piece.inside, MARGIN, grey.shape), _wider(piece.inside, MARGIN + reach, grey.shape)
    alike = cv2.matchTemplate(before[around], grey[look], cv2.TM_CCOEFF_NORMED)
    _, most, _, (left, top) = cv2.minMaxLoc(alike)
    if most < ALIKE:
        return None
    return look[1].start - around[1].start - left, look[0].start - around[0].start - top


def _older(piece: Piece, way: tuple[int, int] | None, before: list[Piece]) -> Piece:
    """The piece with the looks of the one that it was, if it goes on as that went; one fewer where it looks otherwise."""
    rows, columns = piece.inside
    x, y = (columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2
    if way is None:
        lost = [one for one in before if one.way and _holds(one, x - one.way[0], y - one.way[1])]
        was = max(lost, key=lambda one: one.looks, default=piece)
        return piece._replace(looks=max(was.looks - 1, 1), way=was.way)
    looks = [one.looks for one in before if _holds(one, x - way[0], y - way[1]) and _goes_on(one.way, way)]
    return piece._replace(looks=min(max(looks, default=0) + 1, LOOKS + 1), way=way)


def _holds(piece: Piece, x: float, y: float) -> bool:
    rows, columns = _wider(piece.inside, MARGIN, _ANYWHERE)
    return bool(columns.start <= x <= columns.stop and rows.start <= y <= rows.stop)


def _goes_on(before: tuple[int, int] | None, now: tuple[int, int]) -> bool:
    """Whether two ways are about the same; a piece seen once may go any way."""
    return before is None or max(abs(before[0] - now[0]), abs(before[1] - now[1])) <= STRAY


def _around(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Where somebody or something was recognised: a boat is no litter."""
    left, top = int(box.left), int(box.top)
    return _wider((slice(top, top + round(box.height)), slice(left, left + round(box.width))), EDGE, shape)


def _wider(inside: tuple[slice, slice], by: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
    rows, columns = inside
    return (
        slice(max(0, rows.start - by), min(shape[0], rows.stop + by)),
        slice(max(0, columns.start - by), min(shape[1], columns.stop + by)),
    )


def _pace(sure: list[Piece]) -> float:
    """How far the pieces went since the look before (pixels): the median, each weighing by its size."""
    ways = sorted((float(np.hypot(*piece.way)), piece.area) for piece in sure if piece.way)
    if not ways:
        return 0.0
    heaps = np.cumsum([area for _, area in ways])
    return ways[int(np.searchsorted(heaps, heaps[-1] / 2))][0]
