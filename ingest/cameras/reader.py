"""The child process that reads one camera; it may die of what it is shown, and its parent expects that.

Run as `python -m ingest.cameras.reader`; an `Order` comes on standard input, a `Shot` a picture goes to standard output.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import cast

import cv2
import msgspec

from detectors.domain.errors import Refused
from detectors.vision.jpeg import check_size
from detectors.vision.picture import Picture
from ingest.cameras.pace import Pace
from ingest.cameras.reel import reel
from ingest.cameras.wire import Order, Shot
from ingest.children import bound, own_output, pack, take

QUALITY = 85
_CALL = 5.0  # seconds to answer a call at all


def main() -> int:
    """Show one camera until the parent is gone or there is nothing more to show."""
    answers = own_output()
    bound()
    said = take(sys.stdin.buffer)
    if said is None:
        return 0
    order = msgspec.msgpack.decode(said, type=Order)
    try:
        for picture in _live(order) if order.live else _again_and_again(order):
            answers.write(pack(Shot(at=time.time_ns(), jpeg=_jpeg(picture))))
            answers.flush()
            signal.setitimer(signal.ITIMER_REAL, order.patience)
    except Refused as no:
        answers.write(pack(Shot(fault=str(no))))
        answers.flush()
    return 0


def _live(order: Order) -> Iterator[Picture]:
    """The newest picture whenever one is due; those in between are read and dropped, so that none is old."""
    _call(order)
    patience = round(order.patience * 1000)
    bounds = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience, cv2.CAP_PROP_READ_TIMEOUT_MSEC, patience]
    film = cv2.VideoCapture(order.place, cv2.CAP_FFMPEG, bounds)  # noqa: TID251  this module runs in a child process only
    if not film.isOpened():
        raise Refused("it answers, but shows no film (a wrong path, login or coding)", f"{order.host}:{order.port}")
    check_size(int(film.get(cv2.CAP_PROP_FRAME_WIDTH)), int(film.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    pace = Pace(order.fps)
    while film.grab():
        if pace.left(time.monotonic()) > 0:
            continue
        there, picture = film.retrieve()
        if there:
            pace.take(time.monotonic())
            yield cast("Picture", picture)
    raise Refused("it stopped showing pictures", f"{order.host}:{order.port}")


def _call(order: Order) -> None:
    """See whether anybody is there, since OpenCV does not say what was wrong.

    Raises:
        Refused: if nobody answers.
    """
    try:
        socket.create_connection((order.host, order.port), _CALL).close()
    except OSError as fault:
        raise Refused(f"nobody answers ({fault.strerror or fault})", f"{order.host}:{order.port}") from fault


def _again_and_again(order: Order) -> Iterator[Picture]:
    """A film or a folder in a loop: every picture that its own rate makes due, as if it were live."""
    pace, path = Pace(order.fps), Path(order.place)
    if not path.exists():
        raise Refused("there is no such film or folder", order.place)
    while True:
        good = 0
        for picture in _thinned(path, order.fps):
            good += 1
            time.sleep(pace.left(time.monotonic()))
            pace.take(time.monotonic())
            yield picture
        if not good:
            raise Refused("not one picture in it can be used", order.place)


def _thinned(path: Path, fps: float) -> Iterator[Picture]:
    """The pictures of one round; where there are more a second than asked for, those between are left out."""
    frames = reel(path)
    step, due = max(1.0, frames.rate / fps) if not path.is_dir() else 1.0, 0.0
    for number, (_, picture) in zip(count(), frames.frames, strict=False):
        if number < due or isinstance(picture, Refused):
            continue
        due += step
        yield picture


def _jpeg(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; there is nobody to tell
