"""What parents and the child processes that decode pictures share: messages through a pipe, surroundings, bounds.

A message is MessagePack behind a length of four bytes. Decoders can abort the process, so they run in children that may die.
"""

import os
import resource
import signal
import struct
from pathlib import Path
from typing import IO, BinaryIO

import cv2
import msgspec

HEAD = struct.Struct(">I")
MEMORY = 2 << 30  # bytes of address space: a bomb ends the child, not the machine
_ROOT = Path(__file__).parents[1]  # where the packages are, installed or not


def pack(message: msgspec.Struct) -> bytes:
    """A message as it goes through the pipe."""
    body = msgspec.msgpack.encode(message)
    return HEAD.pack(len(body)) + body


def take(pipe: IO[bytes]) -> bytes | None:
    """The body of the next message, or None where the pipe ends (the other side is gone)."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def environment() -> dict[str, str]:
    """The environment of a child: it finds our packages, keeps to one thread, and decodes nothing huge."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": path, "OPENCV_LOG_LEVEL": "ERROR", "OPENCV_IO_MAX_IMAGE_PIXELS": "40000000"}


def why_ended(code: int | None) -> str:
    """How a process ended, for a person: the signal's name or the exit code."""
    if code is None:
        return "did not end"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def bound() -> None:
    """Keep this process to one core, no core dumps, and so much memory."""
    cv2.setNumThreads(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    for told in (signal.SIGINT, signal.SIGTERM):  # the parent's to act on: it closes our pipe when it has finished
        signal.signal(told, signal.SIG_IGN)


def own_output() -> BinaryIO:
    """Standard output for answers alone; whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers
