"""Server: the TCP port that data loggers call."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from detectors.domain.errors import Misconfigured
from ingest.gateway.desk import Desk, Refuse
from ingest.gateway.publisher import Publisher
from ingest.gateway.session import Session
from ingest.wire.hj212 import Link

log = logging.getLogger(__name__)
Tally = Callable[[str, str, int], None]  # device, outcome, how many more
Ready = Callable[[int], None]
_LEAVING = 5.0  # seconds for answers that are due when told to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the gateway waits, in seconds, and how much it takes."""

    idle: float = 3900.0  # without a byte; RtdInterval may be an hour (HJ 212-2017 table 7)
    inside: float = 10.0  # in the middle of a frame
    deaf: float = 30.0  # while the client reads none of its answers
    connections: int = 10_000
    outstanding: int = 20_000  # messages that the broker has not acknowledged, before we stop reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Who may call, and where."""

    address: tuple[str, int]  # host and port; port 0 takes a free one
    site: str  # its name, in the MQTT topics
    links: Mapping[str, Link]  # by MN
    patience: Patience = field(default_factory=Patience)


@dataclass(slots=True)
class Server:
    """All connections of a gateway, looked at once a second."""

    desk: Desk
    publisher: Publisher
    tally: Tally
    patience: Patience
    sessions: set[Session] = field(default_factory=set)

    def session(self) -> Session:
        """A session for a new connection."""
        return Session(self.desk, opened=self._opened, closed=self.sessions.discard)

    async def run(self, listening: asyncio.Server, stop: asyncio.Event) -> None:
        """Work until told to stop; then answer what is due, and close."""
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), 1.0)
            except TimeoutError:
                self.look()
        listening.close()
        for session in self.sessions:
            session.hold()
        self.desk.clear(time.time_ns())
        with suppress(TimeoutError):
            await asyncio.wait_for(self.desk.settled(), _LEAVING)
        for session in [*self.sessions]:
            session.transport.close()
        await asyncio.sleep(0)
        self.tell()

    def look(self) -> None:
        """Part from the silent and the deaf, end what is unfinished, hold back while the broker is behind; tell the counts."""
        now = asyncio.get_running_loop().time()
        full = self.publisher.outstanding > self.patience.outstanding
        for session in [*self.sessions]:
            self._look_at(session, now, full=full)
        self.desk.sweep(time.time_ns())
        self.tell()

    def tell(self) -> None:
        """Hand on what was counted since the last time."""
        counts, self.desk.counts = self.desk.counts, type(self.desk.counts)()
        for (device, outcome), n in counts.items():
            if n:
                self.tally(device, outcome, n)

    def _look_at(self, session: Session, now: float, *, full: bool) -> None:
        patience = self.patience
        if session.unread_for(now) > patience.deaf:
            self.desk.counts["", "deaf"] += 1
            session.part()
        elif now - session.heard > patience.idle:
            self.desk.counts["", "idle"] += 1
            session.part()
        elif session.inside_since and now - min(session.heard, session.inside_since + 5 * patience.inside) > patience.inside:
            session.give_up_waiting()
        if full:
            session.hold()
        else:
            session.release()

    def _opened(self, session: Session) -> None:
        if len(self.sessions) >= self.patience.connections:
            self.desk.counts["", "too many connections"] += 1
            session.part()
            return
        self.sessions.add(session)


async def serve(
    calls: Calls, *, publisher: Publisher, refuse: Refuse, tally: Tally, stop: asyncio.Event, ready: Ready = lambda _port: None
) -> None:
    """Listen, and work until told to stop; `ready` is told the port when loggers may call.

    Raises:
        Misconfigured: if nobody may listen at the address.
    """
    server = Server(Desk(calls.site, calls.links, publisher, refuse), publisher, tally, calls.patience)
    try:
        listening = await asyncio.get_running_loop().create_server(server.session, *calls.address, backlog=1024)
    except OSError as fault:
        raise Misconfigured([f"{calls.address[0]}:{calls.address[1]}: nobody can listen there: {fault}"]) from fault
    port = listening.sockets[0].getsockname()[1]
    log.info("listening for data loggers on %s:%d, %d links", calls.address[0], port, len(calls.links))
    ready(port)
    await server.run(listening, stop)
