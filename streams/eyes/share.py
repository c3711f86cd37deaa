"""The frames that wait for one child process: at most one a camera, the newest."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from detectors.domain.errors import Refused, Unreachable
from streams.eyes.process import KILLED, Process
from streams.eyes.rest import Rests
from streams.eyes.sight import Fate, Sight
from streams.eyes.spare import Spare
from streams.eyes.wire import Answer, Frame

log = logging.getLogger(__name__)
_BACK_OFF = 2.0  # seconds before a child that did not come up is tried again


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offer:
    """A frame that waits, and the future in which its end will stand."""

    camera: str
    at: int
    got: int
    jpeg: bytes
    pulse: Mapping[str, float]  # what its coming measures
    end: asyncio.Future[Sight]

    def ends(self, fate: Fate, reason: str = "", *, answer: Answer | None = None, skipped: int = 0) -> None:
        """Give the frame its end, unless whoever offered it has gone."""
        told = {} if answer is None else {**answer.measures, **self.pulse}
        muted = () if answer is None else answer.muted
        sight = Sight(
            camera=self.camera,
            at=self.at,
            got=self.got,
            fate=fate,
            measures=told,
            muted=muted,
            marks=() if answer is None else answer.marks,
            reason=reason,
            skipped=skipped,
        )
        if not self.end.done():
            self.end.set_result(sight)


class Share:
    """One child and the cameras that are its own."""

    def __init__(self, spare: Spare, *, oldest: float, clock: Callable[[], int]) -> None:
        self._spare, self._oldest, self._clock = spare, oldest, clock
        self._waiting: dict[str, Offer] = {}
        self._skipped: Counter[str] = Counter()
        self._filled = asyncio.Event()
        self._rests = Rests()
        self.process: Process | None = None

    def put(self, offer: Offer) -> None:
        """Let a frame wait; an older one of the same camera that still waits is skipped, and its place in the row is kept."""
        before = self._waiting.get(offer.camera)
        if before is not None:
            self._skip(before, "a newer frame came")
        self._waiting[offer.camera] = offer
        self._filled.set()

    async def run(self) -> None:
        """Look at what waits, one frame at a time, for ever."""
        while True:
            await self._filled.wait()
            try:
                process = await self._ready()
            except Unreachable as fault:
                log.warning("%s; trying again in %g s", fault, _BACK_OFF)
                await asyncio.sleep(_BACK_OFF)
                continue
            if (offer := self._next()) is not None:
                await self._look(process, offer)

    async def stop(self) -> None:
        """End the child; frames that wait get no end (their futures are cancelled), so they come again."""
        for offer in self._waiting.values():
            offer.end.cancel()
        self._waiting.clear()
        if self.process is not None:
            await self.process.end()

    async def _ready(self) -> Process:
        """The child, or the next one if it died idle: no frame is to blame for that."""
        if self.process is None or not self.process.alive:
            if self.process is not None:
                log.warning("a child that looks at frames ended while idle: %s", await self.process.end())
            self.process = None  # the spare may fail to come
            self.process = await self._spare.take()
        return self.process

    def _next(self) -> Offer | None:
        """The frame that has waited longest, unless it is too old or its camera rests."""
        offer = self._waiting.pop(next(iter(self._waiting)))
        if not self._waiting:
            self._filled.clear()
        if offer.end.done():
            return None  # whoever offered it has gone
        if self._clock() - offer.got > self._oldest * 1e9:
            self._skip(offer, f"older than {self._oldest:g} s")
            return None
        if (left := self._rests.left(offer.camera, time.monotonic())) > 0:
            offer.ends(Fate.REFUSED, f"its camera {KILLED} again and again, and rests for {left:.0f} s more")
            return None
        return offer

    def _skip(self, offer: Offer, reason: str) -> None:
        self._skipped[offer.camera] += 1
        offer.ends(Fate.SKIPPED, reason)

    async def _look(self, process: Process, offer: Offer) -> None:
        try:
            answer = await process.ask(Frame(offer.camera, offer.at, offer.jpeg))
        except Refused as no:
            self._rests.killed(offer.camera, time.monotonic())
            log.warning("a frame of %s %s; its child is replaced", offer.camera, no.reason)
            self.process = None
            offer.ends(Fate.REFUSED, no.reason)
        except Unreachable as busy:  # nobody knows what is wrong with the frame, if anything
            log.warning("a frame of %s is skipped: %s", offer.camera, busy)
            self.process = None
            self._skip(offer, str(busy))
        except asyncio.CancelledError:
            offer.end.cancel()
            raise
        else:
            if answer.refused:
                offer.ends(Fate.REFUSED, answer.refused)
            else:
                offer.ends(Fate.LOOKED, answer=answer, skipped=self._skipped.pop(offer.camera, 0))
