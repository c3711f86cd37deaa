"""The child process: takes frames from standard input, answers on standard output, and ends when its parent does.

Run as `python -m streams.eyes.child`; it may die of any frame, and its parent expects that.
"""

import os
import signal
import sys
from typing import BinaryIO

import msgspec

from detectors.domain.errors import Refused
from detectors.vision import Watcher
from detectors.vision.marks import marks
from detectors.vision.nanodet import shipped
from detectors.vision.picture import decode
from ingest.children import bound, own_output, pack, take
from streams.eyes.process import CROWDED
from streams.eyes.wire import Answer, Frame, Hello

_ALONE = 1.25 * CROWDED  # times the patience; longer than any parent's


def main() -> int:
    """Answer until the parent is gone."""
    said, answers = sys.stdin.buffer, own_output()
    bound()
    first = take(said)
    if first is None:
        return 0
    hello = msgspec.msgpack.decode(first, type=Hello)
    watchers = {camera.name: Watcher(camera) for camera in hello.cameras}
    if any(camera.detector == "objects" for camera in hello.cameras):
        shipped()  # before the first frame waits for it
    frames = msgspec.msgpack.Decoder(Frame)
    _say(answers, Answer())
    while (body := take(said)) is not None:
        signal.setitimer(signal.ITIMER_REAL, _ALONE * hello.patience)  # a stuck decoder dies of it even without a parent
        answer = _look(watchers, frames.decode(body))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _say(answers, answer)
    return 0


def _look(watchers: dict[str, Watcher], frame: Frame) -> Answer:
    try:
        watcher = watchers[frame.camera]
        look = watcher.examine(decode(frame.jpeg, watcher.lines), frame.at)
        return Answer(measures=look.measures, muted=look.muted, marks=marks(look))
    except Refused as no:
        return Answer(refused=str(no))


def _say(answers: BinaryIO, answer: Answer) -> None:
    answers.write(pack(answer))
    answers.flush()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; there is nobody to tell
