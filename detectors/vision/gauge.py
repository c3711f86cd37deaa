"""A staff gauge read from a picture: where the bright staff ends and the dark water begins, in cm by the marks of the zone.

The brightest seventh of each line of the zone is the staff's white, whatever ticks and numbers stand beside it. The water begins
where the lines above are bright, those below are dark, and the step between is steep: by day and by infrared alike.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.domain.site import Zone
from detectors.vision.view import Glance, Measures, View

BEAT = 10.0  # seconds between two readings
WHITE = 85  # percentile of a line that is the staff's white
ABOVE, BELOW = 10.0, 15.0  # cm of staff and of water that are held against each other
LEAST = 12.0  # grey levels that water is darker than the staff; less is fog, or no water
EDGE = 3  # lines on each side that make the step

Line = NDArray[np.float64]


class Gauge:
    """The staff gauges of one view."""

    def __init__(self, view: View) -> None:
        self._zones = tuple(zone for zone in view.camera.zones if zone.kind == "gauge")
        self._waited = BEAT
        self._said: Measures = {}

    def measure(self, glance: Glance) -> Measures:
        """stage.<zone>: cm on the staff; nothing where no water meets it."""
        if not self._zones:
            return {}
        self._waited += glance.elapsed
        if self._waited >= BEAT:
            self._waited = 0.0
            grey = cv2.cvtColor(glance.image, cv2.COLOR_BGR2GRAY)
            read = {f"stage.{zone.name}": level(np.asarray(grey), zone) for zone in self._zones}
            self._said = {name: cm for name, cm in read.items() if cm is not None}
        return self._said


def level(grey: NDArray[np.integer | np.floating], zone: Zone) -> float | None:
    """The water's level (cm) on a picture, or None where it is not seen."""
    lines = grey.shape[0]
    marks = sorted((y * lines, cm) for _, y, cm in zone.marks)
    ys, cms = np.array(marks).T
    per_line = abs(cms[-1] - cms[0]) / (ys[-1] - ys[0])
    top, white = _white(grey, zone)
    at = _water(white, round(ABOVE / per_line), round(BELOW / per_line))
    return None if at is None else _between(top + at, ys, cms)


def _white(grey: NDArray[np.integer | np.floating], zone: Zone) -> tuple[int, Line]:
    """The zone's first line, and the brightness of the staff's white line by line."""
    lines, columns = grey.shape
    corners = np.rint([[x * (columns - 1), y * (lines - 1)] for x, y in zone.corners]).astype(np.int32)
    inside = cv2.fillPoly(np.zeros((lines, columns), np.uint8), [corners], 1) > 0
    top, bottom = int(corners[:, 1].min()), int(corners[:, 1].max())
    return top, np.array([np.percentile(grey[y][inside[y]], WHITE) for y in range(top, bottom + 1)])


def _water(white: Line, above: int, below: int) -> float | None:
    """Where (line of the zone, between two lines at best) the water begins."""
    count, best = len(white), 0.0
    step = np.zeros(count)
    found = None
    for i in range(EDGE, count - EDGE):
        step[i] = max(0.0, white[i - EDGE : i].mean() - white[i : i + EDGE].mean())
        darker = float(np.median(white[max(0, i - above) : i]) - np.median(white[i : i + below]))
        if darker >= LEAST and darker * step[i] > best:
            best, found = darker * step[i], i
    if found is None:
        return None
    near = slice(max(0, found - 2), found + 3)
    return float(np.average(np.arange(count)[near], weights=step[near]))


def _between(y: float, ys: Line, cms: Line) -> float:
    """The level at a line, by the marks above and below it; beyond the last mark, as between the last two."""
    i = int(np.clip(np.searchsorted(ys, y), 1, len(ys) - 1))
    return float(cms[i - 1] + (y - ys[i - 1]) * (cms[i] - cms[i - 1]) / (ys[i] - ys[i - 1]))
