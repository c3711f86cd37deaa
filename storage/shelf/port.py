"""What every shelf can do, whatever lies below it; `tests/contracts/test_shelf.py` holds all of them to it."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Item(NamedTuple):
    """One thing on a shelf."""

    name: str  # the last part of it
    size: int  # bytes
    at: int  # ns since 1970 UTC, when it was written


class Shelf(Protocol):
    """Bytes under names of two parts, "files/abc.jpg"; each is there whole or not at all.

    Everything raises `Unreachable` where the shelf does not answer or does not take it.
    """

    def put(self, name: str, data: bytes) -> None:
        """Write, in the place of what was there."""

    def get(self, name: str) -> bytes | None:
        """What is there, None if nothing is."""

    def inside(self, part: str) -> Iterator[Item]:
        """Everything under a first part, in the order of names."""

    def drop(self, name: str) -> None:
        """Forget; nothing happens where nothing is."""
