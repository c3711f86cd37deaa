"""Bodies followed from picture to picture: one counts once it has been seen twice and has moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from detectors.vision.bodies import Body

SEEN = 2  # pictures
STRIDE = 0.2  # of its own height, that a body moves before it counts
PATIENCE = 1.0  # seconds that a body may be hidden
_SPEED = 1.5  # own heights a second that a person walks or runs at most


@dataclass(slots=True)
class Track:
    """One body through time."""

    name: int
    body: Body
    birth: tuple[float, float]
    at: float  # seconds since the first picture
    seen: int = 1
    moved: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is believed to be someone."""
        return self.moved and self.seen >= SEEN


class Tracks:
    """The bodies of one camera."""

    def __init__(self) -> None:
        self._alive: list[Track] = []
        self._named, self._now = 0, 0.0

    def follow(self, found: list[Body], elapsed: float) -> list[Track]:
        """The tracks that count and are in this picture, after `elapsed` seconds."""
        self._now += elapsed
        free = list(range(len(found)))
        pairs = sorted(self._pairs(found))
        taken: set[int] = set()
        for _, i, j in pairs:
            if i not in taken and j in free:
                taken.add(i)
                free.remove(j)
                self._meet(self._alive[i], found[j])
        self._alive += [self._born(found[j]) for j in free]
        self._alive = [track for track in self._alive if self._now - track.at <= PATIENCE]
        return [track for track in self._alive if track.counts and track.at == self._now]

    def _pairs(self, found: list[Body]) -> Iterator[tuple[float, int, int]]:
        """How far, in body heights, each track and each body are apart that can be one, and which."""
        feet = [(*body.foot, body.height) for body in found]
        for i, track in enumerate(self._alive):
            (x, y), high = track.body.foot, track.body.height
            reach = 0.5 + _SPEED * (self._now - track.at)
            for j, (u, v, tall) in enumerate(feet):
                away = hypot(x - u, y - v) / max(high, tall)
                if away <= reach:
                    yield away, i, j

    def _meet(self, track: Track, body: Body) -> None:
        track.body, track.at, track.seen = body, self._now, track.seen + 1
        x, y = body.foot
        track.moved |= hypot(x - track.birth[0], y - track.birth[1]) >= STRIDE * body.height

    def _born(self, body: Body) -> Track:
        self._named += 1
        return Track(self._named, body, body.foot, self._now)
