"""The supervisor: starts the parts in order of need, starts again what dies, ends all in reverse order."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from detectors.domain.errors import Misconfigured, Unreachable
from storage import processes
from storage.processes import Process
from streams.local.part import Part, last_words
from streams.local.post import Post, State
from streams.local.rotation import rotate
from streams.local.watchdog import Watchdog

PACE = 0.1  # seconds between two looks
TO_STAY = 192 * 1024 * 1024  # bytes that must be free while it runs
HOUSEKEEPING = 10.0  # seconds between looks at the disk and the logs
REPORTED = {State.WAITING: "stopped", State.STARTING: "restarting"}  # the page knows three states


class Supervisor:
    """A few processes on one machine, held together; use it as a context, so that none is left."""

    def __init__(
        self,
        parts: Sequence[Part],
        data: Path,
        say: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._data, self._say, self._clock, self._free = data, say, clock, free
        self.posts = [Post(part, data / "logs" / f"{part.name}.log") for part in parts]
        self._written: list[Process] = []
        self._looked = float("-inf")

    def __enter__(self) -> Self:
        self._watchdog = Watchdog()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._watchdog.dismiss()

    def run(self, until: Callable[[], bool]) -> None:
        """Look after the parts until told to stop.

        Raises:
            Unreachable: when a vital part never answers.
            Misconfigured: when the disk is full.
        """
        while not until():
            self.look()
            time.sleep(PACE)

    @property
    def settled(self) -> bool:
        """Whether there is something to see: what is vital answers, and what does not answer has died at least once."""
        going = [post for post in self.posts if post.state is State.RUNNING]
        vital = all(post in going for post in self.posts if post.part.vital)
        return vital and (len(going) == len(self.posts) or any(post.restarts for post in self.posts))

    def look(self) -> None:
        """One look at every part, and at the disk now and then."""
        now = self._clock()
        if now - self._looked > HOUSEKEEPING:
            self._looked = now
            self._keep_house()
        for post in self.posts:
            ready = frozenset(post.part.name for post in self.posts if post.state is State.RUNNING)
            before = post.process
            post.step(now, ready)
            if post.process is not before:
                self._guard()
            self._pass_on(post)
        self._report()

    def stop(self) -> None:
        """End all, a part only when nothing that needs it is left."""
        while alive := [post for post in self.posts if post.process is not None]:
            needed = {name for post in alive for name in post.part.needs}
            wave = [post for post in alive if post.part.name not in needed] or alive
            for post in wave:
                post.ask_to_end()
            for post in reversed(wave):
                post.finish(self._clock(), post.part.grace)
        for post in self.posts:
            post.turn(State.STOPPED, self._clock())
        self._report()

    def _pass_on(self, post: Post) -> None:
        for line in post.said:
            self._say(line)
        post.said.clear()
        if post.hopeless:
            raise Unreachable(post.part.name, f"it died {post.deaths} times; its last words:\n{last_words(post.log)}")

    def _guard(self) -> None:
        self._watchdog.guard(post.process.pid for post in self.posts if post.process is not None)

    def _keep_house(self) -> None:
        if self._free(self._data) < TO_STAY:
            raise Misconfigured(
                [f"the disk of {self._data} is full (less than {TO_STAY >> 20} MiB free): make room, then start again"]
            )
        for post in self.posts:
            rotate(post.log)

    def _report(self) -> None:
        """Write processes.json for the desk, when something changed."""
        passed = self._clock()
        now = [
            Process(
                name=post.part.name,
                pid=post.process.pid if post.process else None,
                state=REPORTED.get(post.state, post.state.value),
                restarts=post.restarts,
                since=time.time_ns() - int((passed - post.since) * 1e9) if post.since else None,
                message=post.message,
            )
            for post in self.posts
        ]
        key = [msgspec.structs.replace(one, since=None) for one in now]
        if key != self._written:
            processes.write(self._data / processes.FILE, now)
            self._written = key
