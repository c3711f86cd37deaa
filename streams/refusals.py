"""The refusals agent: what was refused goes where people can read it and try it again."""

import asyncio
from functools import partial
from typing import Any

import faust

from detectors.domain.errors import Refused
from ingest.refused import Refusal
from storage.ledger import Ledger
from storage.refused import RefusedBox
from streams.outermost import log, outermost, patiently


def wire(app: faust.App, *, source: faust.TopicT, box: RefusedBox, ledger: Ledger) -> None:
    """Read `source`, keep and count each refusal once."""

    @app.agent(source, name="refusals")
    @outermost
    async def refusals(stream: Any) -> None:
        """Keep each refusal by its place in the log, so that keeping it twice changes nothing."""
        async for event in stream.noack().events():
            message = event.message
            try:
                refusal = Refusal.from_bytes(event.value)
            except Refused as wrong:
                log.error("%s: %s", message.tp, wrong)
            else:
                await patiently(partial(_put, box, refusal, message))
                one = {(refusal.device, refusal.stage): 1}
                await asyncio.to_thread(ledger.add, "refused", message.partition, message.offset, one)
            event.ack()


def _put(box: RefusedBox, refusal: Refusal, message: Any) -> bool:
    """Keep a refusal under its place in the log."""
    return box.put(
        id=refusal.id,
        device=refusal.device,
        topic=refusal.topic,
        reason=refusal.reason,
        payload=refusal.payload,
        got=refusal.got,
        stage=refusal.stage,
        partition=message.partition,
        offset=message.offset,
    )
