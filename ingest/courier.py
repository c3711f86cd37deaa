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
        partition stays; a record may then be there twice.
        """
        left, rejected, backoff = list(records), list[Rejected](), Backoff()
        while left:
            try:
                left = await self._attempt(left, rejected)
                if not left:
                    break
                why = "some records were not taken"
            except (KafkaError, OSError) as fault:
                why = str(fault) or type(fault).__name__
            log.warning("Kafka does not answer: %s; %d records wait", why, len(left))
            await self._part()
            await backoff.wait()
        return rejected

    async def _attempt(self, records: list[Record], rejected: list[Rejected]) -> list[Record]:
        """Send all once; those that must be sent again."""
        producer = self._producer or await self._begin()
        sent: list[asyncio.Future[object] | KafkaError] = []
        for record in records:
            try:
                sent.append(
                    await producer.send(record.topic, record.value, record.key, record.partition, headers=[*record.headers])
                )
            except KafkaError as fault:
                sent.append(fault)
                if not isinstance(fault, _NEVER):
                    break
        waited = await asyncio.gather(*(each for each in sent if isinstance(each, asyncio.Future)), return_exceptions=True)
        answers = iter(waited)
        failed, again = set[tuple[str, int]](), list[Record]()
        for place, record in enumerate(records):
            each = sent[place] if place < len(sent) else KafkaError("not sent")
            answer = next(answers) if isinstance(each, asyncio.Future) else each
            if isinstance(answer, _NEVER):
                rejected.append(Rejected(record, str(answer) or type(answer).__name__))
            elif isinstance(answer, BaseException) or (record.topic, record.partition) in failed:
                failed.add((record.topic, record.partition))
                again.append(record)
                if isinstance(answer, BaseException) and not isinstance(answer, KafkaError):
                    raise answer
        return again

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
