"""MQTT 3.1.1 and 5 as packets, without I/O: `kinds` are the packets, `writing` makes bytes, `Walker` reads them."""

from ingest.packets.kinds import (
    Connack,
    Connect,
    Disconnect,
    Packet,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
)
from ingest.packets.walking import Walker
from ingest.packets.writing import pubacks, write

__all__ = [
    "Connack",
    "Connect",
    "Disconnect",
    "Packet",
    "Pingreq",
    "Pingresp",
    "Puback",
    "Publish",
    "Suback",
    "Subscribe",
    "Walker",
    "pubacks",
    "write",
]
