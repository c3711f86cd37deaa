"""The courier: brings records to Kafka, in order, for as long as it takes."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.codec import has_lz4
from aiokafka.errors import (
    CorruptRecordException,
    InvalidMessageError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from ingest.backoff import Backoff
from ingest.gather import Record
from ingest.topics import MOST_FRAME

log = logging.getLogger(__name__)
_NEVER = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidMessageError, CorruptRecordException)
_PATIENCE = 5.0  # seconds to part from a producer


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that Kafka will never take, and what it said."""

    record: Record
    why: str


class Courier:
    """A Kafka producer that never gives up; one `deliver` at a time."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._producer: Any = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._part()

    async def deliver(self, records: Sequence[Record]) -> list[Rejected]:
        """Wait until Kafka has every record, all replicas in sync; return those that it will never take.

        After a failure everything from the first failed record of a partition on is sent again, so that the order in a
        partition stays; a record may then be there twice. Kafka judges what the producer sends together: only of a record
        that went alone its no is believed.
        """
        left, rejected, backoff, step = list(records), list[Rejected](), Backoff(), len(records)
        while left:
            why = ""
            try:
                again, fault = await self._attempt(left[:step], rejected)
                left = again + left[step:]
                if isinstance(fault, _NEVER):
                    step = 1
                elif fault:
                    why = str(fault) or type(fault).__name__
            except (KafkaError, OSError) as fault:
                why = str(fault) or type(fault).__name__
            if why:
                log.warning("Kafka does not answer: %s; %d records wait", why, len(left))
                await self._part()
                await backoff.wait()
        return rejected

    async def _attempt(self, records: list[Record], rejected: list[Rejected]) -> tuple[list[Record], KafkaError | None]:
        """Send all once; those that must be sent again and why, a fault that may pass before one that will not."""
        again, faults, failed = list[Record](), list[KafkaError](), set[tuple[str, int]]()
        for record, answer in zip(records, await self._send(records), strict=True):
            place = record.topic, record.partition
            if isinstance(answer, _NEVER) and len(records) == 1:
                rejected.append(Rejected(record, str(answer) or type(answer).__name__))
                continue
            if isinstance(answer, KafkaError):
                faults.append(answer)
                failed.add(place)
            elif isinstance(answer, BaseException):
                raise answer
            if place in failed:
                again.append(record)
        return again, min(faults, key=lambda fault: isinstance(fault, _NEVER), default=None)

    async def _send(self, records: list[Record]) -> list[object]:
        """Send all once; an answer for each, an exception where it failed."""
        producer = self._producer or await self._begin()
        sent: list[asyncio.Future[object] | KafkaError] = []
        for each in records:
            try:
                sent.append(await producer.send(each.topic, each.value, each.key, each.partition, headers=[*each.headers]))
            except KafkaError as fault:
                sent.append(fault)
                if not isinstance(fault, _NEVER):
                    break
        waited = iter(await asyncio.gather(*(one for one in sent if isinstance(one, asyncio.Future)), return_exceptions=True))
        answers = [next(waited) if isinstance(one, asyncio.Future) else one for one in sent]
        return answers + [answers[-1]] * (len(records) - len(answers))  # what was not sent failed as the last did

    async def _begin(self) -> Any:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._kafka,
            acks="all",
            enable_idempotence=True,
            max_request_size=MOST_FRAME,
            max_batch_size=1 << 20,
            compression_type="lz4" if has_lz4() else None,
        )
        try:
            await producer.start()
        except (KafkaError, OSError):
            await producer.stop()
            raise
        self._producer = producer
        return producer

    async def _part(self) -> None:
        producer, self._producer = self._producer, None
        if producer:
            with suppress(TimeoutError, KafkaError, OSError):
                await asyncio.wait_for(producer.stop(), _PATIENCE)
