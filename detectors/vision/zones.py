"""Zones on a working picture: which pixels they hold, and what share of them stands out."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from detectors.domain.site import Zone
from detectors.vision.picture import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """One zone as pixels of a picture of fixed size."""

    name: str
    mask: Mask
    pixels: int

    @classmethod
    def of(cls, zone: Zone, lines: int, columns: int) -> "Plot":
        """The zone's polygon filled on a picture of that size."""
        corners = np.array([[x * (columns - 1), y * (lines - 1)] for x, y in zone.corners])
        mask = np.zeros((lines, columns), np.uint8)
        cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 255)
        return cls(zone.name, mask, max(1, int(np.count_nonzero(mask))))

    def share(self, seen: Mask) -> float:
        """The share of the zone that stands out, 0..1."""
        return float(np.count_nonzero(cast("Mask", cv2.bitwise_and(seen, self.mask)))) / self.pixels

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the working picture (pixels) lies in the zone; one below the edge counts as on it."""
        lines, columns = self.mask.shape
        return bool(self.mask[min(max(int(y), 0), lines - 1), min(max(int(x), 0), columns - 1)])
