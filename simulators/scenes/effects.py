"""Effects: what an act does to a picture, in place, and where; everything follows from the act, its share of time and chance."""

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.camera import walker
from simulators.incidents import Kind
from simulators.scenes.altering import dug, opened, put_up
from simulators.scenes.moment import SETTLES, Moment, stands
from simulators.scenes.sky import darken, fall
from simulators.scenes.sprites import Box, Picture, Sprite, blend, boat, litter, paste, stall

PIECES = 9  # of litter
STRIDES = 2.0  # pictures of the walker a second
PALE = 215  # grey levels of smoke: more than those of a road in daylight


def _boat(picture: Picture, moment: Moment) -> Box | None:
    return stands(picture, moment, boat())


def _left(picture: Picture, moment: Moment) -> Box | None:
    return stands(picture, moment, stall())


def _person(picture: Picture, moment: Moment) -> Box | None:
    steps = walker()
    colour, share = steps[int(moment.seconds * STRIDES) % len(steps)]
    return stands(picture, moment, Sprite(colour, share.astype(np.float32) / np.float32(255)))


def _litter(picture: Picture, moment: Moment) -> Box | None:
    """Pieces that drift together, each at its own place and size."""
    lines, columns = picture.shape[:2]
    x, y = moment.foot
    boxes = []
    for number in range(round(PIECES * moment.act.strength)):
        aside, along, size = moment.chance.normal(0, 0.05), moment.chance.normal(0, 0.02), moment.chance.uniform(0.6, 1.2)
        bob = 0.002 * np.sin(2.1 * moment.seconds + number)
        place = ((x + aside) * columns, (y + along + bob) * lines)
        boxes.append(paste(picture, litter(number), place, size * moment.act.size * lines))
    return _around([box for box in boxes if box])


def _covered(picture: Picture, moment: Moment) -> Box:
    """Something flat hangs before the lens; `strength` of the picture is behind it."""
    lines, columns = picture.shape[:2]
    wide = round(columns * moment.act.strength)
    shade = np.linspace(52, 34, wide, dtype=np.float32)[None, :, None] * np.array((0.9, 1.0, 1.1), np.float32)
    share = np.ones((lines, wide), np.float32)
    share[:, -min(wide, 9) :] *= np.linspace(1, 0, min(wide, 9), dtype=np.float32)
    blend(picture[:, :wide], np.broadcast_to(shade, (lines, wide, 3)).astype(np.uint8), share)
    return Box(0, 0, wide, lines)


def _blurred(picture: Picture, moment: Moment) -> None:
    """Out of focus, or wet: smeared by `strength` hundredths of its height."""
    picture[:] = cv2.GaussianBlur(picture, (0, 0), 0.01 * moment.act.strength * picture.shape[0])


def _turned(picture: Picture, moment: Moment) -> None:
    """Turned away by `strength` of its width; what comes into view is the scene seen in a mirror, tilted."""
    lines, columns = picture.shape[:2]
    tilt = cv2.getRotationMatrix2D((columns / 2, lines / 2), 6 * moment.act.strength, 1.0)
    tilt[0, 2] -= moment.act.strength * columns
    picture[:] = cv2.warpAffine(picture, tilt, (columns, lines), borderMode=cv2.BORDER_REFLECT)


def _fire(picture: Picture, moment: Moment) -> Box | None:
    """Flames that flicker and lean, hottest at the foot."""
    lines = picture.shape[0]
    high = max(8, round(moment.act.size * lines * (0.4 + 0.6 * min(1.0, moment.share / SETTLES))))
    wide = max(8, round(0.7 * high))
    turn = np.random.default_rng([moment.act.after.as_integer_ratio()[0], round(moment.seconds * 1000)])
    rough = cv2.resize(turn.random((6, 5), np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0 : 1 : high * 1j, -1 : 1 : wide * 1j]
    heat = np.clip(1.9 * (y + 0.15) * (1 - np.abs(x + 0.25 * (turn.random() - 0.5)) ** 1.5) - 0.9 * rough, 0, 1)
    colour = np.stack([60 * heat**4, 60 + 190 * heat**1.4, 200 + 55 * np.minimum(1, 2 * heat)], -1).astype(np.uint8)
    share = np.clip(5 * heat, 0, 1).astype(np.float32)
    return stands(picture, moment, Sprite(colour, share)) if high < lines else None


def _smoke(picture: Picture, moment: Moment) -> Box | None:
    """Grey clouds that rise, widen and thin out."""
    lines, columns = picture.shape[:2]
    x, y = moment.foot
    cloud = np.zeros((lines, columns), np.float32)
    for puff in range(14):
        age = (moment.seconds / 6 + puff / 14 + moment.chance.random()) % 1
        lean, thick = moment.chance.normal(0.25, 0.15), moment.chance.uniform(0.6, 1.0)
        middle = (round((x + lean * age * moment.act.size) * columns), round((y - age * moment.act.size) * lines))
        one = np.zeros_like(cloud)
        cv2.circle(one, middle, round(lines * moment.act.size * (0.06 + 0.16 * age)), float(thick * (1 - age)), -1)
        cloud = np.maximum(cloud, one)
    cloud = cast("NDArray[np.float32]", cv2.GaussianBlur(cloud, (0, 0), 0.03 * moment.act.size * lines + 1))
    cloud *= min(1.0, moment.share / SETTLES) * 0.85
    blend(picture, np.full_like(picture, PALE), cloud)
    return Box(*map(float, cv2.boundingRect((cloud > 0.1).astype(np.uint8))))


def _around(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, foot = max(box.left + box.width for box in boxes), max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, foot - top)


Effect = Callable[[Picture, Moment], Box | None]
EFFECTS: dict[Kind, Effect] = {  # in the order from the scene to the lens; what is frozen is not drawn at all
    Kind.BANK: dug,
    Kind.DOOR: opened,
    Kind.HUT: put_up,
    Kind.LITTER: _litter,
    Kind.LEFT: _left,
    Kind.BOAT: _boat,
    Kind.PERSON: _person,
    Kind.FIRE: _fire,
    Kind.SMOKE: _smoke,
    Kind.CLOUD: darken,
    Kind.NIGHT: fall,
    Kind.TURNED: _turned,
    Kind.BLURRED: _blurred,
    Kind.COVERED: _covered,
}
