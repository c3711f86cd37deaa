"""The cases agent: grid events into the casebook, and as points into the store for the boards."""

from functools import partial
from typing import Any

import faust

from detectors.domain.errors import Refused
from detectors.domain.event import GridEvent
from storage.casebook import Casebook
from storage.series import Store
from streams.outermost import log, outermost, patiently


def wire(app: faust.App, *, source: faust.TopicT, book: Casebook, store: Store) -> None:
    """Read `source`; the casebook decides who is told, in the transaction that writes the event."""

    @app.agent(source, name="cases")
    @outermost
    async def cases(stream: Any) -> None:
        """Write each event once; acknowledged after both writes."""
        async for event in stream.noack().events():
            try:
                found = GridEvent.from_bytes(event.value)
            except Refused as wrong:  # only ours write here: a stranger's record is named and passed over
                log.error("%s: %s", event.message.tp, wrong)
            else:
                await patiently(partial(book.take, found))
                await patiently(partial(store.write_event, found))
            event.ack()
