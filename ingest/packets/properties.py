"""The properties of MQTT 5 (section 2.2.2): a few that matter to us, all others skipped by their type."""

from collections.abc import Mapping

from detectors.domain.errors import Refused

EXPIRY, KEEP_ALIVE, WHY, RECEIVE_MAXIMUM, USER = 0x11, 0x13, 0x1F, 0x21, 0x26
_NUMBERS = {0x01: 1, 0x02: 4, 0x11: 4, 0x13: 2, 0x17: 1, 0x18: 4, 0x19: 1, 0x21: 2, 0x22: 2, 0x23: 2, 0x24: 1, 0x25: 1}
_NUMBERS |= {0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1}
_TEXTS = {0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F}  # and binary data, of the same form
_SUBSCRIPTION = 0x0B

Facts = dict[int, int | str]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer (section 1.5.5) and where it ends.

    Raises:
        Refused: if it has more than four bytes, or ends too early.
    """
    value = 0
    for place in range(4):
        if at + place >= len(data):
            raise Refused("MQTT: a packet that ends too early", data[at:])
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise Refused("MQTT: a length of more than four bytes", data[at : at + 4])


def varint_bytes(value: int) -> bytes:
    """A number below 2**28 as a variable byte integer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text_bytes(text: str | bytes) -> bytes:
    """A string, or binary data, with its length before it."""
    raw = text.encode() if isinstance(text, str) else text
    return len(raw).to_bytes(2) + raw


def text(data: bytes, at: int) -> tuple[str, int]:
    """A UTF-8 string and where it ends.

    Raises:
        Refused: if it is not UTF-8, or ends too early.
    """
    end = at + 2 + int.from_bytes(data[at : at + 2])
    if at + 2 > len(data) or end > len(data):
        raise Refused("MQTT: a packet that ends too early", data[at:])
    try:
        return data[at + 2 : end].decode(), end
    except UnicodeDecodeError as fault:
        raise Refused("MQTT: a string that is not UTF-8", data[at + 2 : end]) from fault


def read(data: bytes, at: int) -> tuple[Facts, dict[str, str], int]:
    """The properties that stand at a place: numbers and strings by identifier, user properties by name, and their end.

    Raises:
        Refused: if they are malformed.
    """
    length, at = varint(data, at)
    end, facts, user = at + length, Facts(), dict[str, str]()
    if end > len(data):
        raise Refused("MQTT: a packet that ends too early", data[at:])
    while at < end:
        kind, at = data[at], at + 1
        if kind == USER:
            name, at = text(data, at)
            user[name], at = text(data, at)
        elif kind == WHY:
            facts[kind], at = text(data, at)
        elif kind in _TEXTS:
            at += 2 + int.from_bytes(data[at : at + 2])
        elif kind == _SUBSCRIPTION:
            _, at = varint(data, at)
        elif kind in _NUMBERS:
            facts[kind], at = int.from_bytes(data[at : at + _NUMBERS[kind]]), at + _NUMBERS[kind]
        else:
            raise Refused("MQTT: an unknown property", kind)
    if at != end:
        raise Refused("MQTT: properties that do not end where they say", at - end)
    return facts, user, end


def write(facts: Mapping[int, int | str], user: Mapping[str, str]) -> bytes:
    """Properties with their length before them."""
    out = bytearray()
    for kind, value in facts.items():
        out.append(kind)
        out += text_bytes(value) if isinstance(value, str) else value.to_bytes(_NUMBERS[kind])
    for name, said in user.items():
        out.append(USER)
        out += text_bytes(name) + text_bytes(said)
    return varint_bytes(len(out)) + bytes(out)
