"""Setting aside: refusals of the bridge, and the Kafka records that carry them."""

from detectors.domain.errors import Refused
from detectors.domain.partition import partition_of
from ingest import topics
from ingest.envelope import Delivery
from ingest.gather import Record
from ingest.refused import Refusal

_STAGE = "bridge"


def of_delivery(delivery: Delivery, wrong: Refused) -> Refusal:
    """The refusal of a message; what was offered is said too, unless it is the payload itself."""
    return Refusal.of(
        device=_device(delivery.topic),
        topic=delivery.topic,
        reason=wrong.reason if isinstance(wrong.offered, bytes) else str(wrong),
        payload=delivery.payload,
        got=delivery.got,
        stage=_STAGE,
        size=delivery.length,
    )


def of_record(record: Record, why: str) -> Refusal:
    """The refusal of a record that Kafka will never take; of its value only a MiB, or Kafka would not take that either."""
    device, got = (record.key or b"").decode(), int(dict(record.headers).get("got", b"0"))
    return Refusal.of(
        device=device,
        topic=record.topic,
        reason=f"Kafka: {why}",
        payload=record.value[: 1 << 20],
        got=got,
        stage=_STAGE,
        size=len(record.value),
    )


def record(refusal: Refusal, site: str, partitions: int) -> Record:
    """Where a refusal goes in Kafka."""
    place = partition_of(refusal.device, partitions)
    return Record(topic=f"{site}.refused", partition=place, value=refusal.to_bytes(), key=refusal.device.encode())


def _device(topic: str) -> str:
    """The station that a topic names, or "" if it does not."""
    try:
        return topics.parse(topic).station
    except Refused:
        return ""
