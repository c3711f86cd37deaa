"""Company: records that wait while an agent is at work are taken by it together (docs/decisions/0022)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import faust

from streams.outermost import outermost

WAITING = 128  # records read ahead of the work
IDLE_TURNS = 10  # of the event loop; Faust needs fewer to bring the next record of those it has fetched
Entry = TypeVar("Entry")


def in_company(
    app: faust.App, source: faust.TopicT, name: str, work: Callable[[list[Any]], Awaitable[None]], most: int = WAITING
) -> None:
    """Wire an agent that reads ahead of its work, which gets all records that wait, at most so many, and acknowledges them."""
    waiting: asyncio.Queue[Any] = asyncio.Queue(WAITING)

    @app.agent(source, name=name)
    @outermost
    async def reading(stream: Any) -> None:
        """Take records off Kafka, no more than the work can keep up with."""
        async for event in stream.noack().events():
            await waiting.put(event)

    @app.task  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def working(_app: object = None) -> None:
        """Work on what waits, for as long as it takes."""
        while True:
            await work(await taken(waiting, most))


async def taken(queue: "asyncio.Queue[Entry]", most: int) -> list[Entry]:
    """At least one entry of a queue, and whatever else is on its way there, up to a number."""
    entries, idle = [await queue.get()], 0
    while len(entries) < most and idle < IDLE_TURNS:
        if queue.empty():
            idle += 1
            await asyncio.sleep(0)
        else:
            entries.append(queue.get_nowait())
            idle = 0
    return entries
