"""From bytes to a picture of working size: everything is measured on a few hundred lines, whatever the camera sends."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Refused
from detectors.vision.jpeg import Header, header

Picture = NDArray[np.uint8]  # height x width x 3, blue first
Mask = NDArray[np.uint8]  # height x width; 0 or 255

LINES, COLUMNS = 240, 640  # the most that a working picture has
_REDUCED = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
COARSE, FINE = 180, 360  # lines that a reduced decoding must leave: a person of 6 % is 11 lines then, or 22 to be recognised


def decode(data: bytes, lines: int = COARSE) -> Picture:
    """A JPEG as a picture, upright, reduced so far as it keeps so many lines; where 180 do, of working size.

    Raises:
        Refused: if the header is refused, or the decoder gives nothing.
    """
    told = header(data)
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), _REDUCED[reduction(told, lines)])
    except (cv2.error, MemoryError) as fault:
        raise Refused("a JPEG that cannot be decoded", str(fault)) from fault
    if picture is None:
        raise Refused("a JPEG that cannot be decoded", len(data))
    return shrink(cast("Picture", picture)) if lines == COARSE else cast("Picture", picture)


def reduction(told: Header, least: int = COARSE) -> int:
    """The largest of 1, 2, 4, 8 that leaves at least that many lines of the upright picture (libjpeg is faster then)."""
    lines = told.width if told.orientation > 4 else told.height
    return max(by for by in _REDUCED if by == 1 or lines // by >= least)


def shrink(picture: Picture) -> Picture:
    """The picture at working size, its shape kept: halved as a JPEG is decoded, then to at most 240 lines and 640 columns."""
    height, width = picture.shape[:2]
    halved = next(by for by in sorted(_REDUCED, reverse=True) if by == 1 or height // by >= COARSE)
    by = min(1.0, LINES * halved / height, COLUMNS * halved / width) / halved
    if by == 1.0:
        return picture
    size = (max(1, round(width * by)), max(1, round(height * by)))
    return cast("Picture", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
