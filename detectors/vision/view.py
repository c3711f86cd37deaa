"""A view is one camera's picture of a fixed size; a glance is one picture of it, with what everybody wants to know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from detectors.domain.site import Camera
from detectors.domain.violations import kinds_of
from detectors.vision.background import Seen
from detectors.vision.nanodet import Box
from detectors.vision.picture import Mask, Picture
from detectors.vision.zones import Plot

Measures = dict[str, float]  # quantity, with its zone after a dot -> value in the unit of quantities.csv


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is watched: the camera, the size of its working picture, its zones on it."""

    camera: Camera
    lines: int
    columns: int
    plots: tuple[Plot, ...]

    @classmethod
    def of(cls, camera: Camera, lines: int, columns: int) -> "View":
        """The view of a camera whose working picture has that size."""
        return cls(camera, lines, columns, tuple(Plot.of(zone, lines, columns) for zone in camera.zones))

    def plots_for(self, quantity: str) -> tuple[Plot, ...]:
        """The zones of the kinds that a quantity is measured in."""
        return tuple(plot for zone, plot in zip(self.camera.zones, self.plots, strict=True) if zone.kind in kinds_of(quantity))

    def around(self, plots: Sequence[Plot]) -> tuple[slice, slice]:
        """The lines and columns that hold some zones; all where there are none."""
        lines, columns = np.nonzero(
            np.any([plot.mask for plot in plots] or [np.zeros((self.lines, self.columns), np.uint8)], axis=0)
        )
        if not lines.size:
            return slice(None), slice(None)
        return slice(int(lines.min()), int(lines.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1)

    def standing(self, quantity: str, feet: Sequence[tuple[float, float]]) -> Measures:
        """How many there are, and how many in each zone by where they stand (pixels of the working picture)."""
        inside = {f"{quantity}.{plot.name}": float(sum(plot.holds(x, y) for x, y in feet)) for plot in self.plots}
        return {quantity: float(len(feet)), **inside}


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """One picture of a view."""

    at: int  # ns since 1970 UTC
    elapsed: float  # seconds since the one before; 0 for the first, and for one that is not newer
    image: Picture  # as it was decoded
    picture: Picture  # of working size
    grey: Mask
    seen: Seen  # what stands out against the learnt view
    things: tuple[Box, ...] = ()  # where things were recognised at the picture before


class Sense(Protocol):
    """Something that measures glances in order and may remember; made anew for each view."""

    def measure(self, glance: Glance) -> Measures:
        """What this picture measures, by quantity."""
        ...
