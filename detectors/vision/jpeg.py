"""What a picture says about itself, read from its header, so that a bomb is refused before it is decoded.

JPEG: ITU-T T.81 annex B (segments), Exif 2.32 (orientation, tag 0x0112 of the first directory). PNG: ISO/IEC 15948, IHDR.
"""

import struct
from dataclasses import dataclass

from detectors.domain.errors import Refused

MOST_PIXELS = 40_000_000
MOST_SCANS = (
    100  # a progressive JPEG has about ten; of thousands, each is decoded over the whole picture (libjpeg-turbo: djpeg -maxscans)
)
LEAST_SIDE = 16  # pixels; smaller is no view of anything

_STRANGERS = (
    (b"\x89PNG\r\n\x1a\n", 0, "a PNG"),
    (b"GIF8", 0, "a GIF"),
    (b"BM", 0, "a BMP"),
    (b"RIFF", 0, "a film (RIFF)"),
    (b"ftyp", 4, "a film (MP4)"),
    (b"\x1a\x45\xdf\xa3", 0, "a film (Matroska)"),
    (b"\x00\x00\x01\xba", 0, "a film (MPEG)"),
    (b"\x00\x00\x00\x01", 0, "a film (H.264)"),
    (b"G@", 0, "a film (MPEG-TS)"),
)
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start-of-frame markers; the three are tables
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_END, _SCAN, _APP1 = 0xD9, 0xDA, 0xE1


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a JPEG says about itself, before the camera's turn is undone."""

    width: int
    height: int
    components: int  # 1 grey, 3 colour, 4 CMYK
    progressive: bool
    orientation: int  # Exif, 1..8; 1 is upright


def header(data: bytes) -> Header:
    """The header of a JPEG that is worth decoding.

    Raises:
        Refused: if it is not a JPEG, is cut off, cannot be decoded here, is too small or too large, or would take too long.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise Refused(f"not a JPEG: {_kind(data)}", data[:16])
    try:
        found, scan = _segments(data)
    except (struct.error, IndexError) as fault:
        raise Refused("a JPEG cut off in its header", len(data)) from fault
    check_size(found.width, found.height)
    if data.rfind(b"\xff\xd9") < scan:
        raise Refused("a JPEG cut off before its end", len(data))
    at_once = not found.progressive and data[scan + 2 : scan + 3] == bytes([found.components])  # so that no second scan is read
    if not at_once and (scans := data.count(b"\xff\xda", scan) + 1) > MOST_SCANS:
        raise Refused("a JPEG of too many scans to decode", scans)
    return found


def check_size(width: int, height: int) -> None:
    """Refuse a picture that is too small to show anything or too large to decode.

    Raises:
        Refused: if a side is under 16 pixels or the whole over 40 megapixels.
    """
    if width < LEAST_SIDE or height < LEAST_SIDE:
        raise Refused("a picture too small to show anything", f"{width}x{height}")
    if width * height > MOST_PIXELS:
        raise Refused("a picture too large to decode", f"{width}x{height}")


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height that a PNG's header gives.

    Raises:
        Refused: if it is not a PNG.
    """
    if len(data) < 24 or not data.startswith(_STRANGERS[0][0]) or data[12:16] != b"IHDR":
        raise Refused("not a PNG", data[:16])
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _kind(data: bytes) -> str:
    """What the bytes look like, for the person who reads the refusal."""
    if not data:
        return "nothing"
    return next((name for start, at, name in _STRANGERS if data[at:].startswith(start)), "something else")


def _segments(data: bytes) -> tuple[Header, int]:
    """The header, and where the first scan begins."""
    at, orientation, frame = 2, 1, None
    while True:
        at, marker = _marker(data, at)
        if marker == _END:
            raise Refused("a JPEG without a picture", len(data))
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or at + length > len(data):
            raise IndexError(at)
        if marker in _FRAMES:
            frame = _frame(data, at, marker)
        elif marker == _APP1:
            orientation = _orientation(data[at + 2 : at + length]) or orientation
        elif marker == _SCAN:
            return _complete(frame, orientation), at
        at += length


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at or after fill bytes, and where its segment begins."""
    if data[at] != 0xFF:
        raise Refused("a JPEG whose segments do not join", at)
    while data[at] == 0xFF:
        at += 1
    return at + 1, data[at]


def _frame(data: bytes, at: int, marker: int) -> tuple[int, int, int, bool]:
    """Width, height, components, and whether it is progressive."""
    if marker not in {_BASELINE, _EXTENDED, _PROGRESSIVE}:
        raise Refused("a JPEG of a kind that is not decoded", f"SOF{marker - 0xC0}")
    bits, height, width, components = struct.unpack_from(">BHHB", data, at + 2)
    if bits != 8 or components not in {1, 3, 4}:
        raise Refused("a JPEG of a kind that is not decoded", f"{bits} bits, {components} components")
    return width, height, components, marker == _PROGRESSIVE


def _complete(frame: tuple[int, int, int, bool] | None, orientation: int) -> Header:
    if frame is None:
        raise Refused("a JPEG without a frame header", orientation)
    width, height, components, progressive = frame
    return Header(width=width, height=height, components=components, progressive=progressive, orientation=orientation)


def _orientation(app1: bytes) -> int:
    """Exif's orientation 1..8, or 0 where there is none that can be believed."""
    if not app1.startswith(b"Exif\0\0"):
        return 0
    tiff = app1[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4], "")
    if not order or len(tiff) < 10:
        return 0
    (directory,) = struct.unpack_from(order + "I", tiff, 4)
    if directory + 2 > len(tiff):
        return 0
    (count,) = struct.unpack_from(order + "H", tiff, directory)
    for entry in range(directory + 2, min(directory + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, entry)
        if tag == 0x0112 and kind == 3:
            return value if 1 <= value <= 8 else 0
    return 0
