"""A record finds its place at once, or is waited for as Faust waits."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import faust
import pytest
from faust.types import TP

from streams.draining import Consumer, drain_quickly

Check = Callable[[Consumer], Coroutine[Any, Any, None]]


def with_consumer(check: Check) -> None:
    """Run a check with the consumer of an app that is never started."""

    async def checked() -> None:
        app = faust.App("draining", broker="kafka://127.0.0.1:9", web_enabled=False)
        drain_quickly(app)
        assert isinstance(app.consumer, Consumer)
        await check(app.consumer)

    asyncio.run(checked())


def test_a_record_that_finds_its_place_is_not_waited_for() -> None:
    async def check(consumer: Consumer) -> None:
        async def place() -> int:
            return 7

        never = asyncio.Event()
        tasks = asyncio.all_tasks()
        assert (await consumer.wait_first(place(), never.wait())).results == [7]
        assert asyncio.all_tasks() == tasks

    with_consumer(check)


def test_a_record_without_a_place_goes_on_where_it_stood_when_there_is_one() -> None:
    async def check(consumer: Consumer) -> None:
        full: asyncio.Queue[int] = asyncio.Queue(1)
        full.put_nowait(1)
        begun = []

        async def place() -> int:
            begun.append(1)
            await full.put(2)
            await asyncio.sleep(0)
            return await full.get()

        waiting = asyncio.create_task(consumer.wait_first(place(), asyncio.Event().wait()))
        await asyncio.sleep(0)
        assert not waiting.done()
        assert full.get_nowait() == 1
        assert ((await waiting).results, begun) == ([2], [1])

    with_consumer(check)


@pytest.mark.parametrize("pauses", [0, 1, 2])
def test_what_goes_wrong_with_a_record_is_said(pauses: int) -> None:
    async def check(consumer: Consumer) -> None:
        async def place() -> None:
            for _ in range(pauses):
                await asyncio.sleep(0)
            raise ValueError("no place")

        with pytest.raises(ValueError, match="no place"):
            await consumer.wait_first(place(), asyncio.Event().wait())

    with_consumer(check)


def test_a_rebalance_ends_the_wait_and_the_record_is_told() -> None:
    async def check(consumer: Consumer) -> None:
        suspended, told = asyncio.Event(), []

        async def place() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                told.append("gone")

        waiting = asyncio.create_task(consumer.wait_first(place(), suspended.wait()))
        await asyncio.sleep(0)
        suspended.set()
        await waiting
        await asyncio.sleep(0)
        assert told == ["gone"]

    with_consumer(check)


def test_a_full_stream_that_has_room_again_is_read_for_without_waiting_a_second() -> None:
    async def check(consumer: Consumer) -> None:
        asked: list[set[TP] | None] = []

        async def getmany(active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[object]]:  # noqa: ASYNC109  Faust's
            asked.append(active_partitions)
            return {}

        consumer._getmany = getmany  # type: ignore[assignment]  # what Kafka would be asked
        consumer.flow_active = True
        consumer._active_partitions = set()
        waiting = asyncio.create_task(consumer._wait_next_records(1.0))
        await asyncio.sleep(0)
        assert not asked
        consumer._active_partitions = {TP("telemetry", 0)}
        await waiting
        assert asked == [{TP("telemetry", 0)}]

    with_consumer(check)
