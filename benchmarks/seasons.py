"""Seasons: one view in other light and weather, and altered for good, with what was altered known to the pixel."""

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.walkers import Colour, Picture
from simulators.scenes.sprites import SOIL, Sprite, door, hut

Box = tuple[int, int, int, int]  # left, top, right, foot; pixels
SUN = np.array((0.85, 1.0, 1.08), np.float32)  # what a shadow takes of blue, green, red
Light = Callable[[Colour, np.random.Generator], Colour]


def smooth(chance: np.random.Generator, shape: tuple[int, ...], size: int) -> NDArray[np.float32]:
    """A smooth random field, about -1 to 1."""
    high, wide = shape[:2]
    rough = chance.normal(0, 0.6, (high // size + 2, wide // size + 2)).astype(np.float32)
    return cast("NDArray[np.float32]", cv2.resize(rough, (wide, high), interpolation=cv2.INTER_CUBIC))


def times(by: float) -> Light:
    """Another exposure."""
    return lambda view, _: view * by


def toned(by: float) -> Light:
    """Another tone curve."""
    return lambda view, _: cast("Colour", 255 * (view / 255) ** by)


def foggy(by: float) -> Light:
    """A pale veil, thicker far away."""

    def light(view: Colour, _chance: np.random.Generator) -> Colour:
        thick = by * np.linspace(1.2, 0.6, view.shape[0], dtype=np.float32)[:, None, None]
        return cast("Colour", view * (1 - thick) + 205 * thick)

    return light


def sideways(view: Colour, _chance: np.random.Generator) -> Colour:
    """A low sun from one side."""
    return cast("Colour", view * np.linspace(0.5, 1.25, view.shape[1], dtype=np.float32)[None, :, None])


def shade(view: Colour, depth: NDArray[np.float32]) -> Colour:
    """What is left of the light where so much of the sun's is gone; the sky's, which stays, is bluer."""
    return cast("Colour", view * (1 - depth[..., None] * SUN))


def clouded(view: Colour, chance: np.random.Generator) -> Colour:
    """Patches of cloud shadow."""
    return shade(view, 0.55 / (1 + np.exp(-8 * smooth(chance, view.shape, 90))))


def shaded(count: int, wide: float) -> Light:
    """Shadows with sharp rims fall across: poles, trunks or houses, by their width in pixels."""

    def light(view: Colour, chance: np.random.Generator) -> Colour:
        lines, columns = view.shape[:2]
        mask = np.zeros((lines, columns), np.float32)
        lean = chance.uniform(-0.8, 0.8) * lines
        for _ in range(count):
            left, across = chance.uniform(-0.3, 1.1) * columns, wide * chance.uniform(0.7, 1.3)
            corners = [(left, 0), (left + across, 0), (left + across + lean, lines), (left + lean, lines)]
            cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 1.0)
        return shade(view, np.float32(0.5) * cv2.GaussianBlur(mask, (0, 0), 1.2))

    return light


def dappled(view: Colour, chance: np.random.Generator) -> Colour:
    """The sun through leaves: blotches a dozen pixels wide."""
    return shade(view, 0.45 / (1 + np.exp(-9 * smooth(chance, view.shape, 10))))


def wet(view: Colour, chance: np.random.Generator) -> Colour:
    """Ground that rain has darkened, here more and there less."""
    depth = 0.35 + 0.2 * smooth(chance, view.shape, 30)
    return cast("Colour", view * (1 - depth)[..., None])


def withered(view: Colour, _chance: np.random.Generator) -> Colour:
    """What is green is brown: the season, without the fall of leaves."""
    blue, green, red = cv2.split(view)
    live = np.clip((green - np.maximum(blue, red)) / 20, 0, 1)
    return cast("Colour", cv2.merge([blue * (1 - 0.3 * live), green * (1 - 0.35 * live), red * (1 + 0.4 * live)]))


def snowy(by: float) -> Light:
    """Snow on so much of the ground, in patches: it hides what it lies on."""

    def light(view: Colour, chance: np.random.Generator) -> Colour:
        low = np.linspace(-0.8, 0.8, view.shape[0], dtype=np.float32)[:, None]
        share = by / (1 + np.exp(-6 * (smooth(chance, view.shape, 24) + low)))
        return cast("Colour", view * (1 - share)[..., None] + 228 * share[..., None])

    return light


def night(by: float, lamp: float) -> Light:
    """Little light, perhaps that of a lamp at one side."""

    def light(view: Colour, chance: np.random.Generator) -> Colour:
        lines, columns = view.shape[:2]
        y, x = np.mgrid[0:lines, 0:columns].astype(np.float32)
        away = np.hypot(x - chance.uniform(0, columns), y - 0.3 * lines) / columns
        return cast("Colour", view * (by + lamp * np.exp(-((3 * away) ** 2)))[..., None])

    return light


def infrared(view: Colour, _chance: np.random.Generator) -> Colour:
    """A camera's own infrared lamp: no colours, leaves bright, the middle brighter than the rim."""
    blue, green, red = cv2.split(view)
    lines, columns = view.shape[:2]
    y, x = np.mgrid[-1 : 1 : lines * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    grey = (0.3 * blue + 0.3 * red + 0.4 * green + 1.2 * np.maximum(0, green - np.maximum(blue, red))) * np.exp(-(x * x + y * y))
    return cast("Colour", cv2.merge([0.8 * grey] * 3))


def stray(right: float, turned: float, larger: float) -> Light:
    """A camera that was nudged: pixels, degrees, a factor."""

    def light(view: Colour, _chance: np.random.Generator) -> Colour:
        by = cv2.getRotationMatrix2D((view.shape[1] / 2, view.shape[0] / 2), turned, larger)
        by[:, 2] += (right, -0.5 * right)
        return cast("Colour", cv2.warpAffine(view, by, view.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))

    return light


def smeared(view: Colour, _chance: np.random.Generator) -> Colour:
    """A lens that is a little dirty or out of focus."""
    return cast("Colour", cv2.GaussianBlur(view, (0, 0), 1.1))


LIGHTS: dict[str, Light] = {
    "same": times(1.0),
    "half": times(0.5),
    "third": times(0.33),
    "glare": times(1.5),
    "dark tone": toned(1.6),
    "bright tone": toned(0.6),
    "fog": foggy(0.5),
    "low sun": sideways,
    "clouds": clouded,
    "poles": shaded(3, 8),
    "houses": shaded(1, 90),
    "dappled": dappled,
    "wet": wet,
    "withered": withered,
    "some snow": snowy(0.5),
    "snow": snowy(0.95),
    "dusk": night(0.25, 0.0),
    "night": night(0.08, 0.0),
    "lamp": night(0.08, 0.7),
    "infrared": infrared,
    "nudged": stray(6, 1, 1.01),
    "pushed": stray(20, 0, 1.0),
    "smeared": smeared,
}
SEASONS = frozenset({"withered", "some snow", "snow"})  # what a new reference picture is asked for
POOR = frozenset({"night", "lamp", "infrared"})  # light that another camera's eye sees by


def _earth(chance: np.random.Generator) -> Sprite:
    """Raw earth where something else was, its outline uneven."""
    rough = cv2.resize(chance.normal(1, 0.25, (12, 16)).astype(np.float32), (160, 120), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[-1:1:120j, -1:1:160j].astype(np.float32)
    share = 1 / (1 + np.exp(18 * (np.hypot(x, y) - 0.85 + 0.12 * smooth(chance, x.shape, 30))))
    return Sprite(np.clip(np.array(SOIL) * rough[..., None], 0, 255).astype(np.uint8), share.astype(np.float32))


def _slab(chance: np.random.Generator) -> Sprite:
    """A smooth slab: concrete poured over a bank."""
    level = chance.uniform(120, 190)
    grain = chance.normal(level, 3, (120, 160, 1)) * np.array((0.98, 1.0, 1.0))
    share = np.zeros((120, 160), np.float32)
    cv2.fillPoly(share, [np.array([(20, 4), (150, 0), (159, 112), (4, 119)], np.int32)], 1.0)
    return Sprite(np.clip(grain, 0, 255).astype(np.uint8), share)


THINGS: dict[str, Callable[[np.random.Generator], Sprite]] = {
    "hut": lambda _: hut(),
    "door": lambda _: door(),
    "earth": _earth,
    "slab": _slab,
}


def altered(view: Colour, zone: Box, thing: Sprite, share: float, strength: float) -> tuple[Colour, Picture]:
    """The view with a thing that takes a share of a zone, and where it is; `strength` under 1 fades it into what is there."""
    left, top, right, foot = zone
    by = (share * (right - left) * (foot - top) / float(thing.share.sum())) ** 0.5
    high, wide = (min(round(by * side), room) for side, room in zip(thing.share.shape, (foot - top, right - left), strict=True))
    colour, part = (cv2.resize(side, (wide, high), interpolation=cv2.INTER_AREA) for side in thing)
    x, y = (left + right - wide) // 2, (top + foot - high) // 2
    made, where = view.copy(), np.zeros(view.shape[:2], np.uint8)
    under = made[y : y + high, x : x + wide]
    faded = strength * colour + (1 - strength) * under.mean(axis=(0, 1))
    under[:] = under * (1 - part[..., None]) + faded * part[..., None]
    where[y : y + high, x : x + wide] = 255 * (part > 0.5)
    return made, where
