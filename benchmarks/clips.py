"""Clips whose foreground is known to the pixel: walkers laid over places that water, wind, rain, light and shake disturb.

The tuning part and the held-out part share neither a place nor a walker.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from benchmarks.walkers import Actor, Colour, Picture, walkers
from simulators.scenes.sprites import Sprite, boat

LINES, COLUMNS = 240, 320
BODY, NEVER, BESIDE = 255, 0, 128  # of a truth: foreground, background, not scored
PARTS = {"tuning": 0, "held-out": 1}
PLACES = (
    ("testing11.jpg", "testing13.jpg", "testing21.jpg", "testing26.jpg", "testing4.jpg"),
    ("testing19.jpg", "testing8.jpg", "testing1.jpg", "testing14.jpg", "testing20.jpg"),
)  # of river_trash; a gauge's marsh is added to what is held out


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What disturbs a clip."""

    name: str
    rate: float = 25.0  # frames a second
    lead: int = 200  # frames that are not scored
    frames: int = 400
    water: bool = False
    wind: float = 0.0  # pixels
    shake: float = 0.0  # pixels
    rain: int = 0  # streaks
    cloud: float = 0.0  # share of the light
    lamp: float = 0.0  # share of the light, switched
    dark: float = 0.0  # share of the light that is lacking
    shadow: float = 0.0  # share of the light that a body takes from the ground
    stops: bool = False
    noise: float = 4.0  # grey levels
    quality: int = 80  # of the JPEG
    bodies: int = 4


KINDS = (
    Kind(name="plain"),
    Kind(name="water", water=True),
    Kind(name="wind", wind=3.0),
    Kind(name="shake", shake=3.0),
    Kind(name="rain", rain=160),
    Kind(name="cloud", cloud=0.45),
    Kind(name="lamp", lamp=0.35),
    Kind(name="shadow", shadow=0.45),
    Kind(name="stop", stops=True),
    Kind(name="slow", rate=2.0, lead=60, frames=200, wind=1.0, cloud=0.2),
    Kind(name="all", water=True, wind=1.5, shake=1.5, cloud=0.25, shadow=0.4, noise=6.0, quality=60),
)


def places(footage: Path, part: int) -> list[Picture]:
    """Views of water and its banks."""
    paths = [footage / "river_trash" / name for name in PLACES[part]]
    paths += sorted((footage / "gauge" / "06").glob("*.jpg"))[:1] if part else []
    size = (COLUMNS + 32, LINES + 24)
    return [cast("Picture", cv2.resize(cv2.imread(str(path)), size, interpolation=cv2.INTER_AREA)) for path in paths]


