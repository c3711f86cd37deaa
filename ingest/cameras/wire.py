"""What the parent and the child that reads a camera say to each other."""

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The parent's only word; it goes through the pipe because a command line is for all to read."""

    place: str  # a URL or a path
    live: bool
    host: str
    port: int
    fps: float  # pictures a second at most
    patience: float  # seconds that one picture may take


class Shot(msgspec.Struct, frozen=True):
    """The child's word: a picture taken at `at` (ns since 1970 UTC), or the sentence why there are no more."""

    at: int = 0
    jpeg: bytes = b""
    fault: str = ""
