"""JPEGs of every kind, made by hand where OpenCV cannot write them."""

import struct

import cv2
import numpy as np

from detectors.vision.picture import Picture


def jpeg(picture: Picture, *, progressive: bool = False) -> bytes:
    """The picture as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])
    assert done
    return data.tobytes()


def scenery(width: int = 320, height: int = 240) -> Picture:
    """A picture with a bright upper left corner, so that a turn shows."""
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[: height // 2, : width // 2] = 220
    return picture


def turned(data: bytes, orientation: int, order: str = "<") -> bytes:
    """The JPEG with an Exif orientation."""
    tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return data[:2] + segment(0xE1, b"Exif\0\0" + tiff) + data[2:]


def segment(marker: int, body: bytes) -> bytes:
    """One JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def cmyk(side: int = 32) -> bytes:
    """A grey JPEG of four components: every coefficient is zero, and a Huffman code of one bit says so."""
    table = bytes([1, *[0] * 15, 0])  # one code of one bit, for "nothing"
    frame = struct.pack(">BHHB", 8, side, side, 4) + b"".join(bytes([i, 0x11, 0]) for i in range(1, 5))
    scan = bytes([4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0])
    bits = (side // 8) ** 2 * 4 * 2
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xDB, bytes([0, *[1] * 64])),
            segment(0xC0, frame),
            segment(0xC4, b"\x00" + table),
            segment(0xC4, b"\x10" + table),
            segment(0xDA, scan),
            bytes(bits // 8),
            b"\xff\xd9",
        ]
    )


def claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    data = jpeg(scenery(32, 32))
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def bomb(scans: int) -> bytes:
    """A progressive JPEG whose last scan stands there again and again, so that it has so many."""
    data = jpeg(scenery(), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * (scans - data.count(b"\xff\xda")) + data[-2:]
