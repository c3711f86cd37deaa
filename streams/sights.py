"""The sights agent: frames become measures, and measures are readings; a camera is a sensor."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable
from functools import partial
from typing import Any

import faust
import msgspec

from detectors.domain import batch
from detectors.domain.errors import Refused
from detectors.domain.site import Site
from ingest.refused import Refusal
from streams.album import Album
from streams.exhibits import Keeper
from streams.eyes import Eyes, Fate, Sight
from streams.order import InOrder, Place
from streams.outermost import headers, outermost, patiently
from streams.parts import Parts
from streams.setaside import of_record, set_aside

PRUNE_EVERY, KEEP_EVERY = 60.0, 3.0  # seconds
KEEP_AGE = 24 * 3600 * 1_000_000_000  # ns
KEEP_BYTES = 2 << 30


def wire(
    app: faust.App, site: Site, *, source: faust.TopicT, telemetry: faust.TopicT, refused: faust.TopicT, parts: Parts
) -> None:
    """Read `source`, look, send the measures on to `telemetry`, keep the picture."""
    eyes = parts.eyes
    gallery = Gallery(site, telemetry, refused, parts)
    exhibits = parts.exhibits  # a wrong address is said before anything runs

    @app.task  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def open_eyes(_app: object = None) -> None:
        """Start the child processes with the app, and end them with it."""
        async with eyes:
            while True:
                await asyncio.sleep(PRUNE_EVERY)
                await asyncio.to_thread(partial(parts.evidence.prune, KEEP_AGE, KEEP_BYTES, now=time.time_ns()))

    @app.task  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def keep_exhibits(_app: object = None) -> None:
        """Keep pictures and a clip of each event that a camera saw, while the frames around it are there."""
        keeper = Keeper(site, parts.book, parts.store, parts.evidence, exhibits, time.time_ns)
        while site.cameras:
            await asyncio.sleep(KEEP_EVERY)
            await patiently(keeper.round)

    @app.agent(source, name="sights")
    @outermost
    async def sights(stream: Any) -> None:
        """Offer each frame; the newest of a camera wins, the others are counted as skipped."""
        try:
            async for event in stream.noack().events():
                gallery.begin(event, eyes)
        finally:
            await gallery.leave()


class Gallery:
    """The frames on their way, finished in any order and acknowledged in the order they came."""

    def __init__(self, site: Site, telemetry: faust.TopicT, refused: faust.TopicT, parts: Parts) -> None:
        self._site, self._telemetry, self._refused, self._parts = site, telemetry, refused, parts
        self._album = Album(parts.evidence)
        self._order: defaultdict[tuple[int, int], InOrder[Any]] = defaultdict(InOrder)  # of a partition, in a generation
        self._tasks: set[asyncio.Future[None]] = set()
        self._done: list[tuple[Any, str]] = []  # finished, in a partition's order, and not counted
        self._turn = asyncio.Lock()  # the ledger takes offsets only upwards: one counts after the other, each all there are

    def begin(self, event: Any, eyes: Eyes) -> None:
        """Offer a frame to the eyes and take its place in the queue."""
        order = self._order[event.message.partition, event.message.generation_id]
        task = asyncio.ensure_future(self._see(event, eyes, order, order.begin(event)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def leave(self) -> None:
        """Leave what is on its way without an end, while there is a producer: it is not acknowledged, and comes again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @outermost
    async def _see(self, event: Any, eyes: Eyes, order: InOrder[Any], place: Place[Any]) -> None:
        sight = await self._look(event, eyes)
        self._done += order.finish(place, sight.fate)
        async with self._turn:
            done, self._done = self._done, []
            if done:  # nobody before us in the row has counted them
                await asyncio.to_thread(self._count, done)
        for seen, _ in done:
            seen.ack()

    async def _look(self, event: Any, eyes: Eyes) -> Sight:
        """What became of a frame, after everything that follows from it is safe."""
        message, said = event.message, headers(event)
        camera = (message.key or b"").decode(errors="replace")
        try:
            at, got = int(said["ts"]), int(said["got"])
        except (KeyError, ValueError):
            wrong = Refused("a frame without its instants", sorted(said))
            await (await set_aside(self._refused, of_record(wrong, message, "sights"), self._site.partitions))
            return Sight(camera=camera, at=0, got=0, fate=Fate.REFUSED, reason=wrong.reason)
        sight = await eyes.offer(camera, at, got, event.value)
        if sight.fate is Fate.REFUSED:
            await (await self._refuse(sight, event))
        elif sight.fate is Fate.LOOKED:
            found = msgspec.json.encode(sight.marks) if sight.marks else b""
            await asyncio.to_thread(self._album.keep, camera, at, event.value, found)
            await (await self._send(sight))
        return sight

    async def _refuse(self, sight: Sight, event: Any) -> Awaitable[object]:
        refusal = Refusal.of(
            device=sight.camera,
            topic=event.message.topic,
            reason=sight.reason,
            payload=event.value,
            got=sight.got,
            stage="frames",
        )
        return await set_aside(self._refused, refusal, self._site.partitions)

    async def _send(self, sight: Sight) -> Awaitable[object]:
        """Send a camera's measures where its station's readings go."""
        rows = sight.batch()
        place = self._site.partition_of(sight.camera)
        sent: Awaitable[object] = await self._telemetry.send(partition=place, value=batch.write(rows), headers={"kind": b"batch"})
        return sent

    def _count(self, done: list[tuple[Any, str]]) -> None:
        entries = []
        for event, fate in done:
            camera = (event.message.key or b"").decode(errors="replace")
            entries.append(
                ("frames", event.message.partition, event.message.offset, Counter({(camera, "received"): 1, (camera, fate): 1}))
            )
        self._parts.ledger.add_many(entries)
