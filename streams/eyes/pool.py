"""The pool: each camera's frames go to one child process, the newest first, and each frame gets exactly one end."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from detectors.domain.errors import Refused
from detectors.domain.site import Site
from detectors.vision.jpeg import header
from streams.eyes.places import Places
from streams.eyes.pulse import Pulse
from streams.eyes.share import Offer, Share
from streams.eyes.sight import Fate, Sight
from streams.eyes.spare import Spare
from streams.eyes.turns import waited

PATIENCE = 10.0  # seconds that one frame may take, those apart in which its child waits for a core
OLDEST = 30.0  # seconds since the bridge received it that a frame is still worth looking at


class Eyes:
    """Child processes that look at frames; use as `async with Eyes(site) as eyes`, or `start` and `stop`.

    `offer` gives a future at once. It resolves with a `Sight` whose fate is looked, skipped or refused: whichever it is, the
    frame is done with and may be acknowledged. A future that is cancelled instead (by `stop`): the frame has no end yet.
    """

    def __init__(
        self,
        site: Site,
        workers: int = 1,
        *,
        patience: float = PATIENCE,
        oldest: float = OLDEST,
        clock: Callable[[], int] = time.time_ns,
        waits: Callable[[int], float] = waited,
    ) -> None:
        self._cameras = site.cameras
        self._pulse = Pulse(site.cameras.values())
        self._spare = Spare(site.cameras.values(), patience, waits)
        self._shares = tuple(Share(self._spare, oldest=oldest, clock=clock) for _ in range(workers))
        self._places = Places(workers)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to look; returns before the children are up, frames wait for them."""
        self._tasks = [asyncio.create_task(share.run()) for share in self._shares]

    async def stop(self) -> None:
        """End every child; the futures of frames without an end are cancelled."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(share.stop() for share in self._shares), self._spare.stop())

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    def offer(
        self, camera: str, at: int, got: int, jpeg: bytes, done: Callable[[Sight], None] | None = None
    ) -> asyncio.Future[Sight]:
        """Offer a camera's frame (times in ns since 1970 UTC); await the future, or be called back when it is done with.

        A frame that still waits when a newer one of its camera is offered is skipped. What is not a JPEG worth decoding, or is
        of a camera that the site does not know, is refused at once and displaces nothing.
        """
        end: asyncio.Future[Sight] = asyncio.get_running_loop().create_future()
        if done is not None:
            end.add_done_callback(lambda ended: None if ended.cancelled() else done(ended.result()))
        known = camera in self._cameras
        pulse = self._pulse.beat(camera, at, got) if known else {}
        offer = Offer(camera=camera, at=at, got=got, jpeg=jpeg, pulse=pulse, end=end)
        if not known:
            offer.ends(Fate.REFUSED, "of a camera that the site does not know")
            return end
        try:
            header(jpeg)
        except Refused as no:
            offer.ends(Fate.REFUSED, str(no))
        else:
            self._share(camera).put(offer)
        return end

    def _share(self, camera: str) -> Share:
        """The share that a camera belongs to for as long as we live; a bug that ended it is raised here."""
        place = self._places.of(camera)
        if self._tasks and self._tasks[place].done():
            self._tasks[place].result()
        return self._shares[place]
