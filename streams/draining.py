"""Draining: how records come out of Faust's consumer into its streams, at a fraction of what Faust takes for it.

Faust waits for each record to find its place, with four tasks and a turn of the event loop. A record nearly always finds it at
once; only one that does not, since a stream's buffer is full, is waited for in Faust's own way. And where all buffers are full
Faust looks again after a second, when they have long been empty; here it is asked again as soon as one has room.
"""

import asyncio
import types
from collections.abc import Coroutine, Generator
from typing import Any

import faust
from faust.transport.drivers import aiokafka
from mode.services import WaitResults

LOOKS, PAUSE = 25, 0.02  # how often, and s between two looks, whether a full stream has room; then Faust waits in its own way


class Consumer(aiokafka.Consumer):
    """Faust's consumer on aiokafka, with a quick way for records that find their place at once."""

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109  Faust's
        """The next records of those partitions whose streams have room."""
        for _ in range(LOOKS):
            if not self.flow_active or self._get_active_partitions():
                break
            await asyncio.sleep(PAUSE)
        return await super()._wait_next_records(timeout)

    async def wait_first(self, *awaited: Any, **how: Any) -> WaitResults:
        """Wait for the first of some awaitables, the first of them being that of a record."""
        first, *others = awaited
        if not isinstance(first, Coroutine):
            return await super().wait_first(*awaited, **how)
        try:
            waits_for = first.send(None)
        except BaseException as end:
            for other in others:
                other.close()
            if isinstance(end, StopIteration):
                return WaitResults([first], [end.value], stopped=False)
            raise
        return await super().wait_first(_rest(first, waits_for), *others, **how)


async def _rest(begun: Coroutine[Any, Any, Any], waits_for: Any) -> Any:
    return await _resumed(begun, waits_for)


@types.coroutine
def _resumed(begun: Coroutine[Any, Any, Any], waits_for: Any) -> Generator[Any, Any, Any]:
    """The rest of a coroutine that has begun, and waits for something."""
    while True:
        try:
            step, told = begun.send, (yield waits_for)
        except BaseException as raised:  # noqa: BLE001  it is the coroutine that is told
            step, told = begun.throw, raised
        try:
            waits_for = step(told)
        except StopIteration as end:
            return end.value


def drain_quickly(app: faust.App) -> None:
    """Let an app's consumer be ours; before it starts."""
    app.transport.Consumer = Consumer  # type: ignore[misc]  # where the transport looks for it
