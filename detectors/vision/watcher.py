"""A watcher looks at one camera's pictures in order and says what they measure."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from detectors.domain.site import Camera
from detectors.vision.background import Background, Seen
from detectors.vision.bodies import bodies
from detectors.vision.picture import Mask, Picture, shrink
from detectors.vision.tracks import Track, Tracks
from detectors.vision.zones import Plot

Measures = dict[str, float]  # quantity, with its zone after a dot -> value in the unit of quantities.csv

_LONGEST = 5.0  # seconds between pictures that are learnt from as such; a longer gap counts as this


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One picture's measures, and what they were taken from; boxes and mask are on the working picture."""

    measures: Measures
    mask: Mask
    movers: tuple[Track, ...]
    settled: bool  # False while nothing can be said about movers


class Watcher:
    """One camera's memory of its view; pictures may come at any rate and of any size."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self._shape = (0, 0)
        self._at: int | None = None

    def look(self, image: Picture, at: int) -> Measures:
        """Measures of a picture (height x width x 3, blue first) taken at `at` (ns since 1970 UTC).

        motion: % of the picture, or of a zone, that stands out; movers: people-sized bodies that moved, by where they stand
        (absent until the view is learnt, and while light floods it); brightness: mean, 0 black to 1 white; sharpness: variance
        of the Laplacian (Pech-Pacheco, ICPR 2000).
        """
        return self.examine(image, at).measures

    def examine(self, image: Picture, at: int) -> Look:
        """As `look`, with the mask and the movers that the measures were taken from."""
        picture = shrink(image)
        if picture.shape[:2] != self._shape:
            self._begin(picture)
        elapsed = self._elapsed(at)
        seen = self._background.see(picture, elapsed)
        found = bodies(seen.mask, self.camera.person_height) if seen.settled else []
        movers = tuple(self._tracks.follow(found, elapsed))
        return Look(self._measures(picture, seen, movers), seen.mask, movers, seen.settled)

    def _begin(self, picture: Picture) -> None:
        """Learn a view of another size from the beginning."""
        lines, columns = self._shape = picture.shape[:2]
        self._background = Background(lines, columns)
        self._tracks = Tracks()
        self._plots = tuple(Plot.of(zone, lines, columns) for zone in self.camera.zones)

    def _elapsed(self, at: int) -> float:
        """Seconds since the newest picture; none for one that is not newer."""
        before, self._at = self._at, at if self._at is None else max(at, self._at)
        return 0.0 if before is None else min(max((at - before) / 1e9, 0.0), _LONGEST)

    def _measures(self, picture: Picture, seen: Seen, movers: tuple[Track, ...]) -> Measures:
        grey = cast("Mask", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        measures = {
            "brightness": float(grey.mean()) / 255,
            "sharpness": float(cv2.Laplacian(grey, cv2.CV_32F).var()),
            "motion": 100 * seen.share,
        }
        measures |= {f"motion.{plot.name}": 100 * plot.share(seen.mask) for plot in self._plots}
        if seen.settled:
            feet = np.array([track.body.foot for track in movers]).reshape(-1, 2)
            measures["movers"] = float(len(feet))
            measures |= {f"movers.{plot.name}": float(sum(plot.holds(x, y) for x, y in feet)) for plot in self._plots}
        return measures
