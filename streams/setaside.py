"""Setting aside what an agent cannot believe."""

from collections.abc import Awaitable
from typing import Any

import faust

from detectors.domain.errors import Refused
from detectors.domain.partition import partition_of
from ingest.refused import Refusal


def of_record(wrong: Refused, message: Any, stage: str) -> Refusal:
    """The refusal of a whole Kafka record; its instant is the record's, so that refusing it again makes the same one."""
    return Refusal.of(
        device="",
        topic=f"{message.topic}[{message.partition}]@{message.offset}",
        reason=wrong.reason,
        payload=message.value or b"",
        got=int((message.timestamp or 0) * 1000) * 1_000_000,
        stage=stage,
    )


async def set_aside(refused: faust.TopicT, refusal: Refusal, partitions: int) -> Awaitable[object]:
    """Send a refusal; the awaitable ends when Kafka has it."""
    place = partition_of(refusal.device, partitions)
    sent: Awaitable[object] = await refused.send(key=refusal.device.encode(), value=refusal.to_bytes(), partition=place)
    return sent
