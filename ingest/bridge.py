"""The bridge: from MQTT into Kafka; a message is acknowledged when Kafka has everything that it said."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from detectors.domain.batch import MOST_ROWS
from detectors.domain.errors import Refused, Unreachable
from detectors.domain.partition import partition_of
from ingest import aside, topics, wire
from ingest.backoff import Backoff
from ingest.courier import Courier, Rejected
from ingest.envelope import Delivery
from ingest.gather import Record, Round
from ingest.mqtt.port import Reader
from ingest.wire import frame
from ingest.wire.bounds import ORDINARY, Bounds

log = logging.getLogger(__name__)
Tally = Callable[[str, str, int], None]  # device, outcome ("received", "frame", "refused"), how many more
_LEAVING = 10.0  # seconds to bring home what is in hand when told to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What a bridge must know about its site."""

    site: str  # its name; the prefix of its Kafka topics
    stations: Collection[str]  # those who may speak, cameras too
    partitions: int = 12
    beside: Mapping[str, str] = field(default_factory=dict)  # stations that share the partition of another
    bounds: Bounds = ORDINARY
    linger: float = 0.05  # seconds that a reading waits for company, at most
    quiet: float = 0.01  # seconds without a message after which it does not wait any longer
    settle: float = 1.5  # seconds that the first round of a resumed session waits: brokers repeat the old among the new

    def partition_of(self, station: str) -> int:
        """Where everything of a station goes."""
        return partition_of(self.beside.get(station, station), self.partitions)


@dataclass(slots=True)
class Bridge:
    """Takes deliveries, gathers them into rounds, one at a time, and acknowledges each round when it is safe."""

    crossing: Crossing
    reader: Reader
    courier: Courier
    tally: Tally
    _round: Round = field(default_factory=Round)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _leaving: bool = False
    _settled: int = 0  # the resumption whose repeats have come
    _known: dict[str, tuple[topics.Place, int]] = field(default_factory=dict)  # by topic; no more than the site has
    _untold: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; then bring home what is in hand."""
        tasks = [asyncio.create_task(each) for each in (self._take_all(), self._rounds(), self._tell())]
        taking, rounds, telling = tasks
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            taking.cancel()
            self._leaving = True
            self._came.set()
            await asyncio.wait({rounds}, timeout=_LEAVING)
        finally:
            for task in (stopping, *tasks):
                task.cancel()
            ends = await asyncio.gather(taking, rounds, telling, return_exceptions=True)
            self._tell_now()
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _take_all(self) -> None:
        async for deliveries in self.reader.batches():
            for delivery in deliveries:
                self.take(delivery)
            self._came.set()

    def take(self, delivery: Delivery) -> None:
        """Put one message into the present round: as readings, as a frame, or as refused."""
        now, topic = self._round, delivery.topic
        try:
            place, partition = self._known.get(topic) or self._meet(topic)
            if place.kind == topics.TELEMETRY:
                columns, bounds = now.columns(partition), self.crossing.bounds
                if delivery.size > bounds.most_bytes:
                    bounds.check_size(delivery.size)
                row, run = len(columns.series), len(columns.rows)
                rows = wire.read(topic, delivery.payload, got=delivery.got, into=columns, bounds=bounds)
                now.counts[place.station, "received"] += rows
                if row + rows >= MOST_ROWS:
                    now.settle(partition, row, run)
            else:
                self._take_frame(delivery, place.station, partition)
        except Refused as wrong:
            self._refuse(delivery, wrong)
        now.acks.append(delivery.ack)

    def _take_frame(self, delivery: Delivery, camera: str, partition: int) -> None:
        headers, name = frame.read(delivery, self.crossing.bounds), f"{self.crossing.site}.frames"
        self._round.add(Record(topic=name, partition=partition, value=delivery.payload, key=camera.encode(), headers=headers))
        self._round.counts[camera, "frame"] += 1

    def _meet(self, topic: str) -> tuple[topics.Place, int]:
        """Who speaks in a topic that was not heard before, and their partition.

        Raises:
            Refused: if nobody of this site does.
        """
        place = topics.parse(topic)
        if place.site != self.crossing.site:
            raise Refused("another site", place.site)
        if place.station not in self.crossing.stations:
            raise Refused("unknown station", place.station)
        self._known[topic] = known = (place, self.crossing.partition_of(place.station))
        return known

    def _refuse(self, delivery: Delivery, wrong: Refused) -> None:
        refusal = aside.of_delivery(delivery, wrong)
        self._round.add(aside.record(refusal, self.crossing.site, self.crossing.partitions))
        self._round.counts[refusal.device, "refused"] += 1

    async def _rounds(self) -> None:
        while True:
            await self._came.wait()
            if not self._leaving:
                await self._linger()
            done, self._round = self._round, Round()
            self._came.clear()
            if not done.acks and self._leaving:
                return
            await self._bring(done)
            if self._leaving:
                self._came.set()

    async def _linger(self) -> None:
        """Wait for company: until the round is full, nobody has come for a while, or it has been long enough.

        A resumed session begins with what the broker repeats, and not every broker repeats it before what is new: its first
        round waits for all of it, so that it can be put in order.
        """
        loop, crossing, resumed = asyncio.get_running_loop(), self.crossing, self.reader.resumed
        settling = resumed != self._settled
        end, seen = loop.time() + (crossing.settle if settling else crossing.linger), -1
        while not self._round.full and not self._leaving and loop.time() < end and (settling or len(self._round.acks) != seen):
            seen = len(self._round.acks)
            await asyncio.sleep(crossing.quiet)
        self._settled = resumed

    async def _bring(self, done: Round) -> None:
        """Deliver a round and acknowledge it; what Kafka will never take is refused in its turn."""
        for rejected in await self.courier.deliver(done.records(f"{self.crossing.site}.telemetry")):
            await self._set_aside(rejected, done.counts)
        for ack in done.acks:
            ack()
        self._untold.update(done.counts)

    async def _set_aside(self, rejected: Rejected, counts: Counter[tuple[str, str]]) -> None:
        record, why = rejected.record, rejected.why
        log.error("Kafka will never take a record for %s: %s", record.topic, why)
        refusal = aside.of_record(record, why)
        for lost in await self.courier.deliver([aside.record(refusal, self.crossing.site, self.crossing.partitions)]):
            log.error("nor its refusal for %s: %s; it is lost", lost.record.topic, lost.why)
        counts[refusal.device, "refused"] += 1
        counts[refusal.device, "frame"] -= record.topic.endswith(".frames")

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._tell_now()

    def _tell_now(self) -> None:
        untold, self._untold = self._untold, Counter()
        for (device, outcome), n in untold.items():
            self.tally(device, outcome, n)


async def run(crossing: Crossing, *, reader: Reader, kafka: str, tally: Tally, stop: asyncio.Event) -> None:
    """Make the Kafka topics, connect both sides, and work until told to stop."""
    backoff = Backoff()
    while not stop.is_set():
        try:
            await topics.create(kafka, crossing.site, crossing.partitions)
            break
        except Unreachable as fault:
            log.warning("%s; trying again", fault)
            await backoff.wait()
    async with Courier(kafka) as courier, reader:
        await Bridge(crossing, reader, courier, tally).run(stop)
