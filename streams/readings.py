"""The readings agent: joins the court of rules to its topics and to the table that remembers for it."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import faust
from faust.types import TableT

from detectors.court import Court
from detectors.domain.site import Site
from storage.ledger import Ledger
from streams.bench import Bench, Outlets
from streams.company import in_company
from streams.memory import Sessions
from streams.outermost import outermost

SNAPSHOT_EVERY = 5.0  # seconds
COUNT_EVERY = 1.0  # seconds
TICK_EVERY = 5.0  # seconds
LEAVING = 5.0  # seconds
GRACE = 30.0  # seconds after a start without ticks: what waited in Kafka is heard before anybody is called silent


class TableShelf:
    """A Faust table as a shelf: written to its changelog by hand, so that the write can be waited for."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def get(self, key: str) -> bytes | None:
        """The value last put, by this worker or, through the changelog, by the one before it."""
        value: bytes | None = self._table.data.get(key)
        return value

    def put(self, partition: int, key: str, value: bytes) -> Awaitable[object]:
        """Put a value; the awaitable ends when the changelog has it."""
        self._table.data[key] = value
        sent: Awaitable[object] = self._table.send_changelog(partition, key, value, key_serializer="raw")  # as it is read
        return sent


def wire(
    app: faust.App,
    site: Site,
    *,
    source: faust.TopicT,
    judged: faust.TopicT,
    events: faust.TopicT,
    refused: faust.TopicT,
    ledger: Ledger,
) -> None:
    """Read `source`, judge, send on, remember."""
    outlets = Outlets(judged, events, refused, site.partitions)
    bench = Bench(app, Sessions(Court(site), TableShelf(_memories(app, site))), outlets)
    in_company(app, source, "readings", bench.take)
    _wire_keeping(app, bench)
    _wire_counting(app, bench, ledger)
    _wire_ticks(app, source)


def _memories(app: faust.App, site: Site) -> TableT[str, bytes]:
    """The table whose changelog remembers for the court."""
    changelog = app.topic(
        f"{site.name}.memories",
        key_type=str,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",  # or Faust reads snapshots back as JSON, and cannot
        compacting=True,
        partitions=site.partitions,
        acks=False,  # nobody consumes it but recovery; Faust would watch it for progress, and complain for ever
    )
    return app.Table("memories", key_type=str, value_type=bytes, partitions=site.partitions, changelog_topic=changelog)


def _wire_keeping(app: faust.App, bench: Bench) -> None:
    """What was judged is remembered every few seconds."""

    @app.timer(SNAPSHOT_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def snapshots(_app: object = None) -> None:
        """Snapshot every session."""
        await bench.snapshot()


def _wire_counting(app: faust.App, bench: Bench, ledger: Ledger) -> None:
    """What was judged is counted every second, and at last when the worker leaves."""

    @app.timer(COUNT_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def counting(_app: object = None) -> None:
        """Say in the ledger what each session has counted, as of its offset."""
        await asyncio.to_thread(_count, ledger, bench.counts())

    @app.on_before_shutdown.connect
    @outermost
    async def leaving(*_: object, **__: object) -> None:
        """Leave with nothing to judge again, if Kafka is there to be told."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await bench.snapshot()
        await asyncio.to_thread(_count, ledger, bench.counts())


def _wire_ticks(app: faust.App, source: faust.TopicT) -> None:
    """What time it is stands in the log, among the readings."""
    began = time.monotonic()

    @app.timer(TICK_EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def ticks(_app: object = None) -> None:
        """Say what time it is in every partition of ours, so that silence is judged in the order of the log."""
        if time.monotonic() - began < GRACE:
            return
        now = str(time.time_ns()).encode()
        for place in app.assignor.assigned_actives():
            if place.topic == source.get_topic_name():
                await source.send(partition=place.partition, value=now, headers={"kind": b"tick"})


def _count(ledger: Ledger, counted: Sequence[tuple[int, int, Mapping[tuple[str, str], int]]]) -> None:
    for partition, offset, rows in counted:
        ledger.set("readings", partition, offset, rows)
