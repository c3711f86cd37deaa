"""A river being watched on this machine: checks what must hold, starts the stack, says where to look, ends it."""

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from detectors.domain.errors import Misconfigured
from storage.registry import load
from streams.local.kernels import compiling
from streams.local.learn import learning
from streams.local.part import Part
from streams.local.ports import is_free
from streams.local.progress import Progress
from streams.local.stack import Wanted, stack
from streams.local.supervisor import Supervisor

TO_START = 768 * 1024 * 1024  # bytes that must be free at the start

QUIET = 60.0  # seconds from the start before anything is done for the next time

Parts = Callable[[Wanted, Progress], Sequence[Part]]


def say(line: str) -> None:
    """One line of progress for a person."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  this is how it speaks


def up(wanted: Wanted, seconds: float | None, parts: Parts = stack) -> None:
    """Run the site until Ctrl-C, SIGTERM, or `seconds` after everything answers.

    Raises:
        Misconfigured: for what a person must mend, in one sentence.
        Refused, Unreachable: when a part cannot be had or never answers.
    """
    wanted.data.mkdir(parents=True, exist_ok=True)
    with alone(wanted.data):
        check(wanted)
        began = time.monotonic()
        with Progress() as progress, compiling(wanted.site, wanted.data, say):
            needed = parts(wanted, progress)
        with told_to_end() as ending, Supervisor(needed, wanted.data, say) as supervisor:
            say(f"starting {', '.join(part.name for part in needed)}; logs are in {wanted.data / 'logs'}")
            supervisor.run(lambda: bool(ending) or supervisor.settled)
            if not ending:
                say(f"ready after {time.monotonic() - began:.1f} s; Ctrl-C ends everything")
                print(f"riverwatch watches {wanted.site.name}: http://127.0.0.1:{wanted.port}", flush=True)  # noqa: T201  the one line
            until = time.monotonic() + seconds if seconds is not None else float("inf")
            supervisor.run(lambda: bool(ending) or time.monotonic() >= min(until, began + QUIET))
            with learning(needed, wanted.data / "logs" / "learn.log"):
                supervisor.run(lambda: bool(ending) or time.monotonic() >= until)
            say("stopping")


def check(wanted: Wanted) -> None:
    """Say at once what would fail later.

    Raises:
        Misconfigured: with every mistake.
    """
    mistakes = _mistakes_of(wanted.site)
    if not is_free(wanted.port):
        mistakes.append(f"port {wanted.port} is busy: another program listens there; choose another with --port")
    if (free := shutil.disk_usage(wanted.data).free) < TO_START:
        mistakes.append(
            f"the disk of {wanted.data} is full ({free >> 20} MiB free, {TO_START >> 20} needed): make room, or use --data"
        )
    if mistakes:
        raise Misconfigured(mistakes)


def _mistakes_of(site: Path) -> list[str]:
    """What is wrong with a site folder: each of our processes would end of it, again and again."""
    if not site.is_dir():
        return [f"there is no site folder {site}: name one with --site"]
    try:
        load(site)
    except Misconfigured as wrong:
        return list(wrong.mistakes)
    return []


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Only one stack may use a data folder.

    Raises:
        Misconfigured: when another uses it.
    """
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            lock.seek(0)
            raise Misconfigured(
                [f"{data} is in use by another riverwatch up (process {lock.read().strip()}): stop it, or use --data"]
            ) from held
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def told_to_end() -> Iterator[list[int]]:
    """The signal that told us to end, if one did; the next one ends us at once, and the watchdog ends the rest."""
    heard: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def hear(number: int, _frame: object) -> None:
        heard.append(number)
        restore()

    before = [signal.signal(number, hear) for number in numbers]

    def restore() -> None:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

    try:
        yield heard
    finally:
        restore()
