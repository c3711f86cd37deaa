"""Cameras' pictures for readers who may not see faces and number plates: reduced, and veiled where somebody was found."""

import threading
from collections import OrderedDict

from detectors.domain.errors import Refused
from storage.evidence import Evidence, Frame

WIDEST = 640  # columns; who was not found is at least small
MOST = 32  # pictures remembered: thumbnails of a wall are asked for by every reader at once


class Veiling:
    """Veiled frames, each made once while it is among the last that were asked for; several threads may ask."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._made: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._turn = threading.Lock()  # one picture at a time: a wall of cameras must not take every core

    def of(self, camera: str, frame: Frame) -> Frame | None:
        """The frame veiled; None if it is none."""
        name = (camera, frame.at)
        with self._turn:
            if name not in self._made:
                try:
                    self._made[name] = self._drawn(camera, frame)
                except Refused:
                    return None
                while len(self._made) > MOST:
                    self._made.popitem(last=False)
            return Frame(frame.at, self._made[name])

    def _drawn(self, camera: str, frame: Frame) -> bytes:
        from detectors.vision.marks import read  # noqa: PLC0415  OpenCV takes 30 MB that most desks never need
        from detectors.vision.veil import NEAR, veiled  # noqa: PLC0415  likewise
        from detectors.vision.whole import as_jpeg, whole  # noqa: PLC0415  likewise

        found = read(self._evidence.found_between(camera, frame.at - NEAR, frame.at + NEAR))
        return as_jpeg(veiled(whole(frame.jpeg, WIDEST), found))
