"""One child process, seen from its parent."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterable
from contextlib import suppress

import msgspec

from detectors.domain.errors import Refused, Unreachable
from detectors.domain.site import Camera
from ingest.children import HEAD, environment, pack, why_ended
from streams.eyes.wire import Answer, Frame, Hello

KILLED = "killed its decoder"
_START = 30.0  # seconds that a child may take to come up on a busy machine
_answers = msgspec.msgpack.Decoder(Answer)


class Process:
    """A child that answers one frame at a time."""

    def __init__(self, child: asyncio.subprocess.Process, patience: float) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._child, self._in, self._out, self._patience = child, child.stdin, child.stdout, patience

    @classmethod
    async def start(cls, cameras: Iterable[Camera], patience: float) -> "Process":
        """A child that has answered its first word; `patience` is the seconds that a frame may take.

        Raises:
            Unreachable: if it does not come up.
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streams.eyes.child", stdin=PIPE, stdout=PIPE, env=environment()
        )
        process = cls(child, patience)
        try:
            await process._exchange(Hello(tuple(cameras), patience), _START)
        except (OSError, EOFError, TimeoutError) as fault:
            raise Unreachable("the child process that looks at frames", await process.end()) from fault
        except asyncio.CancelledError:
            await process.end()
            raise
        return process

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._child.returncode is None and not self._out.at_eof()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    async def ask(self, frame: Frame) -> Answer:
        """What the child says to a frame.

        Raises:
            Refused: if the child died of it, or did not answer in time and was killed.
        """
        try:
            return await self._exchange(frame, self._patience)
        except TimeoutError as fault:
            await self.end()
            raise Refused(f"{KILLED} (no answer within {self._patience:g} s)", frame.camera) from fault
        except (OSError, EOFError) as fault:
            raise Refused(f"{KILLED} ({await self.end()})", frame.camera) from fault

    async def end(self) -> str:
        """Make sure that it is gone, and say how it went."""
        if self._out.at_eof():  # it is ending by itself: let it say how
            with suppress(TimeoutError):
                await asyncio.wait_for(self._child.wait(), 1.0)
        if self._child.returncode is None:
            self._child.kill()
        self._in.close()
        return why_ended(await self._child.wait())

    async def _exchange(self, message: msgspec.Struct, seconds: float) -> Answer:
        async with asyncio.timeout(seconds):
            self._in.write(pack(message))
            await self._in.drain()
            (length,) = HEAD.unpack(await self._out.readexactly(HEAD.size))
            return _answers.decode(await self._out.readexactly(length))
