"""The pulse of a camera: how old its frames are when they come, and whether as many come as it owes."""

from collections import defaultdict, deque
from collections.abc import Iterable

from detectors.domain.instant import MINUTE
from detectors.domain.site import Camera


class Pulse:
    """What the coming of frames measures, beside what is on them."""

    def __init__(self, cameras: Iterable[Camera]) -> None:
        self._owed = {camera.name: 60 * camera.fps for camera in cameras if camera.source}  # a minute; of others nobody knows
        self._came: defaultdict[str, deque[int]] = defaultdict(deque)
        self._first: dict[str, int] = {}

    def beat(self, camera: str, at: int, got: int) -> dict[str, float]:
        """Lag: seconds from the frame's instant to its coming; frames: % of those owed in the last minute, after one."""
        told = {"lag": (got - at) / 1e9}
        came = self._came[camera]
        came.append(got)
        while came[0] <= got - MINUTE:
            came.popleft()
        if got - self._first.setdefault(camera, got) >= MINUTE and camera in self._owed:
            told["frames"] = 100 * len(came) / self._owed[camera]
        return told
