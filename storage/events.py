"""A turn of an episode as one line of line protocol, for boards."""

import math

from detectors.domain.event import GridEvent, Turn
from storage import schema
from storage.lines import escape


def event_line(event: GridEvent) -> bytes:
    """The event's line; tags in alphabetical order.

    `open` goes to 1 when the episode is raised, stays there when it worsens, and goes to 0 when it is cleared. A late finding
    has no part in that: it lies in a series of its own.
    """
    late = event.turn is Turn.LATE
    tags = {
        schema.LIFE: schema.LATE if late else schema.LIVE,
        schema.QUANTITY: event.quantity,
        schema.RULE: event.rule,
        schema.STATION: event.station,
    }
    fields = {
        schema.OPEN: "" if late else f"{int(event.turn is not Turn.CLEARED)}i",
        schema.VALUE: _number(event.value),
        schema.LIMIT: _number(event.limit),
        schema.TURN: _text(event.turn),
        schema.EPISODE: _text(event.id),
        schema.MATTER: _text(event.matter),
        schema.LEVEL: _text(event.level),
    }
    key = ",".join([schema.EVENTS, *(f"{name}={_tag(value)}" for name, value in tags.items())])
    return f"{key} {','.join(f'{name}={value}' for name, value in fields.items() if value)} {event.at}\n".encode()


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(float(value))


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tag(value: str) -> str:
    """A tag's value that line protocol can carry, whatever a site calls its rules."""
    plain = "".join(letter if letter >= " " and letter != "\x7f" else "_" for letter in value).rstrip("\\")
    return escape(plain or "_")
