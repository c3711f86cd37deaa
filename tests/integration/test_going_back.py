"""A worker that goes back in a partition gets every record from there on, in order, while new ones keep coming."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

import faust
from aiokafka import AIOKafkaProducer
from faust.types import TP

from streams.draining import drain_quickly

RECORDS, BACK_AT, BACK_TO = 3000, 1500, 1000


async def test_what_was_gone_back_for_comes_though_much_was_read_ahead(kafka_address: str) -> None:
    topic = f"back{uuid4().hex[:10]}"
    app = faust.App(
        topic,
        broker=f"kafka://{kafka_address}",
        store="memory://",
        web_enabled=False,
        topic_partitions=1,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=64,
        stream_wait_empty=False,
    )
    drain_quickly(app)
    came: list[int] = []
    whole = asyncio.Event()

    source = app.topic(topic, key_type=bytes, value_type=bytes, value_serializer="raw", partitions=1)

    @app.agent(source)
    async def reading(stream: Any) -> None:
        went = False
        async for event in stream.noack().events():
            offset = event.message.offset
            came.append(offset)
            if offset >= BACK_AT and not went:
                went = True
                came.clear()
                await app.consumer.seek(TP(topic, 0), BACK_TO)
            if offset == RECORDS - 1:
                whole.set()

    async with AIOKafkaProducer(bootstrap_servers=kafka_address) as producer:
        for i in range(RECORDS):
            sent = await producer.send(topic, str(i).encode(), partition=0)
        await sent
    running = asyncio.create_task(app.start())
    try:
        async with asyncio.timeout(60):
            await whole.wait()
    finally:
        await app.stop()
        with suppress(asyncio.CancelledError):
            await running
    again = came[came.index(BACK_TO) :]
    assert again == list(range(BACK_TO, RECORDS))
