"""The camera: a film in a loop at two frames a second, and a person who walks where nobody should be."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from simulators import film as films
from simulators.incidents import Incident

PERIOD = SECOND // 2
QUALITY = 60
STRIDE = 8  # pictures of the walker that make one stride; later ones are smaller, since she walked away
MARGIN = 0.22  # of the way, on each side, so that all of a person is inside the zone

Picture = NDArray[np.uint8]
Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera that shows a film from an instant on."""

    name: str
    start: int  # ns since 1970 UTC
    closed: Corners = ()  # the outline of the closed zone, shares of the picture

    def frame(self, at: int, incidents: tuple[Incident, ...] = ()) -> bytes:
        """The picture at an instant, as JPEG; only one with a trespasser is decoded and drawn upon."""
        pictures = film("gatecam")
        jpeg = pictures[(at - self.start) // PERIOD % len(pictures)]
        for incident in incidents:
            if incident.station == self.name and incident.holds(at) and self.closed:
                share = (at - incident.since) / (incident.until - incident.since)
                return _drawn(jpeg, _step((at - incident.since) // PERIOD), path(self.closed, share), mirrored=share > 0.5)
        return jpeg


def path(corners: Corners, share: float) -> tuple[float, float]:
    """Where a trespasser's feet are when a share of the time is over: through the lower part of the zone and back."""
    outline = np.array(corners)
    top, bottom = outline[:, 1].min(), outline[:, 1].max()
    y = top + 0.85 * (bottom - top)
    left, right = _chord(outline, y)
    inside = MARGIN * (right - left)
    forth = 1 - abs(2 * share - 1)
    return float(left + inside + forth * (right - left - 2 * inside)), float(y)


def _chord(outline: NDArray[np.float64], y: float) -> tuple[float, float]:
    """Where a level line enters and leaves an outline."""
    crossings = []
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if min(y0, y1) <= y < max(y0, y1):
            crossings.append(x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return min(crossings), max(crossings)


def _drawn(jpeg: bytes, walker: tuple[Picture, Picture], feet: tuple[float, float], *, mirrored: bool) -> bytes:
    """The picture with the walker standing at `feet` (shares of the picture)."""
    scene = decoded(jpeg)
    colour, mask = (side[:, ::-1] if mirrored else side for side in walker)
    high, wide = mask.shape[:2]
    x = int(np.clip(feet[0] * scene.shape[1] - wide / 2, 0, scene.shape[1] - wide))
    y = int(np.clip(feet[1] * scene.shape[0] - high, 0, scene.shape[0] - high))
    under = scene[y : y + high, x : x + wide]
    share = mask.astype(np.float32)[..., None] / 255
    scene[y : y + high, x : x + wide] = (colour * share + under * (1 - share)).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())


def decoded(jpeg: bytes) -> Picture:
    """A JPEG as a picture.

    Raises:
        Refused: if it is none.
    """
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise Refused("not a picture", jpeg[:16])
    return np.asarray(picture, np.uint8)


def _step(number: int) -> tuple[Picture, Picture]:
    return walker()[number % STRIDE]


@cache
def film(name: str) -> list[bytes]:
    """The JPEG pictures of a film that comes with riverwatch."""
    return films.pictures((files(__package__) / "recordings" / f"{name}.avi").read_bytes())


@cache
def walker() -> list[tuple[Picture, Picture]]:
    """The walker step by step: colours, and how much of each pixel is hers."""
    steps = []
    for jpeg in film("walker"):
        page = decoded(jpeg)
        wide = page.shape[1] // 2
        steps.append((page[:, :wide], np.asarray(cv2.GaussianBlur(page[:, wide:, 0], (0, 0), 0.8), np.uint8)))
    return steps
