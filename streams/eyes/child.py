"""The child process: takes frames from standard input, answers on standard output, and ends when its parent does.

Run as `python -m streams.eyes.child`; it may die of any frame, and its parent expects that.
"""

import os
import resource
import signal
import sys
from typing import BinaryIO

import cv2
import msgspec

from detectors.domain.errors import Refused
from detectors.vision import Watcher
from detectors.vision.picture import decode
from streams.eyes.wire import Answer, Frame, Hello, pack, take

MEMORY = 2 << 30  # bytes of address space: a bomb ends the child, not the machine


def main() -> int:
    """Answer until the parent is gone."""
    said, answers = sys.stdin.buffer, own_output()
    bound()
    first = take(said)
    if first is None:
        return 0
    hello = msgspec.msgpack.decode(first, type=Hello)
    watchers = {camera.name: Watcher(camera) for camera in hello.cameras}
    frames = msgspec.msgpack.Decoder(Frame)
    _say(answers, Answer())
    while (body := take(said)) is not None:
        signal.setitimer(signal.ITIMER_REAL, 1.5 * hello.patience)  # a stuck decoder dies of it even without a parent
        answer = _look(watchers, frames.decode(body))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _say(answers, answer)
    return 0


def bound() -> None:
    """Keep this process to one core, no core dumps, and so much memory."""
    cv2.setNumThreads(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    for told in (signal.SIGINT, signal.SIGTERM):  # the parent's to act on: it closes our pipe when it has finished
        signal.signal(told, signal.SIG_IGN)


def _look(watchers: dict[str, Watcher], frame: Frame) -> Answer:
    try:
        return Answer(measures=watchers[frame.camera].look(decode(frame.jpeg), frame.at))
    except Refused as no:
        return Answer(refused=str(no))


def own_output() -> BinaryIO:
    """Standard output for answers alone; whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _say(answers: BinaryIO, answer: Answer) -> None:
    answers.write(pack(answer))
    answers.flush()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; there is nobody to tell
