"""The fast reader: our own packets over asyncio."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

from detectors.domain.errors import Unreachable
from ingest.backoff import Backoff
from ingest.envelope import Delivery
from ingest.mqtt import remedies
from ingest.mqtt.inbox import Inbox
from ingest.mqtt.link import Link
from ingest.mqtt.port import Broker, Session
from ingest.mqtt.unacked import Hand
from ingest.mqtt.versions import Versions

log = logging.getLogger(__name__)
_PATIENCE = 10.0  # seconds for a connection, an answer, a good-bye


class FastReader:
    """An MQTT reader that walks 256 KiB at a time and writes its PUBACKs with one send."""

    def __init__(self, broker: Broker, session: Session) -> None:
        self._broker, self._session = broker, session
        self._hand = Hand(session.most, session.most_bytes)
        self._inbox = Inbox()
        self._versions = Versions(session.versions)
        self._context = broker.context()
        self.subscribed = asyncio.Event()
        self.resumed = 0
        self._link: Link | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._stay_connected())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._link:
            self._link.leave()
            await asyncio.wait({self._link.lost}, timeout=_PATIENCE)

    async def batches(self) -> AsyncIterator[list[Delivery]]:
        """What came, in the order in which it came; never ends by itself."""
        while True:
            yield await self._inbox.take()

    async def _stay_connected(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._connect()
                await self._tend()
            except Unreachable as fault:
                log.warning("%s: %s; trying again", fault.part, fault.why)
            if self.subscribed.is_set():
                backoff.reset()
                self.subscribed.clear()
            self._link = None
            await backoff.wait()
            await self._hand.room()

    async def _connect(self) -> None:
        """Connect, be accepted, subscribe; a broker that does not speak our version is asked in the next one."""
        broker, versions, part = self._broker, self._versions, f"MQTT broker {self._broker}"
        link = Link(broker, self._session, versions.level, self._hand, self._inbox.put, self.subscribed)
        try:
            async with asyncio.timeout(_PATIENCE):
                await asyncio.get_running_loop().create_connection(lambda: link, broker.host, broker.port, ssl=self._context)
        except (OSError, TimeoutError) as fault:
            raise Unreachable(part, remedies.of_fault(fault)) from fault
        self._link = link
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await link.accepted
        except (Unreachable, TimeoutError) as fault:
            versions.silent()
            link.drop("silent")
            raise Unreachable(part, remedies.SILENCE) from fault
        if answer.reason:
            versions.answered(answer.reason)
            link.drop("not accepted")
            raise Unreachable(part, f"it refused us, {remedies.of_reason(answer.reason, answer.why)}")
        versions.answered(0)
        self.resumed += answer.present
        link.subscribe()
        log.info("connected to %s, MQTT %s", broker, versions.name)

    async def _tend(self) -> None:
        """Stay with the connection until it is lost: ping when half of the keep-alive has passed, read on when there is room."""
        link = self._link
        assert link is not None
        due = asyncio.get_running_loop().time()
        while not link.lost.done():
            await asyncio.wait({link.lost}, timeout=0.2)
            link.resume_if_room()
            now = asyncio.get_running_loop().time()
            if link.keep_alive and now >= due + link.keep_alive / 2:
                due = now
                link.ping()
        raise Unreachable(f"MQTT broker {self._broker}", link.lost.result())
