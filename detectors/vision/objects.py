"""People, vehicles and boats, looked for where something moves, and everywhere now and then."""

from math import ceil, sqrt

import cv2

from detectors.vision.followed import BEGIN, Followed, Following, around
from detectors.vision.nanodet import BOAT, PERSON, STRIDE, VEHICLE, Box, Net, Thing
from detectors.vision.picture import Mask
from detectors.vision.view import Glance, Measures, View

BEAT = 0.2  # seconds between two looks at what moves
ROUND = 10.0  # seconds between two looks at everything
MOST, MOST_ROUND = 256 * 256, 416 * 320  # pixels that the network is given at most: of what moves, of everything
FINE = 640  # columns of a whole picture, at the finest
LEAST_SIDE = 4 * STRIDE  # pixels of what the network is given; on less there is too little around a thing
_ROOM = 0.08  # of the picture's width, around what moves
_SPECK = 0.0002  # share of the picture that is too small to look at
_NEARLY = 0.4  # share of the picture: where so much is looked at, things that its border would cut are worth the rest
_EDGE = 1.5  # pixels
STANDS_OUT = 0.25  # share of the box of somebody who is not part of the learnt view
STEPS_OUT = 0.08  # of somebody who has moved; of bits of the view that are found by turns nothing stands out
KINDS = (PERSON, VEHICLE, BOAT)


class Objects:
    """What is in one view; boxes are in pixels of the working picture."""

    def __init__(self, view: View, net: Net) -> None:
        self._view, self._net = view, net
        self._following = Following()
        self._since_look, self._since_round = BEAT, ROUND

    @property
    def present(self) -> tuple[Followed, ...]:
        """Who and what is there now."""
        return self._following.present

    def measure(self, glance: Glance) -> Measures:
        """People, vehicles and boats, of each how many in a zone; dwell.<zone>: seconds of the longest stay of a person there."""
        self._following.go_on(glance.elapsed, *glance.grey.shape)
        self._since_look += glance.elapsed
        self._since_round += glance.elapsed
        place = self._place(glance)
        if place is not None:
            self._look(glance, place, MOST if self._since_round else MOST_ROUND)
            self._come(glance)
        return self._counted(glance.at)

    def _come(self, glance: Glance) -> None:
        """Say who of those that were found just now is no part of the view."""
        for one in self._following.all:
            if not one.looked:
                out = _filled(glance.seen.filmed, one.box) if glance.seen.settled else one.known * STEPS_OUT
                stepped = one.steadied(glance.seen.shift or (0.0, 0.0))
                one.came = one.came or (one.score >= BEGIN and out >= (STEPS_OUT if stepped else STANDS_OUT))

    def _place(self, glance: Glance) -> Box | None:
        """Where to look now, if anywhere."""
        lines, columns = glance.grey.shape
        whole = Box(0, 0, columns, lines)
        if self._since_round >= ROUND:
            self._since_round = self._since_look = 0.0
            return whole
        if self._since_look < BEAT - 1e-6:
            return None
        if not glance.seen.settled:
            self._since_look = 0.0
            return whole
        moving = [one.box for one in self._following.all if one.moves or one.missed]
        if glance.seen.share >= _SPECK:
            moving.append(Box(*map(float, cv2.boundingRect(glance.seen.mask))))
        if not moving:
            return None
        self._since_look = 0.0
        place = around(moving)
        return place if place.width * place.height < _NEARLY * lines * columns else whole

    def _look(self, glance: Glance, place: Box, most: int) -> None:
        """Look at a place with room around it, as finely as the pixels allow."""
        lines, columns = glance.grey.shape
        window = _within(self._uncut(_roomy(place, _ROOM * columns)), lines, columns)
        fit = min(FINE / columns, sqrt(most / (window.width * window.height)))
        scale = glance.image.shape[1] / columns
        left, top = round(window.left * scale), round(window.top * scale)
        right, foot = round((window.left + window.width) * scale), round((window.top + window.height) * scale)
        found = self._net.find(glance.image[top:foot, left:right], _sides(window.width * fit), _sides(window.height * fit))
        whole = [_moved(thing, left, top, 1 / scale) for thing in found]
        self._following.look([thing for thing in whole if self._can_be(thing, window, lines, columns)], window)

    def _can_be(self, thing: Thing, window: Box, lines: int, columns: int) -> bool:
        """Whether what was found is whole, and no person that is far too small."""
        small = thing.kind == PERSON and thing.box.height < 0.5 * self._view.camera.person_height[0] * lines
        return not small and not _is_cut(thing.box, window, lines, columns)

    def _uncut(self, place: Box) -> Box:
        """The place, grown until it cuts nothing that is followed."""
        cut = [one.box for one in self._following.all if one.box.overlap(place) > 0]
        return around([place, *(_roomy(box, 0.15 * box.height) for box in cut)])

    def _counted(self, at: int) -> Measures:
        """Whoever is there is counted; in a zone, of people and boats who came: what never moved is a post or moored."""
        measures: Measures = {}
        counted = self._following.counted
        for kind in KINDS:
            those = [one for one in counted if one.kind == kind]
            inside = [one.box.foot for one in those if one.came or kind == VEHICLE]
            measures |= self._view.standing(kind, inside) | {kind: float(len(those))}
        people = [one for one in counted if one.kind == PERSON and one.came]
        for plot in self._view.plots:
            for one in people:
                if plot.holds(*one.box.foot):
                    one.inside.setdefault(plot.name, at)
                else:
                    one.inside.pop(plot.name, None)
            stays = [(at - one.inside[plot.name]) / 1e9 for one in people if plot.name in one.inside]
            measures[f"dwell.{plot.name}"] = max(stays, default=0.0)
        return measures


def _filled(mask: Mask, box: Box) -> float:
    """The share of a box that stands out."""
    part = mask[max(round(box.top), 0) : round(box.top + box.height), max(round(box.left), 0) : round(box.left + box.width)]
    return cv2.countNonZero(part) / part.size if part.size else 0.0


def _roomy(place: Box, room: float) -> Box:
    """The place with so much around it."""
    return Box(place.left - room, place.top - room, place.width + 2 * room, place.height + 2 * room)


def _within(place: Box, lines: int, columns: int) -> Box:
    """The part of a place that is on the picture."""
    left, top = min(max(place.left, 0.0), columns - 1.0), min(max(place.top, 0.0), lines - 1.0)
    right, foot = min(place.left + place.width, columns), min(place.top + place.height, lines)
    return Box(left, top, max(right - left, 1.0), max(foot - top, 1.0))


def _is_cut(box: Box, window: Box, lines: int, columns: int) -> bool:
    """Whether a box ends where the window does but the picture does not: what it holds goes on there."""
    right, foot = window.left + window.width, window.top + window.height
    return (
        (window.left > 0 and box.left < window.left + _EDGE)
        or (window.top > 0 and box.top < window.top + _EDGE)
        or (right < columns and box.left + box.width > right - _EDGE)
        or (foot < lines and box.top + box.height > foot - _EDGE)
    )


def _sides(pixels: float) -> int:
    """A side that the network takes: the next multiple of 32."""
    return max(LEAST_SIDE, ceil(pixels / STRIDE) * STRIDE)


def _moved(thing: Thing, left: float, top: float, by: float) -> Thing:
    """What was found on a part, on the working picture."""
    box = thing.box
    return Thing(thing.kind, thing.score, Box((box.left + left) * by, (box.top + top) * by, box.width * by, box.height * by))
