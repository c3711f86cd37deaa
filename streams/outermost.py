"""The outermost loop of an agent: what nobody expected ends the process, before Faust can acknowledge and skip the event."""

import asyncio
import functools
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from detectors.domain.backoff import backoff
from detectors.domain.errors import Unreachable

log = logging.getLogger(__name__)
BUG = 70  # EX_SOFTWARE
Result = TypeVar("Result")


def outermost(loop: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Run an agent's loop; an unexpected exception is logged and ends the process at once.

    An exception that reaches Faust acknowledges the event it was raised on (faust-streaming issues 527 and 604): it would be
    lost. A process that ends is started again by its supervisor and takes the event up from the last snapshot.
    """

    @functools.wraps(loop)
    async def guarded(*args: Any, **named: Any) -> None:
        try:
            await loop(*args, **named)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.critical("%s ends this process", loop.__name__, exc_info=True)
            logging.shutdown()
            os._exit(BUG)

    return guarded


async def patiently(work: Callable[[], Result]) -> Result:
    """Do blocking work in a thread, again and again with back-off while its part does not answer."""
    pauses = backoff()
    while True:
        try:
            return await asyncio.to_thread(work)
        except Unreachable as away:
            pause = away.retry_after or next(pauses)
            log.warning("%s; again in %.1f s", away, pause)
            await asyncio.sleep(pause)


def headers(event: Any) -> dict[str, bytes]:
    """The headers of a Faust event as a dictionary."""
    said = event.message.headers or {}
    pairs: Iterable[tuple[str, bytes]] = said.items() if hasattr(said, "items") else said
    return dict(pairs)
