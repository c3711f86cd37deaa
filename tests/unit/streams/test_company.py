"""What waits is taken together."""

import asyncio

import pytest

from streams.company import taken


def queue_of(*entries: int) -> "asyncio.Queue[int]":
    queue: asyncio.Queue[int] = asyncio.Queue()
    for entry in entries:
        queue.put_nowait(entry)
    return queue


@pytest.mark.parametrize(
    ("first", "left", "most"),
    [
        pytest.param([1, 2, 3], 0, 9, id="all that waits"),
        pytest.param([1, 2], 1, 2, id="no more than asked for, oldest first"),
        pytest.param([1], 2, 1, id="one by one, if that is asked"),
    ],
)
async def test_what_waits_is_taken_together(first: list[int], left: int, most: int) -> None:
    queue = queue_of(1, 2, 3)

    assert (await taken(queue, most), queue.qsize()) == (first, left)


async def test_what_is_on_its_way_is_waited_for_a_few_turns_and_no_longer() -> None:
    queue = queue_of(1)

    async def bring() -> None:
        await asyncio.sleep(0)
        queue.put_nowait(2)

    bringing = asyncio.create_task(bring())

    assert await taken(queue, 9) == [1, 2]
    assert bringing.done()


async def test_nothing_is_taken_before_there_is_something() -> None:
    queue = queue_of()
    taking = asyncio.create_task(taken(queue, 9))
    await asyncio.sleep(0)
    assert not taking.done()
    queue.put_nowait(1)

    assert await taking == [1]
