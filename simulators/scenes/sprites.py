"""Sprites: things as a camera sees them, drawn large and shrunk to size: colours, and how much of each pixel is theirs."""

from functools import cache
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]  # blue first

SOIL, RUST, WHITE, GLASS = (58, 78, 96), (52, 64, 120), (222, 226, 228), (96, 82, 70)


class Sprite(NamedTuple):
    """One thing, standing on the lower edge."""

    colour: Picture  # height x width x 3
    share: NDArray[np.float32]  # height x width, 0 to 1


class Box(NamedTuple):
    """Where something is on a picture, in pixels."""

    left: float
    top: float
    width: float
    height: float


class _Sheet:
    """A sheet to draw a sprite on."""

    def __init__(self, wide: int, high: int, seed: int) -> None:
        self.colour, self.share = np.zeros((high, wide, 3), np.uint8), np.zeros((high, wide), np.uint8)
        self._grain = np.random.default_rng(seed)

    def area(self, colour: Colour, *corners: tuple[int, int]) -> None:
        """A polygon of one colour."""
        outline = [np.array(corners, np.int32)]
        cv2.fillPoly(self.colour, outline, colour, cv2.LINE_AA)
        cv2.fillPoly(self.share, outline, 255, cv2.LINE_AA)

    def block(self, colour: Colour, left: int, top: int, right: int, foot: int) -> None:
        """An upright rectangle."""
        self.area(colour, (left, top), (right, top), (right, foot), (left, foot))

    def round(self, colour: Colour, middle: tuple[int, int], axes: tuple[int, int], turned: float = 0.0) -> None:
        """An ellipse."""
        cv2.ellipse(self.colour, middle, axes, turned, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(self.share, middle, axes, turned, 0, 360, 255, -1, cv2.LINE_AA)

    def done(self) -> Sprite:
        """The sprite: lit from above, with the grain of real things."""
        high, wide = self.share.shape
        light = np.linspace(1.12, 0.82, high, dtype=np.float32)[:, None, None]
        rough = cv2.resize(self._grain.normal(1, 0.09, (high // 12, wide // 12)).astype(np.float32), (wide, high))
        colour = np.clip(self.colour * light * rough[..., None], 0, 255).astype(np.uint8)
        return Sprite(colour, self.share.astype(np.float32) / np.float32(255))


@cache
def boat() -> Sprite:
    """A small working boat from its side: hull, wheelhouse, mast, somebody at the stern."""
    sheet = _Sheet(960, 420, 1)
    sheet.block((70, 70, 74), 470, 20, 482, 200)
    sheet.block(WHITE, 380, 110, 640, 265)
    sheet.area((60, 90, 170), (360, 112), (380, 84), (650, 84), (664, 112))
    for left in (400, 482, 564):
        sheet.block(GLASS, left, 134, left + 60, 196)
    sheet.round((96, 118, 158), (226, 150), (22, 26))
    sheet.area((46, 58, 130), (196, 180), (256, 180), (266, 270), (188, 270))
    sheet.area(RUST, (20, 236), (760, 256), (944, 206), (850, 380), (110, 380))
    sheet.area((70, 52, 38), (84, 326), (888, 318), (850, 392), (110, 392))
    sheet.area(WHITE, (22, 238), (760, 258), (942, 208), (936, 226), (762, 276), (28, 256))
    for middle in (250, 420, 590):
        sheet.round((36, 36, 40), (middle, 320), (30, 30))
        sheet.round(RUST, (middle, 320), (13, 13))
    return sheet.done()


@cache
def stall() -> Sprite:
    """A market stall: striped canopy, table, goods."""
    sheet = _Sheet(720, 600, 2)
    for left in (60, 640):
        sheet.block((90, 92, 96), left, 120, left + 18, 590)
    sheet.block((64, 92, 128), 50, 380, 670, 420)
    sheet.block((150, 132, 92), 60, 420, 660, 560)
    for number in range(8):
        colour = ((48, 150, 220), (60, 170, 90), (50, 60, 200))[number % 3]
        sheet.round(colour, (110 + 72 * number, 366), (34, 26))
    for number in range(8):
        left = 20 + 85 * number
        colour = (44, 46, 196) if number % 2 else WHITE
        sheet.area(colour, (left, 180), (left + 85, 180), (90 + 68 * (number + 1), 60), (90 + 68 * number, 60))
        sheet.round(colour, (left + 42, 180), (42, 26))
    return sheet.done()


@cache
def hut() -> Sprite:
    """A hut of corrugated sheets with a lean-to roof, a door and a window."""
    sheet = _Sheet(720, 540, 3)
    sheet.block((150, 120, 84), 40, 130, 680, 535)
    for left in range(40, 680, 40):
        sheet.block((118, 92, 62), left, 130, left + 14, 535)
    sheet.area(RUST, (0, 120), (40, 30), (680, 60), (720, 140))
    sheet.area((40, 48, 92), (0, 120), (720, 140), (720, 162), (0, 142))
    sheet.block((44, 40, 38), 130, 250, 280, 535)
    sheet.block(WHITE, 420, 230, 580, 350)
    sheet.block(GLASS, 434, 244, 566, 336)
    return sheet.done()


@cache
def door() -> Sprite:
    """A doorway broken into a wall: raw edges, darkness behind, the leaf open at its side, a step."""
    sheet = _Sheet(420, 600, 4)
    sheet.block((150, 156, 160), 20, 10, 300, 590)
    sheet.block((26, 24, 24), 50, 40, 270, 570)
    sheet.area((120, 128, 140), (270, 40), (400, 70), (400, 585), (270, 570))
    sheet.block((60, 70, 80), 300, 300, 316, 330)
    sheet.block((140, 144, 146), 10, 570, 310, 600)
    return sheet.done()


@cache
def litter(number: int) -> Sprite:
    """A floating piece: a bottle, a bag, a box, a bunch of weed."""
    sheet = _Sheet(240, 180, 10 + number)
    match number % 4:
        case 0:
            sheet.round((205, 214, 196), (110, 100), (88, 34), -8)
            sheet.round((180, 120, 40), (206, 86), (16, 16))
            sheet.round((236, 240, 234), (96, 86), (52, 9), -8)
        case 1:
            sheet.area((232, 234, 236), (18, 110), (70, 40), (130, 66), (190, 28), (226, 96), (180, 150), (84, 160))
            sheet.area((196, 200, 206), (76, 104), (140, 84), (196, 110), (130, 136))
        case 2:
            sheet.area((96, 138, 178), (24, 78), (160, 42), (222, 92), (90, 140))
            sheet.area((70, 104, 140), (24, 78), (90, 140), (90, 166), (24, 102))
        case _:
            for x, y in ((60, 96), (110, 80), (150, 112), (96, 126), (190, 96)):
                sheet.round((44, 92, 66), (x, y), (44, 22), 7 * x % 40)
    return sheet.done()


def paste(picture: Picture, sprite: Sprite, foot: tuple[float, float], high: float, *, mirrored: bool = False) -> Box | None:
    """Draw a sprite so high (pixels) with the middle of its lower edge at `foot`; None where nothing of it is on the picture."""
    by = high / sprite.share.shape[0]
    size = (max(2, round(sprite.share.shape[1] * by)), max(2, round(high)))
    colour, share = (cv2.resize(side, size, interpolation=cv2.INTER_AREA) for side in sprite)
    if mirrored:
        colour, share = colour[:, ::-1], share[:, ::-1]
    left, top = round(foot[0] - size[0] / 2), round(foot[1] - size[1])
    lines, columns = picture.shape[:2]
    x, y, right, end = max(left, 0), max(top, 0), min(left + size[0], columns), min(top + size[1], lines)
    if x >= right or y >= end:
        return None
    mine = (slice(y - top, end - top), slice(x - left, right - left))
    blend(picture[y:end, x:right], cast("Picture", colour[mine]), cast("NDArray[np.float32]", share[mine]))
    return Box(x, y, right - x, end - y)


def blend(under: Picture, colour: Picture, share: NDArray[np.float32]) -> None:
    """Lay colours over a part of a picture, in place."""
    mine = share[..., None]
    under[:] = (colour * mine + under * (1 - mine)).astype(np.uint8)