class Clip:
    """One clip: pictures with their truth, the same for the same seed."""

    def __init__(self, kind: Kind, place: Picture, people: list[list[Sprite]], seed: int) -> None:
        self.kind = kind
        self._chance = np.random.default_rng([seed, 11])
        self._place = place.astype(np.float32)
        self._noise = [self._chance.normal(0, kind.noise, (LINES + 16, COLUMNS + 16, 3)).astype(np.float32) for _ in range(4)]
        self._field = [self._smooth(24) for _ in range(4)]
        self._leaves = np.clip(self._smooth(40) * 2, 0, 1)  # where wind is
        self.actors = [self._actor(people, i) for i in range(kind.bodies)]
        self._stray = np.zeros(2)

    def _smooth(self, size: int) -> Colour:
        """A smooth random field of the place's size, about -1 to 1."""
        high, wide = self._place.shape[:2]
        rough = self._chance.normal(0, 0.7, (high // size + 2, wide // size + 2)).astype(np.float32)
        return cast("Colour", cv2.resize(rough, (wide, high), interpolation=cv2.INTER_CUBIC))

    def _actor(self, people: list[list[Sprite]], number: int) -> "Actor":
        row = people[int(self._chance.integers(len(people)))] if number or not self.kind.water else [boat()]
        high = float(self._chance.uniform(38, 80))
        foot = float(self._chance.uniform(high + 10, LINES - 4))
        pace = float(self._chance.uniform(0.35, 0.8) * high)  # pixels a second
        first = 0.0 if number % 2 else float(self._chance.uniform(0, COLUMNS))
        return Actor(row, high, foot, pace, first, leftward=bool(number % 2), stops=self.kind.stops)

    def __iter__(self) -> Iterator[tuple[Picture, Picture]]:
        """Pictures with their truth."""
        for number in range(self.kind.frames):
            yield self._frame(number, number / self.kind.rate)

    def _frame(self, number: int, now: float) -> tuple[Picture, Picture]:
        kind = self.kind
        scene = self._disturbed(now)
        truth = np.zeros(scene.shape[:2], np.float32)
        for actor in self.actors:
            actor.play(scene, truth, number, now, kind.shadow)
        scene *= self._light(now)[..., None]
        if kind.rain:
            self._rain(scene)
        picture, mask = self._filmed(scene, truth)
        picture += self._noise[number % 4][int(self._chance.integers(16)) :, int(self._chance.integers(16)) :][:LINES, :COLUMNS]
        sent = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, kind.quality])[1]
        told = np.full(mask.shape, BESIDE, np.uint8)
        told[mask > 0.75], told[mask < 0.25] = BODY, NEVER
        return cast("Picture", cv2.imdecode(sent, cv2.IMREAD_COLOR)), told

    def _disturbed(self, now: float) -> Colour:
        """The place with its water and leaves where they are at an instant."""
        if not self.kind.water and not self.kind.wind:
            return self._place.copy()
        high, wide = self._place.shape[:2]
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        right, down = np.zeros_like(x), np.zeros_like(y)
        glint = np.zeros_like(x)
        if self.kind.wind:
            gust = self.kind.wind * self._leaves * np.float32(0.6 + 0.4 * np.sin(0.7 * now))
            right += gust * np.sin(5 * now + 4 * self._field[0] + 0.02 * x)
            down += gust * 0.6 * np.sin(6.3 * now + 4 * self._field[1])
        if self.kind.water:
            deep = np.clip((y - 0.45 * high) / (0.2 * high), 0, 1)
            wave = np.sin(0.32 * y - 2.4 * now + 3 * self._field[0]) + 0.7 * np.sin(
                0.21 * x + 0.4 * y - 3.3 * now + 3 * self._field[1]
            )
            wave += 0.5 * np.sin(0.6 * x - 0.5 * y + 5 * now + 3 * self._field[2])
            right, down = right + deep * 1.5 * wave, down + deep * 2.5 * wave
            glint = deep * (10 * wave + 90 * np.maximum(0, wave - 1.5))
        scene = cv2.remap(self._place, x + right, y + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return cast("Colour", scene + glint[..., None])

    def _light(self, now: float) -> Colour:
        """The light on each pixel: clouds that pass, a lamp that is switched on the half of the picture that it stands in."""
        high, wide = self._place.shape[:2]
        light = np.full((high, wide), 1 - self.kind.dark, np.float32)
        if self.kind.cloud:
            across = np.linspace(0, 3, wide, dtype=np.float32)[None, :] + 0.4 * self._field[3] - np.float32(0.25 * now)
            light -= self.kind.cloud * (1 / (1 + np.exp(-8 * np.sin(across)))).astype(np.float32)
        if self.kind.lamp and int(now / 4.5) % 2:
            light -= self.kind.lamp * np.linspace(1, 0.5, wide, dtype=np.float32)[None, :]
        return light

    def _rain(self, scene: Colour) -> None:
        """Streaks that are there for one picture."""
        high, wide = scene.shape[:2]
        veil = np.zeros((high, wide), np.uint8)
        for x, y, long in zip(*(self._chance.integers(0, most, self.kind.rain) for most in (wide, high, 14)), strict=True):
            cv2.line(veil, (int(x), int(y)), (int(x) + 1, int(y) + 6 + int(long)), 90, 1)
        share = veil.astype(np.float32)[..., None] / 255
        scene += share * (225 - scene)

    def _filmed(self, scene: Colour, truth: Colour) -> tuple[Colour, Colour]:
        """What the camera, which may be shaken, has of it."""
        self._stray = 0.7 * self._stray + self._chance.normal(0, 0.7 * self.kind.shake, 2) if self.kind.shake else self._stray
        right, down = np.clip(self._stray, -11, 11)
        turned = float(self._chance.normal(0, 0.0006 * self.kind.shake))
        by = np.array([[1, turned, right - 16], [-turned, 1, down - 12]], np.float32)
        seen, told = (cv2.warpAffine(one, by, (COLUMNS, LINES), borderMode=cv2.BORDER_REFLECT) for one in (scene, truth))
        return cast("Colour", seen), cast("Colour", told)


def clips(footage: Path, part: str, seed: int = 0) -> Iterator[tuple[str, Callable[[], Clip]]]:
    """The clips of a part by name, made when asked for; another seed disturbs other places otherwise, and has others walk."""
    side = PARTS[part]
    people, views = walkers(footage / "video" / "vtest.avi", side), places(footage, side)
    for number, kind in enumerate(KINDS):
        view = views[(2 * number + side + seed) % len(views)]
        yield kind.name, partial(Clip, kind, view, people, 102 * side + 2 * number - side + 1000 * seed)
