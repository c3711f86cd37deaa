"""Composing: a scene's acts upon a film, picture by picture, with what is where in each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from detectors.domain.site import Camera
from ingest.cameras.reel import FOLDER_RATE, Reel, reel
from simulators.camera import PERIOD, decoded, film
from simulators.incidents import Kind
from simulators.scenes.effects import EFFECTS
from simulators.scenes.moment import Moment
from simulators.scenes.scene import Act, Corners, Scene
from simulators.scenes.sprites import Box, Picture
from simulators.scenes.water import Water

QUALITY = 85
NOISE = 1.2  # grey levels of a sensor
WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_TILES = 16  # pictures of noise that are taken in turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture of a scene, and where its acts are on it."""

    number: int  # from 0
    jpeg: bytes
    boxes: tuple[tuple[Act, Box], ...]


def compose(scene: Scene, camera: Camera, footage: Path | None = None) -> Iterator[Still]:
    """The pictures of a scene in order, each as the camera would send it.

    Args:
        scene: what happens.
        camera: with the zones in which it happens.
        footage: the film or folder of pictures to compose upon; else the scene's, else the one that comes with riverwatch.

    Raises:
        Refused: if the footage cannot be used.
    """
    painter: Painter | None = None
    last: Still | None = None
    for number, under in zip(range(scene.frames), _paced(_footage(scene, footage), scene.fps), strict=False):
        now = [(act, share) for act in scene.acts if act.drawn and (share := act.share(number / scene.fps)) is not None]
        if last and any(act.kind is Kind.FROZEN for act, _ in now):
            yield Still(number=number, jpeg=last.jpeg, boxes=())
            continue
        painter = painter or Painter(scene, camera, under.shape[:2])
        last = painter.still(number, under.copy(), now)
        yield last


def referenced(scene: Scene, camera: Camera, footage: Path | None = None) -> Camera:
    """The camera with its reference picture, the footage before anything happens, where the scene says when it was taken.

    Raises:
        Refused: if the footage cannot be used.
    """
    if not scene.reference_date:
        return camera
    under = next(_paced(_footage(scene, footage), scene.fps))
    still = Painter(scene, camera, under.shape[:2]).still(0, under.copy(), [])
    return replace(camera, reference=still.jpeg, reference_date=scene.reference_date)


class Painter:
    """Who draws acts and water on pictures of one size."""

    def __init__(self, scene: Scene, camera: Camera, shape: tuple[int, ...]) -> None:
        self._scene = scene
        self._outlines = {zone.name: zone.corners for zone in camera.zones} | {"": WHOLE}
        self._waters = [Water(outline, (shape[0], shape[1]), scene.seed) for outline in scene.waters]
        grain = np.random.default_rng([scene.seed, 7]).normal(0, NOISE, (_TILES, *shape, 1))
        self._grain = np.rint(grain).astype(np.int16)

    def still(self, number: int, picture: Picture, now: list[tuple[Act, float]]) -> Still:
        """The picture of that number with the acts that are on, drawn in place."""
        seconds = number / self._scene.fps
        for water in self._waters:
            water.lie(picture, seconds)
        boxes = []
        for act, share in sorted(now, key=lambda one: _ORDER.index(one[0].kind)):
            chance = np.random.default_rng([self._scene.seed, int(act.id)])
            moment = Moment(act=act, share=share, seconds=seconds - act.after, zone=self._outlines[act.zone], chance=chance)
            box = EFFECTS[act.kind](picture, moment)
            boxes += [(act, box)] if box else []
        tile = np.random.default_rng([self._scene.seed, number]).integers(_TILES)
        noisy = np.clip(picture + self._grain[tile], 0, 255).astype(np.uint8)
        jpeg = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
        return Still(number=number, jpeg=jpeg, boxes=tuple(boxes))


_ORDER = list(EFFECTS)


def _paced(path: Path | None, fps: float) -> Iterator[Picture]:
    """The footage again and again, at a pace: at each of its own instants the newest picture."""
    shown = _pictures(path)
    rate = _rate(path)
    at = 0
    picture = next(shown)
    for number in count():
        while at < int(number / fps * rate):
            picture, at = next(shown), at + 1
        yield picture


def _footage(scene: Scene, asked: Path | None) -> Path | None:
    return asked or (Path(scene.film) if scene.film else None)


def _rate(path: Path | None) -> float:
    return SECOND / PERIOD if path is None else FOLDER_RATE if path.is_dir() else _reel(path).rate


def _reel(path: Path) -> Reel:
    if not path.exists():
        raise Refused("there is no such film or folder", str(path))
    return reel(path)


def _pictures(path: Path | None) -> Iterator[Picture]:
    """The usable pictures for ever, all of the first one's size."""
    size: tuple[int, int] | None = None
    while True:
        before = size
        for picture in _once(path):
            size = size or cast("tuple[int, int]", picture.shape[1::-1])
            yield picture if picture.shape[1::-1] == size else cast("Picture", cv2.resize(picture, size))
        if before is None and size is None:
            raise Refused("a film without a picture that can be used", str(path))


def _once(path: Path | None) -> Iterator[Picture]:
    if path is None:
        yield from (decoded(jpeg) for jpeg in film("gatecam"))
        return
    yield from (picture for _, picture in _reel(path).frames if not isinstance(picture, Refused))
