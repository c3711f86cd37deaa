"""Draining: how records come out of Faust's consumer into its streams, at a fraction of what Faust takes for it.

Faust waits for each record to find its place, with four tasks and a turn of the event loop. A record nearly always finds it at
once; only one that does not, since a stream's buffer is full, is waited for in Faust's own way. And where all buffers are full
Faust looks again after a second, when they have long been empty; here it is asked again as soon as one has room.

After a seek Faust still hands out what it had read ahead, and then takes what it was sent back for as read already. Here what was
read ahead is left out.
"""

import asyncio
import time
import types
from collections.abc import AsyncIterator, Coroutine, Generator
from typing import Any

import faust
from faust.transport.drivers import aiokafka
from faust.types import TP, Message
from mode.services import WaitResults

LOOKS, PAUSE = 25, 0.02  # how often, and s between two looks, whether a full stream has room; then Faust waits in its own way
READ_AHEAD = 5.0  # seconds after a seek in which what comes may have been read before it


class Consumer(aiokafka.Consumer):
    """Faust's consumer on aiokafka, with a quick way for records that find their place at once, and a sure way back."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._sought: dict[TP, tuple[int, float]] = {}  # offsets that were gone back to, and until when they are waited for

    async def seek(self, partition: TP, offset: int) -> None:
        """Go back, or on, to an offset."""
        self._sought[partition] = offset, time.monotonic() + READ_AHEAD
        await super().seek(partition, offset)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let partitions go; where their next owner begins is not where we went back to."""
        self._sought.clear()
        await super().on_partitions_revoked(revoked)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109  Faust's
        """Records as they come, but for what was read ahead before a seek."""
        async for partition, message in super().getmany(timeout):
            if partition in self._sought and self._is_read_ahead(partition, message.offset):
                continue
            yield partition, message

    def _is_read_ahead(self, partition: TP, offset: int) -> bool:
        """Whether a record was read before the seek; the first that was not ends the wait, and Faust reads on from it."""
        sought, until = self._sought[partition]
        if offset > sought and time.monotonic() < until:
            return True
        del self._sought[partition]
        self._read_offset[partition] = offset  # one that was on its way to its place has moved it on meanwhile
        return False

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
