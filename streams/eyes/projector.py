"""The child process that looks at a film as the camera would be judged; it may die of the film, and its parent expects that.

Run as `python -m streams.eyes.projector`; a `Film` comes on standard input, a `Shown` a frame goes to standard output.
"""

import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from detectors.domain.errors import Refused
from detectors.vision import Watcher
from ingest.cameras.reel import reel
from ingest.children import bound, own_output, pack, take
from streams.eyes.drawing import Drawing
from streams.eyes.wire import Film, Shown


def main() -> int:
    """Show one film and end."""
    answers = own_output()
    bound()
    said = take(sys.stdin.buffer)
    if said is None:
        return 0
    try:
        _show(msgspec.msgpack.decode(said, type=Film), answers)
    except Refused as no:
        answers.write(pack(Shown(refused=str(no))))
    answers.write(pack(Shown(over=True)))
    answers.flush()
    return 0


def _show(film: Film, answers: BinaryIO) -> None:
    signal.setitimer(signal.ITIMER_REAL, film.patience)  # set anew by each frame; a stuck decoder dies of it
    frames = reel(Path(film.path))
    rate = film.rate or frames.rate
    watcher, drawing = Watcher(film.camera), Drawing(film, rate)
    for number, (name, picture) in enumerate(frames.frames, 1):
        signal.setitimer(signal.ITIMER_REAL, film.patience)
        at = film.start + round((number - 1) * 1e9 / rate)
        if isinstance(picture, Refused):
            answers.write(pack(Shown(at=at, refused=f"{name}: {picture}")))
            continue
        look = watcher.examine(picture, at)
        drawing.add(number, name, picture, look)
        answers.write(pack(Shown(at=at, measures=look.measures, muted=look.muted)))
        answers.flush()
    drawing.close()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; there is nobody to tell
