"""A frame of a camera: a JPEG as it came; when and which one it is stands in the user properties of its message."""

from detectors.domain.errors import Refused
from ingest.envelope import Delivery
from ingest.topics import MOST_FRAME
from ingest.wire import instant
from ingest.wire.bounds import Bounds

MOST_BYTES = MOST_FRAME - (64 << 10)  # so that it fits into a Kafka record with its envelope
_JPEG = b"\xff\xd8"  # start of image, ITU-T T.81 table B.1

Headers = tuple[tuple[str, bytes], ...]


def read(delivery: Delivery, bounds: Bounds) -> Headers:
    """The headers of a frame's Kafka record: `ts` and `got` in ns since 1970, `seq` or -1.

    Raises:
        Refused: if it is no JPEG, too large, of another camera than its topic's, or of an impossible time;
            deeper looks are a camera worker's.
    """
    if delivery.length > MOST_BYTES:
        raise Refused(f"oversized: more than {MOST_BYTES} bytes", delivery.length)
    if not delivery.payload.startswith(_JPEG):
        raise Refused("not a JPEG", delivery.payload[:16].hex())
    said, station = delivery.properties, delivery.topic.split("/")[-2]
    if said.get("camera", station) != station:
        raise Refused("camera: another one than the topic's", said["camera"][:80])
    at = instant.of_property(said["ts"]) if "ts" in said else delivery.got
    bounds.check_instant(at, delivery.got)
    seq = said.get("seq", "-1")
    if seq != "-1" and not (len(seq) < 19 and seq.isascii() and seq.isdecimal()):
        raise Refused("seq: not a number", seq[:80])
    return write(at, int(seq), delivery.got)


def write(at: int, seq: int, got: int) -> Headers:
    """The headers of a frame's Kafka record."""
    return (("ts", b"%d" % at), ("seq", b"%d" % seq), ("got", b"%d" % got))
