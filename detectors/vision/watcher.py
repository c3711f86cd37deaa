"""A watcher looks at one camera's pictures in order and says what they measure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import cv2

from detectors.domain.signs import muted
from detectors.domain.site import Camera
from detectors.vision.background import Background
from detectors.vision.change import Change
from detectors.vision.fire import Fire
from detectors.vision.followed import Followed
from detectors.vision.gauge import Gauge
from detectors.vision.health import Health
from detectors.vision.left import Left
from detectors.vision.litter import Litter
from detectors.vision.movers import Motion, Movers
from detectors.vision.nanodet import shipped
from detectors.vision.objects import Objects
from detectors.vision.picture import COARSE, FINE, Mask, Picture, shrink
from detectors.vision.smoke import Smoke
from detectors.vision.tint import Tint
from detectors.vision.tracks import Track
from detectors.vision.view import Glance, Measures, Sense, View

# a new measure of the picture is a word here
SENSES: tuple[Callable[[View], Sense], ...] = (Health, Motion, Fire, Smoke, Left, Change, Gauge, Tint, Litter)


_LONGEST = 5.0  # seconds between pictures that are learnt from as such; a longer gap counts as this


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One picture's measures, and what they were taken from; boxes and mask are on the working picture."""

    measures: Measures
    mask: Mask
    movers: tuple[Track, ...]
    settled: bool  # False while nothing can be said about movers
    things: tuple[Followed, ...] = ()  # where the camera's detector is "objects"
    muted: tuple[str, ...] = ()  # measures not to be believed, since the camera is sick


class Watcher:
    """One camera's memory of its view; pictures may come at any rate and of any size."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self._shape = (0, 0)
        self._at: int | None = None

    @property
    def lines(self) -> int:
        """How many lines of a picture it needs; more do no harm."""
        fine = self.camera.detector == "objects" or any(zone.kind == "gauge" for zone in self.camera.zones)
        return FINE if fine else COARSE

    def look(self, image: Picture, at: int) -> Measures:
        """Measures of a picture (height x width x 3, blue first) taken at `at` (ns since 1970 UTC), as each sense says."""
        return self.examine(image, at).measures

    def examine(self, image: Picture, at: int) -> Look:
        """As `look`, with the mask and the movers that the measures were taken from."""
        picture = shrink(image)
        if picture.shape[:2] != self._shape:
            self._begin(picture)
        elapsed = self._elapsed(at)
        grey = cast("Mask", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        before = tuple(one.box for one in self._objects.present) if self._objects else ()
        glance = Glance(at, elapsed, image, picture, grey, self._background.see(picture, elapsed), before)
        measures: Measures = {}
        for sense in self._senses:
            measures |= sense.measure(glance)
        things = self._objects.present if self._objects else ()
        return Look(measures, glance.seen.filmed, self._movers.present, glance.seen.settled, things, muted(measures))

    def _begin(self, picture: Picture) -> None:
        """Learn a view of another size from the beginning."""
        lines, columns = self._shape = picture.shape[:2]
        view = View.of(self.camera, lines, columns)
        self._background = Background(lines, columns)
        self._movers = Movers(view)
        self._objects = Objects(view, shipped()) if self.camera.detector == "objects" else None
        made = [sense(view) for sense in SENSES]
        self._senses: tuple[Sense, ...] = (*made, self._movers, *filter(None, [self._objects]))

    def _elapsed(self, at: int) -> float:
        """Seconds since the newest picture; none for one that is not newer."""
        before, self._at = self._at, at if self._at is None else max(at, self._at)
        return 0.0 if before is None else min(max((at - before) / 1e9, 0.0), _LONGEST)
