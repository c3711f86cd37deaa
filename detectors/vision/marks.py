"""Marks: where on a picture somebody or something was found, as shares of the picture, whatever its size."""

from collections.abc import Iterable

import msgspec

from detectors.vision.bodies import Body
from detectors.vision.nanodet import Box
from detectors.vision.watcher import Look

MOVER = "movers"  # the quantity that bodies without a name are counted in


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle as shares of the picture's width and height, from its upper left."""

    kind: str  # the quantity that it is counted in: "people", "vehicles", "boats", "movers"
    left: float
    top: float
    width: float
    height: float


_SAID = msgspec.json.Decoder(tuple[Mark, ...])


def read(said: Iterable[bytes]) -> tuple[Mark, ...]:
    """What was written of several looks.

    Raises:
        msgspec.MsgspecError: if it is something else.
    """
    return tuple(mark for one in said for mark in _SAID.decode(one))


def marks(look: Look) -> tuple[Mark, ...]:
    """What was recognised on a picture, then what moved on it."""
    lines, columns = look.mask.shape[:2]
    found: list[tuple[str, Body | Box]] = [
        *((one.kind, one.box) for one in look.things),
        *((MOVER, track.body) for track in look.movers),
    ]
    return tuple(Mark(kind, box.left / columns, box.top / lines, box.width / columns, box.height / lines) for kind, box in found)
