"""Back-off: how long to wait before the next try, longer each time, and never at the same instant as others."""

import asyncio
import random


class Backoff:
    """Waits that double from `first` to `most` seconds, each shortened by up to a half at random."""

    def __init__(self, first: float = 0.1, most: float = 10.0) -> None:
        self._first, self._most = first, most
        self._next = first

    def reset(self) -> None:
        """Begin anew: it has worked."""
        self._next = self._first

    async def wait(self) -> None:
        """Wait for the present time, and make the next one longer."""
        delay, self._next = self._next, min(self._next * 2, self._most)
        await asyncio.sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311  jitter is no secret
