"""Waiting before the next try, never at the same instant as others."""

import asyncio
import os

from detectors.domain.backoff import backoff


class Backoff:
    """Waits that double from `first` to `most` seconds, each shortened by up to a half."""

    def __init__(self, first: float = 0.1, most: float = 10.0) -> None:
        self._first, self._most = first, most
        self.reset()

    def reset(self) -> None:
        """Begin anew: it has worked."""
        self._waits = backoff(seed=os.getpid(), first=self._first, most=self._most)

    async def wait(self) -> None:
        """Wait for the present time; the next one is longer."""
        await asyncio.sleep(next(self._waits))
