"""A part of the stack on this machine: what to run, how to know that it answers, how to end it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from detectors.domain.errors import Unreachable
from streams.local.leash import leash
from streams.local.ports import Ready


def at_once(_pid: int) -> bool:
    """A part that answers as soon as it runs."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the stack; the supervisor and the tests start it from this same description."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)  # added to ours; may hold passwords
    ready: Ready = at_once
    needs: tuple[str, ...] = ()  # names of parts that must answer before this one starts
    vital: bool = False  # without it there is nothing to see: if it never answers, all is given up
    patience: float = 90.0  # seconds until it must answer
    grace: float = 15.0  # seconds between asking it to end and ending it


def launch(part: Part, log: Path) -> "subprocess.Popen[bytes]":
    """Start the part in its own process group, its words appended to `log`.

    Call it from a thread that lives as long as the part: on Linux the part dies with the thread that started it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        try:
            return subprocess.Popen(  # noqa: S603  the command is ours
                part.command,
                env={**os.environ, **part.environ},
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=leash(),  # noqa: PLW1509  one prctl call, prepared before the fork
            )
        except OSError as wrong:
            raise Unreachable(part.name, f"{part.command[0]} cannot be started: {wrong.strerror}") from wrong


def end(process: "subprocess.Popen[bytes]", grace: float) -> None:
    """Ask the part's whole process group to end; what is left after `grace` seconds is killed."""
    signal_group(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    signal_group(process.pid, signal.SIGKILL)  # also what the part itself left behind
    process.wait()


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a process group that may be gone already."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return


@contextmanager
def running(part: Part, log: Path) -> Iterator[None]:
    """The part, answering for as long as the block runs.

    Raises:
        Unreachable: when it ends or does not answer in time, with its last words.
    """
    process = launch(part, log)
    try:
        wait_until_ready(part, process, log)
        yield
    finally:
        end(process, part.grace)


def wait_until_ready(part: Part, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the part answers.

    Raises:
        Unreachable: when it ends or does not answer in time, with its last words.
    """
    until = time.monotonic() + part.patience
    while not part.ready(process.pid):
        if process.poll() is not None:
            raise Unreachable(part.name, f"it ended with code {process.returncode}; its last words:\n{last_words(log)}")
        if time.monotonic() > until:
            raise Unreachable(part.name, f"no answer within {part.patience:g} s; its last words:\n{last_words(log)}")
        time.sleep(0.05)


def last_words(log: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    try:
        with log.open("rb") as words:
            words.seek(max(0, words.seek(0, os.SEEK_END) - 8192))
            return "\n".join(words.read().decode("utf-8", "replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
