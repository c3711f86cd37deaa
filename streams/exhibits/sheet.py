"""A sheet: one frame with the camera's zones, what was found, and a line that says what it shows."""

from collections.abc import Iterable

import cv2
import numpy as np

from detectors.domain.instant import on_clock
from detectors.domain.site import Camera
from detectors.vision.marks import MOVER, Mark
from detectors.vision.picture import Picture

WIDEST = 1280  # columns
_RED, _YELLOW, _WHITE, _DARK = (40, 40, 230), (0, 220, 255), (255, 255, 255), (44, 35, 23)  # blue first
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def drawn(picture: Picture, camera: Camera, zone: str, found: Iterable[Mark], line: str) -> Picture:
    """A copy with zones (the event's own in red), boxes and a line of text below."""
    sheet = picture.copy()
    height, width = sheet.shape[:2]
    for one in camera.zones:
        corners = np.rint([[x * (width - 1), y * (height - 1)] for x, y in one.corners]).astype(np.int32)
        cv2.polylines(sheet, [corners], isClosed=True, color=_RED if one.name == zone else _YELLOW, thickness=2)
    named = [mark for mark in found if mark.kind != MOVER or camera.detector != "objects"]
    for mark in named:
        left, top = round(mark.left * width), round(mark.top * height)
        corner = (round((mark.left + mark.width) * width), round((mark.top + mark.height) * height))
        cv2.rectangle(sheet, (left, top), corner, _WHITE, 3)
        cv2.rectangle(sheet, (left, top), corner, _RED, 1)
    return _signed(sheet, line)


def _signed(sheet: Picture, line: str) -> Picture:
    """The picture with a strip below that carries the line, in letters that every OpenCV has."""
    width = sheet.shape[1]
    strip = np.full((2 * max(11, width // 52), width, 3), _DARK, np.uint8)
    size = strip.shape[0] / 44
    text = line.encode("ascii", "replace").decode()
    cv2.putText(strip, text, (8, round(strip.shape[0] * 0.7)), _FONT, size, _WHITE, 1, cv2.LINE_AA)
    return np.vstack([sheet, strip])


def line_of(camera: str, at: int, timezone: str, measure: str, value: float | None) -> str:
    """What a sheet says of itself: camera, instant on the site's clock, measure and value."""
    when = on_clock(at, timezone)
    said = f"{when:%Y-%m-%d %H:%M:%S}.{at // 100_000_000 % 10} {when:%z}"
    return f"{camera}  {said}  {measure}" + ("" if value is None else f" {value:.4g}")
