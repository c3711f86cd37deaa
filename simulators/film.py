"""Films: Motion JPEG AVI files taken apart into their JPEG pictures, without a decoder."""

import struct
from collections.abc import Iterator

from detectors.domain.errors import Refused

_LISTS = (b"RIFF", b"LIST")


def pictures(film: bytes) -> list[bytes]:
    """The JPEG pictures of a Motion JPEG AVI file, in order.

    Raises:
        Refused: if it is something else.
    """
    if film[:4] != b"RIFF" or film[8:12] != b"AVI ":
        raise Refused("not an AVI film", film[:12])
    found = [data for name, data in _chunks(memoryview(film)) if name == b"00dc"]
    if not found or not all(data[:2] == b"\xff\xd8" for data in found):
        raise Refused("not a film of JPEG pictures", len(found))
    return found


def _chunks(data: memoryview) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a RIFF file; those in lists come as if they stood outside."""
    at = 0
    while at + 8 <= len(data):
        name, size = bytes(data[at : at + 4]), struct.unpack_from("<I", data, at + 4)[0]
        inside = data[at + 8 : at + 8 + size]
        if name in _LISTS:
            yield from _chunks(inside[4:])
        else:
            yield name, bytes(inside)
        at += 8 + size + size % 2
