"""What parent and child say to each other: MessagePack behind a length of four bytes."""

import struct
from typing import BinaryIO

import msgspec

from detectors.domain.site import Camera

HEAD = struct.Struct(">I")


class Hello(msgspec.Struct, frozen=True):
    """The parent's first word: whose frames will come, and how long one may take at most (seconds)."""

    cameras: tuple[Camera, ...]
    patience: float


class Frame(msgspec.Struct, frozen=True):
    """One JPEG, taken at `at` (ns since 1970 UTC)."""

    camera: str
    at: int
    jpeg: bytes


class Answer(msgspec.Struct, frozen=True):
    """The child's word: measures by quantity, or why the frame is refused. To Hello it is empty."""

    measures: dict[str, float] = {}
    refused: str = ""


def pack(message: msgspec.Struct) -> bytes:
    """A message as it goes through the pipe."""
    body = msgspec.msgpack.encode(message)
    return HEAD.pack(len(body)) + body


def take(pipe: BinaryIO) -> bytes | None:
    """The body of the next message, or None where the pipe ends (the other side is gone)."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None
