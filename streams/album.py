"""The album: pictures are kept where there is room for them, and nobody waits for one that cannot be kept.

What is seen on a picture is told whether the picture is kept or not: a full disk must not blind the cameras.
"""

import logging
import threading
import time
from collections.abc import Callable

from detectors.domain.errors import Unreachable
from detectors.domain.instant import MINUTE, SECOND
from storage.evidence import Evidence

log = logging.getLogger(__name__)
SPARED = 2 * MINUTE  # the newest pictures: events that rise now are shown by them
SHARE = 0.1  # of the pictures that go when there is no room
PAUSE = 5 * SECOND  # between two times that room is made


class Album:
    """Keeps frames; several threads may ask."""

    def __init__(self, evidence: Evidence, clock: Callable[[], int] = time.time_ns) -> None:
        self._evidence, self._clock = evidence, clock
        self._turn = threading.Lock()
        self._made = 0  # when room was made last
        self._said, self._lost = 0, 0  # when it was said that pictures are lost, and how many were since

    def keep(self, camera: str, at: int, jpeg: bytes, found: bytes = b"") -> bool:
        """Keep a frame and what was found on it, the oldest ones forgotten if there is no room; whether it is kept."""
        try:
            self._evidence.keep(camera, at, jpeg, found)
        except Unreachable as away:
            if not self._makes_room():
                return self._loses(away)
            try:
                self._evidence.keep(camera, at, jpeg, found)
            except Unreachable as still:
                return self._loses(still)
        return True

    def _makes_room(self) -> bool:
        """Whether anything was forgotten; seldom, since other things may fill the disk, and those pictures are gone for ever."""
        with self._turn:
            now = self._clock()
            if now - self._made < PAUSE:
                return False
            self._made = now
            gone = self._evidence.make_room(SHARE, before=now - SPARED)
            if gone:
                log.warning("no room for pictures: the oldest %d are forgotten", gone)
            return gone > 0

    def _loses(self, away: Unreachable) -> bool:
        self._lost += 1
        if (now := self._clock()) - self._said > MINUTE:
            log.error("%d pictures were not kept; cameras are looked at without: %s", self._lost, away)
            self._said, self._lost = now, 0
        return False
