"""The envelope: one MQTT message as a reader hands it on."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """A message as it came, and how to say that it is safe."""

    topic: str
    payload: bytes  # for a message far beyond the limits only its beginning, see `size`
    properties: Mapping[str, str]  # the user properties of MQTT 5; the last of a name counts
    got: int  # when we received it, ns since 1970 UTC
    ack: Callable[[], None]  # to be called once, from the event loop, when the message may be forgotten
    size: int = -1  # bytes of the whole payload, where `payload` is only its beginning

    @property
    def length(self) -> int:
        """Bytes of the payload as it was sent."""
        return max(self.size, len(self.payload))
