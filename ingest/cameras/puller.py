"""A puller keeps one camera's reader alive and hands its pictures on; a reader that dies or hangs concerns no other camera."""

import asyncio
import logging
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress

import msgspec

from detectors.domain.errors import Unreachable
from ingest.backoff import Backoff
from ingest.cameras.pace import Health
from ingest.cameras.source import Kind, Source
from ingest.cameras.wire import Order, Shot
from ingest.children import HEAD, environment, pack, why_ended

log = logging.getLogger(__name__)
PATIENCE = 20.0  # seconds that a picture may take, beside its own period
_LONGEST = 60.0  # seconds between two tries
_shots = msgspec.msgpack.Decoder(Shot)

Deliver = Callable[[str, int, bytes], None]  # camera, instant in ns since 1970 UTC, JPEG


class Puller:
    """One camera, pulled for ever."""

    def __init__(
        self,
        camera: str,
        source: Source,
        fps: float,
        deliver: Deliver,
        *,
        patience: float = PATIENCE,
        backoff: Backoff | None = None,
    ) -> None:
        self.camera, self._source, self._deliver = camera, source, deliver
        self._backoff = backoff or Backoff(1.0, _LONGEST)
        self._patience = patience + 1 / fps
        self._order = Order(
            place=source.place,
            live=source.kind is Kind.LIVE,
            host=source.host,
            port=source.port,
            fps=fps,
            patience=self._patience,
        )
        self.pid = 0  # of the present reader

    async def run(self) -> None:
        """Read, and read again after every fault, for ever."""
        while True:
            try:
                await self._read()
            except Unreachable as fault:
                log.warning("%s; trying again", fault)
            await self._backoff.wait()

    async def _read(self) -> None:
        """One reader's life.

        Raises:
            Unreachable: always, with the sentence why it ended.
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ingest.cameras.reader", stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
        )
        self.pid = child.pid
        assert child.stderr is not None
        words = asyncio.create_task(_last_line(child.stderr))
        try:
            why = await self._pictures(child)
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            ended = why_ended(await child.wait())
            last = self._source.hide(await words)
        why = why or f"its reader died ({ended}){last and f', saying {last!r}'}"
        raise Unreachable(f"the camera {self.camera} at {self._source}", why)

    async def _pictures(self, child: Process) -> str:
        """Hand on what the reader shows; why it ended, or "" if it died."""
        assert child.stdin is not None
        assert child.stdout is not None
        health = Health()
        try:
            child.stdin.write(pack(self._order))
            await child.stdin.drain()
            while True:
                async with asyncio.timeout(self._patience + (0 if health.seen else PATIENCE)):  # Python must come up, too
                    (length,) = HEAD.unpack(await child.stdout.readexactly(HEAD.size))
                    shot = _shots.decode(await child.stdout.readexactly(length))
                if shot.fault:
                    return self._source.hide(shot.fault)
                if not health.seen:
                    log.info("the camera %s shows pictures", self.camera)
                if health.shown(time.monotonic()):
                    self._backoff.reset()
                self._deliver(self.camera, shot.at, shot.jpeg)
        except TimeoutError:
            return f"no picture within {self._patience:g} s; its reader is ended"
        except (OSError, EOFError):
            return ""


async def _last_line(said: asyncio.StreamReader) -> str:
    """Read all that a reader says on standard error, and keep its last line."""
    last = b""
    while words := await said.read(1 << 16):
        last = (last + words)[-2000:]
    lines = last.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
