"""The inbox: what came, until it is taken, all at once."""

import asyncio

from ingest.envelope import Delivery


class Inbox:
    """A list that somebody waits for."""

    def __init__(self) -> None:
        self._came: list[Delivery] = []
        self._ready = asyncio.Event()

    def put(self, deliveries: list[Delivery]) -> None:
        """Add what came; only from the event loop's thread."""
        self._came += deliveries
        self._ready.set()

    async def take(self) -> list[Delivery]:
        """Everything that has come since the last time, at least one message."""
        await self._ready.wait()
        self._ready.clear()
        came, self._came = self._came, []
        return came
