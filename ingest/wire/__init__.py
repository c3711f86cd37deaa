"""What devices say, read into columns: the shape of a payload tells its format."""

import re

from detectors.domain.errors import Refused
from ingest.columns import Columns
from ingest.topics import TELEMETRY, parse
from ingest.wire import json, senml
from ingest.wire.bounds import ORDINARY, Bounds

_SENML = re.compile(rb'\s*\[\s*\{\s*"(?:bn|bt|bu|bv|bs|bver|n|u|v|vs|vb|vd|s|t|ut)"\s*:')


def read(topic: str, payload: bytes, *, got: int, into: Columns, bounds: Bounds = ORDINARY) -> int:
    """Append the readings of a message of telemetry to `into` and return how many they are.

    An array whose first object begins with a field of SenML is SenML; anything else must be our JSON.

    Raises:
        Refused: for every message we cannot believe as a whole; then `into` is as it was. Nothing else is ever raised.
    """
    place = parse(topic)
    if place.kind != TELEMETRY:
        raise Refused("topic: not of telemetry", topic[:200])
    if len(payload) > bounds.most_bytes:
        bounds.check_size(len(payload))
    read_form = senml.read if payload[:1] != b"{" and _SENML.match(payload) else json.read
    return read_form(place, payload, got=got, into=into, bounds=bounds)
