"""Things followed from look to look: where each is now, how fast it goes, for how long it has been in which zone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot, inf

from detectors.vision.nanodet import Box, Thing

SURE, DOUBTED = 0.5, 0.35  # score from which a thing is believed, and one that has moved
SEEN = 2  # looks, before anything can have moved, or is counted where a look missed it
BEGIN = 0.4  # score from which a thing is followed at all; lesser ones only go on with what is followed (ByteTrack, ECCV 2022)
REACH, SPEED = 0.3, 0.6  # own heights that a thing may be off, and more for each second since it was found
ALIKE = 1.6  # times as high or low that a thing may look the next time
STRIDE = 0.4  # of its own height, that a thing moves to be believed
MISSED = 3  # looks in a row at its place without it, after which it is gone
REMEMBERED = 600.0  # seconds for which who had come and was lost sight of is known again where they stood
HIDDEN, UNSEEN = 1.5, 30.0  # seconds that something may not be found: while it moves, and while it stands
_SLOW = 0.05  # own heights a second under which a thing stands
_PLACE, _PACE, _SIZE, _TRUST = (
    0.8,
    0.5,
    0.4,
    0.4,
)  # how much of what is found goes into where it is, how fast, how large, how sure
_FRESH = 1.0  # seconds between two looks that a pace is taken from; over more it would be a guess


@dataclass(slots=True)
class Followed:
    """One thing through time."""

    name: int
    kind: str
    box: Box
    score: float  # of the newest looks that found it
    birth: tuple[float, float]  # where it stood first
    pace: tuple[float, float] = (0.0, 0.0)  # pixels a second, of its foot
    looked: float = 0.0  # seconds since it was found
    missed: int = 0  # looks in a row
    seen: int = 1
    moved: bool = False  # since it was first seen
    known: bool = False  # it was sure once
    came: bool = False  # it moved, or stood out against the learnt view: it is no part of the view
    first: tuple[float, float] | None = None  # where it stood first, had the camera not been shaken
    inside: dict[str, int] = field(default_factory=dict)  # zone -> instant since when it is in it

    @property
    def moves(self) -> bool:
        """Whether it goes anywhere."""
        return max(abs(self.pace[0]), abs(self.pace[1])) > _SLOW * self.box.height

    def go_on(self, elapsed: float) -> None:
        """Let time pass: it goes on as it went."""
        self.looked += elapsed
        box = self.box
        self.box = Box(box.left + self.pace[0] * elapsed, box.top + self.pace[1] * elapsed, box.width, box.height)

    def away(self, box: Box) -> float:
        """How far off a box is, in heights; infinitely where it is of another size."""
        if not 1 / ALIKE < box.height / self.box.height < ALIKE:
            return inf
        (x, y), (u, v) = self.box.middle, box.middle
        return hypot(x - u, y - v) / max(self.box.height, box.height)

    def meet(self, thing: Thing) -> None:
        """It was found here: a little less is believed of the place than of the eye, and much less of pace and size."""
        here, found = self.box, thing.box
        width, height = _blend(here.width, found.width, _SIZE), _blend(here.height, found.height, _SIZE)
        (x, y), (u, v) = here.foot, found.foot
        if 0 < self.looked <= _FRESH:
            across, along = (u - x) / self.looked, (v - y) / self.looked
            self.pace = (self.pace[0] + _PACE * across, self.pace[1] + _PACE * along)
        else:
            self.pace = (0.0, 0.0)
        x, y = _blend(x, u, _PLACE), _blend(y, v, _PLACE)
        self.box = Box(x - width / 2, y + 1 - height, width, height)
        self.score, self.looked, self.missed, self.seen = _blend(self.score, thing.score, _TRUST), 0.0, 0, self.seen + 1
        far = max(abs(u - self.birth[0]), abs(v - self.birth[1])) >= STRIDE * found.height
        self.moved = self.moved or (far and self.seen > SEEN)
        self.known = self.known or self._sure

    def steadied(self, shift: tuple[float, float]) -> bool:
        """Whether it has moved since it was first seen, by how much the camera had strayed undone: shake is no step."""
        (x, y), (right, down) = self.box.foot, shift
        here = self.first = self.first or (x - right, y - down)
        far = max(abs(x - right - here[0]), abs(y - down - here[1])) >= STRIDE * self.box.height
        return far and self.seen > SEEN

    @property
    def believed(self) -> bool:
        """Whether it is there, and was found by the newest look at its place."""
        return not self.missed and self._sure

    @property
    def counts(self) -> bool:
        """Whether it is there: one that was found often, or moved, is not gone because a look missed or doubted it."""
        return (self._sure and (not self.missed or self.seen > SEEN)) or (self.moved and self.known)

    @property
    def _sure(self) -> bool:
        return self.score >= SURE or (self.moved and self.score >= DOUBTED)


class Following:
    """The things of one view."""

    def __init__(self) -> None:
        self.all: list[Followed] = []
        self._lost: list[Followed] = []  # who had come, stood, and was found no more
        self._named = 0

    @property
    def present(self) -> tuple[Followed, ...]:
        """Those that are believed to be there."""
        return tuple(one for one in self.all if one.believed)

    @property
    def counted(self) -> tuple[Followed, ...]:
        """Those, and who a look or two have missed."""
        return tuple(one for one in self.all if one.counts)

    def go_on(self, elapsed: float, lines: int, columns: int) -> None:
        """Let time pass; who leaves the picture is gone, and so is who should have been found long ago."""
        for one in (*self.all, *self._lost):
            one.go_on(elapsed)
        self._lost = [one for one in self._lost if one.looked <= REMEMBERED]
        picture = Box(0, 0, columns, lines)
        due = [one for one in self.all if one.looked <= (HIDDEN if one.moves else UNSEEN)]
        self._keep([one for one in due if holds(picture, one.box.middle)])

    def look(self, found: list[Thing], within: Box) -> None:
        """Take what a look found, at that part of the picture; what was there and was not found has been missed."""
        free = self._met(found)
        for one in self.all:
            if one.name not in free.met and holds(within, one.box.middle):
                one.missed += 1
        self._keep([one for one in self.all if one.missed < MISSED])
        self.all += [self._born(thing) for thing in free.left if thing.score >= BEGIN]

    def _keep(self, kept: list[Followed]) -> None:
        """Go on with these; of the others, who had come and stands may only be hidden."""
        names = {one.name for one in kept}
        self._lost += [one for one in self.all if one.name not in names and one.came and not one.moves]
        self.all = kept

    def _met(self, found: list[Thing]) -> "_Free":
        """Join what is found to what is followed, the nearest first; who met, and what is left over."""
        pairs = sorted(
            (
                (away, i, k)
                for i, one in enumerate(self.all)
                for k, thing in enumerate(found)
                if one.kind == thing.kind and (away := one.away(thing.box)) <= REACH + SPEED * one.looked
            )
        )
        met: set[int] = set()
        taken: set[int] = set()
        for _, i, k in pairs:
            if self.all[i].name not in met and k not in taken:
                met.add(self.all[i].name)
                taken.add(k)
                self.all[i].meet(found[k])
        return _Free(met, [thing for k, thing in enumerate(found) if k not in taken])

    def _born(self, thing: Thing) -> Followed:
        self._named += 1
        back = [one for one in self._lost if one.kind == thing.kind and one.away(thing.box) <= REACH]
        self._lost = [one for one in self._lost if one not in back]
        return Followed(self._named, thing.kind, thing.box, thing.score, thing.box.foot, came=bool(back))


@dataclass(frozen=True, slots=True)
class _Free:
    """Who met, by name, and what is left over."""

    met: set[int]
    left: list[Thing]


def _blend(one: float, other: float, share: float) -> float:
    return one + share * (other - one)


def holds(box: Box, point: tuple[float, float]) -> bool:
    """Whether a point lies in a box."""
    return 0 <= point[0] - box.left <= box.width and 0 <= point[1] - box.top <= box.height


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them; there must be one."""
    every = list(boxes)
    left, top = min(box.left for box in every), min(box.top for box in every)
    right, foot = max(box.left + box.width for box in every), max(box.top + box.height for box in every)
    return Box(left, top, right - left, foot - top)
