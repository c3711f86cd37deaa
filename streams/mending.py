"""The mending task: has repaired stretches of the record judged again, once nothing more comes in for them."""

import asyncio
import logging
import sys
import time

import faust

from detectors.domain.errors import Unreachable
from detectors.domain.instant import SECOND
from storage.repairs import Repairs
from streams.outermost import outermost

EVERY = 60.0  # seconds
QUIET = 600  # seconds without anything added to a stretch
log = logging.getLogger(__name__)


def wire(app: faust.App, repairs: Repairs) -> None:
    """Look for quiet stretches now and then; live alarms and what is judged meanwhile know nothing of it."""

    @app.timer(EVERY)  # type: ignore[untyped-decorator]  # Faust's
    @outermost
    async def mending(_app: object = None) -> None:
        """Have judged again what has been quiet for long enough."""
        try:
            waiting = await asyncio.to_thread(repairs.waiting, time.time_ns() - QUIET * SECOND)
        except Unreachable as away:
            log.warning("%s; the record is mended later", away)
        else:
            if waiting:
                await _rejudge()


async def _rejudge() -> None:
    """Judge again in a process of its own, so that months of history do not make today's readings wait."""
    words = ("-m", "streams.cli", "rejudge", "--repaired", "--quiet", str(QUIET))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        raise
    if process.returncode:
        log.warning("the record was not mended: riverwatch rejudge ended with %s", process.returncode)
    else:
        log.info("%s", said.decode(errors="replace").strip())
