"""One child process, seen from its parent."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterable
from contextlib import suppress

import msgspec

from detectors.domain.errors import Refused, Unreachable
from detectors.domain.site import Camera
from ingest.children import HEAD, environment, pack, why_ended
from streams.eyes.turns import waited
from streams.eyes.wire import Answer, Frame, Hello

KILLED = "killed its decoder"
CROWDED = 6  # times its patience that an answer may take where the child waits for a core: then nobody wants it any more
_START = 30.0  # seconds that a child may take to come up
_LOOKS = 10  # while an answer is awaited, how often it is asked whether the child had a core
_answers = msgspec.msgpack.Decoder(Answer)


class Process:
    """A child that answers one frame at a time."""

    def __init__(self, child: asyncio.subprocess.Process, patience: float, waits: Callable[[int], float] = waited) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._child, self._in, self._out, self._patience, self._waits = child, child.stdin, child.stdout, patience, waits

    @classmethod
    async def start(cls, cameras: Iterable[Camera], patience: float, waits: Callable[[int], float] = waited) -> "Process":
        """A child that has answered its first word; `patience` is the seconds that a frame may take, waits for a core apart.

        Raises:
            Unreachable: if it does not come up.
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streams.eyes.child", stdin=PIPE, stdout=PIPE, env=environment()
        )
        process = cls(child, patience, waits)
        try:
            await process._exchange(Hello(tuple(cameras), patience), _START)
        except (OSError, EOFError, TimeoutError, Unreachable) as fault:
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
            Unreachable: if it had no core to answer in time, and was killed; nobody knows whether the frame is good.
        """
        try:
            return await self._exchange(frame, self._patience)
        except Unreachable:
            await self.end()
            raise
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
        """The answer to a message, within so many seconds; those do not count in which the child waited for a core, or we did.

        Raises:
            TimeoutError: if there is none.
            Unreachable: if the child waited for a core so long that nobody wants its answer.
        """
        talk = asyncio.ensure_future(self._talk(message))
        before, spent, step = self._waits(self.pid), 0.0, seconds / _LOOKS
        try:
            while spent - (self._waits(self.pid) - before) < seconds:
                if spent > CROWDED * seconds:
                    raise Unreachable("the child process that looks at frames", f"it waited {spent:.0f} s for a core")
                await asyncio.wait({talk}, timeout=step)
                if talk.done():
                    return talk.result()
                spent += step  # and no more than that, however late we wake
            raise TimeoutError
        finally:
            talk.cancel()

    async def _talk(self, message: msgspec.Struct) -> Answer:
        self._in.write(pack(message))
        await self._in.drain()
        (length,) = HEAD.unpack(await self._out.readexactly(HEAD.size))
        return _answers.decode(await self._out.readexactly(length))
