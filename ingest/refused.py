"""A refusal: what we would not believe, with everything needed to look at it and to try again."""

import hashlib

import msgspec

from detectors.domain.errors import Refused

MOST_KEPT = 3 << 20  # bytes of a payload that are kept, so that a refusal fits into a Kafka record of 4 MiB


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One message that was set aside."""

    id: str  # made of its cause, so that setting it aside twice changes nothing
    device: str  # the station, or "" where the topic does not name one
    topic: str
    reason: str
    payload: bytes  # as it came; at most MOST_KEPT bytes of it
    got: int  # ns since 1970 UTC
    stage: str
    size: int = 0  # bytes of the payload as it came

    @classmethod
    def of(cls, *, device: str, topic: str, reason: str, payload: bytes, got: int, stage: str, size: int = 0) -> "Refusal":
        """A refusal with its id, its payload cut to what is kept."""
        cause = hashlib.blake2b(f"{topic}\n{got}\n".encode(errors="replace"), digest_size=12)
        cause.update(payload)
        return cls(
            id=cause.hexdigest(),
            device=device,
            topic=topic,
            reason=reason,
            payload=payload[:MOST_KEPT],
            got=got,
            stage=stage,
            size=max(size, len(payload)),
        )

    def to_bytes(self) -> bytes:
        """The refusal as MessagePack, so that a payload stays as it came."""
        return _encoder.encode(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Refusal":
        """The refusal of `to_bytes`.

        Raises:
            Refused: if the bytes are something else.
        """
        try:
            return _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            raise Refused("not a refusal", data[:200]) from fault


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Refusal)
