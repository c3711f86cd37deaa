"""The landing agent: judged readings into the series store; acknowledged after the write."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

import faust
import numpy as np

from detectors.domain import judged
from detectors.domain.errors import Refused
from detectors.domain.judged import Judged, Outcome
from detectors.domain.series import station_of
from ingest.refused import Refusal
from storage.ledger import Ledger
from storage.repairs import Repairs
from storage.series import Store, Written
from streams import sources
from streams.company import in_company
from streams.outermost import headers, patiently
from streams.setaside import of_record, set_aside

MOST_RECORDS = 64  # written at once


def wire(app: faust.App, *, source: faust.TopicT, refused: faust.TopicT, store: Store, ledger: Ledger, repairs: Repairs) -> None:
    """Read `source`, note what history repairs, write to the store, count in the ledger, then acknowledge."""
    partitions = app.conf.topic_partitions

    async def write(events: list[Any]) -> None:
        """Write what waits, as one batch."""
        readable = [(event, part) for event in events if (part := await _read(event, refused, partitions)) is not None]
        if readable:
            whole = judged.concat([part for _, part in readable])
            written = await patiently(partial(_land, whole, store, repairs))
            await _refuse_points(written, refused, partitions)
            await asyncio.to_thread(_count, ledger, readable)
        for event in events:
            event.ack()

    in_company(app, source, "landing", write, MOST_RECORDS)


def _land(whole: Judged, store: Store, repairs: Repairs) -> Written:
    """Note what history is about to change, then write: cut off in between, both are done again."""
    repairs.note(whole, store)
    return store.write(whole)


async def _read(event: Any, refused: faust.TopicT, partitions: int) -> Judged | None:
    """The judged readings of an event, or None after setting the record aside."""
    try:
        return judged.read(event.value)
    except Refused as wrong:
        await (await set_aside(refused, of_record(wrong, event.message, "landing"), partitions))
        return None


async def _refuse_points(written: Written, refused: faust.TopicT, partitions: int) -> None:
    """Set aside each point that the store would not take."""
    for point in written.refused:
        refusal = Refusal.of(
            device=station_of(point.series),
            topic=point.series,
            reason=f"the store refused it: {point.reason}",
            payload=f"{point.series},{point.at}".encode(),
            got=point.at,
            stage="landing",
        )
        await (await set_aside(refused, refusal, partitions))


def _count(ledger: Ledger, readable: Iterable[tuple[Any, Judged]]) -> None:
    """Count each record once, however often and in whatever company it was sent: by its offset in `telemetry`."""
    ledger.add_many(
        ("landing", event.message.partition, offset, tally(part, rows))
        for event, part in readable
        for offset, rows in sources.read(headers(event).get("source", str(event.message.offset).encode()))
    )


def tally(part: Judged, rows: slice) -> dict[tuple[str, str], int]:
    """How many of some rows of each station ended in each outcome."""
    kinds = len(Outcome)
    cells = np.bincount(part.readings.series[rows].astype(np.int64) * kinds + part.outcome[rows])
    counted: Counter[tuple[str, str]] = Counter()
    for cell in np.flatnonzero(cells):
        name, outcome = part.readings.names[cell // kinds], Outcome(int(cell % kinds))
        counted[station_of(name), outcome.name.lower()] += int(cells[cell])
    return dict(counted)
