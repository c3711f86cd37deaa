"""The lists of exhibits that open pages show, read off the event loop, so that a slow store of pictures holds up no page."""

import asyncio
import time
from contextlib import suppress

from detectors.domain.errors import Unreachable
from storage.exhibits import Exhibit, Exhibits

EVERY = 2.0  # seconds between two readings
PATIENCE = 2.0  # seconds that a page waits for its exhibits
SHOWN = 10.0  # seconds after which a page that asks no more is closed


class Kept:
    """What is known of the exhibits of events; `renew` runs in a thread of its own, everything else in the event loop."""

    def __init__(self, exhibits: Exhibits, shown: float = SHOWN, patience: float = PATIENCE) -> None:
        self._exhibits, self._shown, self._patience = exhibits, shown, patience
        self._known: dict[str, Exhibit | None] = {}
        self._asked: dict[str, float] = {}

    async def ask(self, episode: str) -> None:
        """Read an event's list for a page that is about to show it; the page does not wait long."""
        self._asked[episode] = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await asyncio.to_thread(self._read, episode)

    def of(self, episode: str) -> Exhibit | None:
        """An event's list as it was last read; asking keeps it fresh."""
        self._asked[episode] = time.monotonic()
        return self._known.get(episode)

    async def keep(self) -> None:
        """Renew again and again, until cancelled."""
        while True:
            await asyncio.to_thread(self.renew)
            await asyncio.sleep(EVERY)

    def renew(self) -> None:
        """Read the lists that may have grown and that a page still shows; forget the others."""
        now = time.monotonic()
        asked = {one: at for one, at in self._asked.copy().items() if now - at < self._shown}
        self._asked = asked
        self._known = {one: self._known.get(one) for one in asked}
        for one in asked:
            before = self._known[one]
            if before is None or not before.over:
                self._read(one)

    def _read(self, episode: str) -> None:
        try:
            self._known[episode] = self._exhibits.of(episode)
        except Unreachable:
            return  # what was shown before stays
