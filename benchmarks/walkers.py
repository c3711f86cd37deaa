"""Walkers: people cut from a film, and how they, or a boat, cross a view and cast a shadow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenes.sprites import Sprite

Colour = NDArray[np.float32]
Picture = NDArray[np.uint8]


def walkers(film: Path, part: int) -> list[list[Sprite]]:
    """People walking, cut from the first or the second half of a film, each a row of sprites."""
    reader = cv2.VideoCapture(str(film))  # noqa: TID251  a benchmark's own process
    frames = []
    while (read := reader.read())[0]:
        frames.append(cast("Picture", read[1]))
    view = cast("Picture", np.median(frames[:: len(frames) // 40], axis=0).astype(np.uint8))
    half = len(frames) // 2
    rows: list[tuple[list[Sprite], list[float]]] = []  # with the frame and the place where each was seen last
    for number, frame in enumerate(frames[half * part : half * (part + 1)]):
        for sprite, x, y in _people(frame, view):
            near = [(row, at) for row, at in rows if at[0] >= number - 2 and abs(at[1] - x) + abs(at[2] - y) < 18]
            row, at = near[0] if near else ([], [])
            row.append(sprite)
            at[:] = number, x, y
            if not near:
                rows.append((row, at))
    return [row for row, _ in rows if len(row) >= 12]


def _people(frame: Picture, view: Picture) -> Iterator[tuple[Sprite, float, float]]:
    """Who walks alone on a frame, with their middle."""
    apart = cv2.GaussianBlur(cv2.absdiff(frame, view), (5, 5), 0).max(axis=2)
    mask = cv2.morphologyEx((apart > 26).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 5), np.uint8))
    _, names, boxes, middles = cv2.connectedComponentsWithStats(mask)
    for i, (left, top, wide, high, area) in enumerate(boxes.tolist()):
        upright = 60 <= high <= 150 and 0.25 * high <= wide <= 0.6 * high
        if upright and area >= 0.5 * wide * high and min(left, top) >= 4:
            box = np.s_[top : top + high, left : left + wide]
            share = cv2.GaussianBlur((names[box] == i).astype(np.float32), (3, 3), 0)
            yield Sprite(frame[box], cast("Colour", share)), *middles[i]


@dataclass(slots=True)
class Actor:
    """Somebody, or a boat, that crosses the view again and again."""

    row: list[Sprite]
    high: float
    foot: float
    pace: float
    first: float
    leftward: bool
    stops: bool

    def play(self, scene: Colour, truth: Colour, number: int, now: float, shadow: float) -> None:
        """Lay it over the scene and its truth, with the shadow that it casts."""
        sprite = self.row[_there_and_back(number // 2, len(self.row))]
        by = self.high / self.row[0].share.shape[0]
        size = (max(2, round(sprite.share.shape[1] * by)), max(2, round(sprite.share.shape[0] * by)))
        colour, share = (cv2.resize(side, size, interpolation=cv2.INTER_AREA) for side in sprite)
        if self.leftward:
            colour, share = colour[:, ::-1], share[:, ::-1]
        x = self._x(now, scene.shape[1])
        if shadow:
            leaning = np.array([[1, -1.1, 0.66 * size[1]], [0, 0.6, 0]], np.float32)
            lying = cv2.warpAffine(share, leaning, (size[0] + size[1], round(0.6 * size[1])))
            _lay(scene, None, cv2.GaussianBlur(lying, (3, 3), 0) * np.float32(shadow), x, self.foot - 0.6 * size[1] + 1)
        _lay(scene, colour, share, x, self.foot - size[1], truth)

    def _x(self, now: float, wide: int) -> float:
        """The left edge at an instant; who stops stands from the sixth to the fourteenth second of every twenty."""
        round_, rest = divmod(now, 20.0)
        walked = 12 * round_ + min(rest, 6.0) + max(0.0, rest - 14.0) if self.stops else now
        way = (self.first + self.pace * walked) % (wide + 3 * self.high) - 1.5 * self.high
        return wide - way if self.leftward else way


def _there_and_back(number: int, long: int) -> int:
    place = number % max(1, 2 * long - 2)
    return place if place < long else 2 * long - 2 - place


def _lay(scene: Colour, colour: Picture | None, share: Colour, left: float, top: float, truth: Colour | None = None) -> None:
    """Lay colours, or darkness, over a part of the scene."""
    x, y = round(left), round(top)
    high, wide = share.shape
    a, b, c, d = max(0, y), min(scene.shape[0], y + high), max(0, x), min(scene.shape[1], x + wide)
    if a >= b or c >= d:
        return
    mine = share[a - y : b - y, c - x : d - x]
    under = scene[a:b, c:d]
    under *= (1 - mine)[..., None]
    if colour is not None:
        under += colour[a - y : b - y, c - x : d - x] * mine[..., None]
    if truth is not None:
        truth[a:b, c:d] = np.maximum(truth[a:b, c:d], mine)
