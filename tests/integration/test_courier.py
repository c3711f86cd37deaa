"""The courier on a real Kafka: what Kafka will never take comes back with its reason, everything else arrives in order."""

from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ingest.courier import Courier
from ingest.gather import Record

LIMIT = 10_000


@pytest.fixture
async def narrow(kafka_address: str) -> str:
    """A topic of two partitions that takes only small records."""
    name = f"narrow-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_address)
    await admin.start()
    await admin.create_topics([NewTopic(name, 2, 1, topic_configs={"max.message.bytes": str(LIMIT)})])
    await admin.close()
    return name


async def values(kafka: str, topic: str, last: bytes) -> list[bytes]:
    """The values of partition 0 up to one, each once: sending again may double them."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.start()
    found: dict[bytes, None] = {}
    try:
        while last not in found:
            found[(await consumer.getone()).value] = None
    finally:
        await consumer.stop()
    return [*found]


def noise(place: int, size: int) -> bytes:
    """Bytes that no codec makes smaller, beginning with a number."""
    return b"%03d" % place + b"".join(uuid4().bytes for _ in range(size // 16))


async def test_records_that_kafka_will_never_take_come_back_and_the_others_arrive_in_order(
    kafka_address: str, narrow: str
) -> None:
    sizes = [100, 3 * LIMIT, 200, 9 << 20, 300, 2 * LIMIT, 400]  # the fourth is too large for the producer itself
    records = [Record(topic=narrow, partition=0, value=noise(i, size)) for i, size in enumerate(sizes)]
    async with Courier(kafka_address) as courier:
        rejected = await courier.deliver(records)
        later = await courier.deliver([Record(topic=narrow, partition=0, value=b"after")])
    assert [one.record for one in rejected] == [records[1], records[3], records[5]]
    assert all(one.why for one in rejected)
    assert later == []
    assert await values(kafka_address, narrow, b"after") == [records[i].value for i in (0, 2, 4, 6)] + [b"after"]


async def test_a_large_record_does_not_take_its_small_neighbours_with_it(kafka_address: str, narrow: str) -> None:
    """Kafka measures what the producer sends at once: small ones that would fit each alone must not be refused together."""
    records = [Record(topic=narrow, partition=0, value=noise(i, LIMIT // 4)) for i in range(12)]
    async with Courier(kafka_address) as courier:
        assert await courier.deliver(records) == []
    assert await values(kafka_address, narrow, records[-1].value) == [one.value for one in records]
