"""The artist: any frame of an event's camera, drawn on, and the same veiled."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from detectors.domain.series import quantity_of
from detectors.vision.marks import read
from detectors.vision.picture import Picture
from detectors.vision.veil import NEAR, veiled
from detectors.vision.whole import whole
from storage.evidence import Evidence
from streams.exhibits import webm
from streams.exhibits.order import Chosen, Order
from streams.exhibits.sheet import WIDEST, drawn, line_of

CLIP_WIDEST = 640  # columns
SLOWEST, FASTEST = 1.0, 25.0  # pictures a second


class Artist:
    """Draws what one order asks for, frame by frame, so that few are in memory."""

    def __init__(self, order: Order, frames: Evidence) -> None:
        self._order, self._frames = order, frames
        _, _, self._zone = quantity_of(order.exhibit.series).partition(".")

    def sheets(self, one: Chosen, widest: int = WIDEST) -> tuple[Picture, Picture]:
        """The frame drawn on, and the same veiled.

        Raises:
            Refused: if the frame has gone, or is none.
        """
        name = self._order.camera.name
        frame = self._frames.find(name, one.at, 0)
        if frame is None:
            raise Refused("a frame that has gone", one.at)
        picture, found = whole(frame.jpeg, widest), read(self._frames.found_between(name, one.at, one.at))
        near = read(self._frames.found_between(name, one.at - NEAR, one.at + NEAR))
        line = line_of(name, one.at, self._order.timezone, quantity_of(self._order.exhibit.series), one.value)
        plain, covered = (drawn(of, self._order.camera, self._zone, found, line) for of in (picture, veiled(picture, near)))
        return plain, covered

    def films(self, clip: Sequence[Chosen]) -> tuple[bytes, bytes]:
        """The frames as two WebM films, the second one veiled; nothing where OpenCV cannot write such films."""
        if len(clip) < 2:
            return b"", b""
        rate = min(FASTEST, max(SLOWEST, (len(clip) - 1) * SECOND / max(1, clip[-1].at - clip[0].at)))
        with tempfile.TemporaryDirectory() as folder:
            places = tuple(Path(folder, name).with_suffix(webm.SUFFIX) for name in ("plain", "veiled"))
            writers: list[cv2.VideoWriter] = []
            for pair in self._pairs(clip):
                writers = writers or [webm.writer(place, pair[0], rate) for place in places]
                for writer, sheet in zip(writers, pair, strict=True):
                    writer.write(sheet)
            opened = bool(writers) and all(writer.isOpened() for writer in writers)
            for writer in writers:
                writer.release()
            plain, covered = (webm.film(place) if opened else b"" for place in places)
        return plain, covered

    def _pairs(self, clip: Sequence[Chosen]) -> Iterator[tuple[Picture, Picture]]:
        """The frames of a film, all of the first one's size."""
        size: tuple[int, ...] | None = None
        for one in clip:
            try:
                pair = self.sheets(one, CLIP_WIDEST)
            except Refused:
                continue
            size = size or pair[0].shape
            if pair[0].shape == size:
                yield pair
