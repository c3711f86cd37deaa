"""A spare child, started before it is needed, so that a dead one is replaced at once."""

import asyncio
from collections.abc import Callable, Iterable

from detectors.domain.errors import Unreachable
from detectors.domain.site import Camera
from streams.eyes.process import Process
from streams.eyes.turns import waited


class Spare:
    """Always one child ahead."""

    def __init__(self, cameras: Iterable[Camera], patience: float, waits: Callable[[int], float] = waited) -> None:
        self._cameras, self._patience, self._waits = tuple(cameras), patience, waits
        self._next: asyncio.Task[Process] | None = None

    async def take(self) -> Process:
        """A running child; the next one is on its way.

        Raises:
            Unreachable: if children do not come up.
        """
        while True:
            coming = self._next or self._begin()
            self._next = None
            process = await coming  # cancelled with us, and then it ends its child
            self._next = self._next or self._begin()
            if process.alive:
                return process
            await process.end()

    async def stop(self) -> None:
        """End the child that waits."""
        coming, self._next = self._next, None
        if coming is None:
            return
        coming.cancel()
        try:
            process = await coming
        except (asyncio.CancelledError, Unreachable):
            return
        await process.end()

    def _begin(self) -> asyncio.Task[Process]:
        return asyncio.create_task(Process.start(self._cameras, self._patience, self._waits))
