"""A moment: an act as it is at one picture, and a thing that stands there."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from simulators.scenes.scene import Act, Corners
from simulators.scenes.sprites import Box, Picture, Sprite, paste

SETTLES = 0.2  # share of its time in which night falls, a bank is dug away, smoke spreads


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An act at one picture."""

    act: Act
    share: float  # of its time that is over
    seconds: float  # since it began
    zone: Corners  # the outline of its zone, or of the picture
    chance: np.random.Generator  # of the act, the same at each of its pictures

    @property
    def foot(self) -> tuple[float, float]:
        """Where it stands, shares of the picture."""
        if not self.act.way:
            return cast("tuple[float, float]", tuple(np.mean(self.zone, axis=0).tolist()))
        places = np.linspace(0, 1, len(self.act.way))
        x, y = (float(np.interp(self.share, places, side)) for side in zip(*self.act.way, strict=True))
        return x, y

    @property
    def goes_left(self) -> bool:
        """Whether it goes to the left."""
        return len(self.act.way) > 1 and self.act.way[-1][0] < self.act.way[0][0]


def stands(picture: Picture, moment: Moment, sprite: Sprite) -> Box | None:
    """Draw a sprite where the act is, as high as it is; None where nothing of it is on the picture."""
    lines, columns = picture.shape[:2]
    x, y = moment.foot
    return paste(picture, sprite, (x * columns, y * lines), moment.act.size * lines, mirrored=moment.goes_left)
