"""WebM: a film that browsers play, written by OpenCV without a word of complaint.

OpenCV's FFmpeg knows no code of four letters for VP8 in WebM, takes it nevertheless and prints that it should not. In Matroska,
whose profile WebM is (webmproject.org, container guidelines), it knows one; the two differ by what the head calls the document.
"""

from pathlib import Path

import cv2

from detectors.vision.picture import Picture

SUFFIX = ".mkv"  # by which OpenCV chooses the container
_DOCTYPE = b"\x42\x82"  # the name of EBML's element (RFC 8794, 11.2.3)
_MATROSKA = _DOCTYPE + b"\x88matroska"
_WEBM = _DOCTYPE + b"\x84webm" + b"\xec\x82\0\0"  # and as much of nothing (Void) as it is shorter


def writer(place: Path, sheet: Picture, rate: float) -> cv2.VideoWriter:
    """What writes pictures like this one into a file of that suffix, so many a second."""
    return cv2.VideoWriter(str(place), cv2.VideoWriter.fourcc(*"VP80"), rate, sheet.shape[1::-1])


def film(place: Path) -> bytes:
    """What was written there, as WebM."""
    return place.read_bytes().replace(_MATROSKA, _WEBM, 1)
