"""A frame as people look at it: the whole picture, upright, in colours, and back to a JPEG."""

from typing import cast

import cv2

from detectors.vision.picture import Picture, decode

ALL = 1 << 16  # lines, more than any picture has
QUALITY = 82  # of a JPEG


def whole(jpeg: bytes, widest: int) -> Picture:
    """A frame as a picture, upright, at most so wide, its sides even.

    Raises:
        Refused: if it is no picture.
    """
    picture = decode(jpeg, ALL)
    height, width = picture.shape[:2]
    by = min(1.0, widest / width)
    size = (max(2, round(width * by) // 2 * 2), max(2, round(height * by) // 2 * 2))
    return cast("Picture", picture if size == (width, height) else cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def as_jpeg(sheet: Picture) -> bytes:
    """The picture as JPEG."""
    return bytes(cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
