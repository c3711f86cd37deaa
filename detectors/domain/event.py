"""Grid events: what a rule found at one place, on its way to a case."""

import hashlib
from enum import StrEnum

import msgspec

from detectors.domain.errors import Refused


class Turn(StrEnum):
    """What happened to an episode."""

    RAISED = "raised"
    WORSENED = "worsened"  # what is raised has become so much worse that it is told again; once an episode
    CLEARED = "cleared"
    LATE = "late"  # an exceedance found in history: recorded, never told


class Level(StrEnum):
    """How grave it is, mildest first."""

    NOTICE = "notice"
    WARNING = "warning"
    ALARM = "alarm"


class GridEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of one episode: a rule on a series, from an instant on."""

    id: str  # of the episode: the same in `raised` and `cleared`
    turn: Turn
    rule: str  # the rule's name in the site: "limit:do-low", "quality:flat_line", "silence"
    matter: str  # "pollution", "instrument", "silence", "hazard", "vision", "outlook"
    level: Level
    series: str
    station: str
    quantity: str
    since: int  # when the episode began, ns since 1970 UTC, in the device's time
    at: int  # the reading or tick that turned it, ns since 1970 UTC
    value: float | None  # in the quantity's unit; None for silence
    limit: float | None
    code: str  # class code of the grid standard, e.g. "06026"
    standard: str  # the standard that the code is of, e.g. "GB/T 47678.5-2026"
    cell: str  # the unit grid cell it lies in, or ""
    reach: str  # the reach of river it lies on, or ""
    tell: bool  # young enough to be told (DESIGN: told_within)
    facts: dict[str, str | float] = {}  # what decided: factor, multiple, ...; shown by the words of `fact.<name>`

    def to_bytes(self) -> bytes:
        """The event as JSON."""
        return _encoder.encode(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "GridEvent":
        """The event of `to_bytes`.

        Raises:
            Refused: if the bytes are something else.
        """
        try:
            return _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise Refused("not a grid event", data[:200]) from fault


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(GridEvent)


def event_id(rule: str, series: str, since: int) -> str:
    """The name of an episode, made of its cause, so that saying it twice changes nothing."""
    return hashlib.blake2b(f"{rule}\n{series}\n{since}".encode(), digest_size=12).hexdigest()
