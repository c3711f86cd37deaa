"""What is to be kept of one event, as the parent says it to the child that draws."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import SECOND
from detectors.domain.site import Camera
from storage.casebook import Episode
from storage.exhibits import Exhibit, Shot
from storage.shelf import Place

LATER = os.EX_TEMPFAIL  # how a child ends when the store of exhibits does not answer: the order may come again
ROLES = ("first", "best", "last")
BEFORE, AFTER = 5 * SECOND, 5 * SECOND  # of the clip, around the instant that raised the event


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One frame and what it is shown as."""

    role: str
    at: int
    value: float | None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The event, its frames, and where they lie."""

    frames: str  # the evidence folder
    exhibits: Place  # where to keep them
    camera: Camera
    timezone: str
    clip: tuple[Chosen, ...]  # its frames, in order
    chosen: tuple[Chosen, ...]
    low: bool  # whether low values are the bad ones
    exhibit: Exhibit  # as it stands before: what cannot be made again is kept


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The event's measure while it lasted, as far as the store has it."""

    at: NDArray[np.int64]
    value: NDArray[np.float64]

    @classmethod
    def none(cls) -> "Course":
        """Where nothing is known of it."""
        return cls(np.zeros(0, np.int64), np.zeros(0))

    def value_at(self, at: int) -> float | None:
        """The value of the frame taken at that very instant."""
        found = np.flatnonzero(self.at == at)
        return float(self.value[found[0]]) if found.size else None


def chosen(episode: Episode, course: Course, frames: Sequence[int]) -> tuple[Chosen, ...]:
    """Of the frames that are kept an event's first, the one where its measure is farthest on the wrong side, and the last."""
    if not frames:
        return ()
    best = _best(episode, course, frames)
    shown = zip(ROLES, (frames[0], best, frames[-1]), strict=True)
    return tuple(Chosen(role=role, at=at, value=course.value_at(at)) for role, at in shown)


def _best(episode: Episode, course: Course, frames: Sequence[int]) -> int:
    """The frame of the most extreme value, of several the middle one: who comes and goes is seen best half-way."""
    held = np.isin(course.at, np.array(frames, np.int64)) & np.isfinite(course.value)
    raised = episode.raised_at or episode.since
    if not held.any():
        return min(frames, key=lambda at: abs(at - raised))
    at, value = course.at[held], course.value[held]
    tied = at[value == (value.min() if falls(episode) else value.max())]
    return int(tied[len(tied) // 2])


def falls(episode: Episode) -> bool:
    """Whether low values are the bad ones."""
    return episode.limit is not None and episode.value is not None and episode.value < episode.limit


def merged(before: Sequence[Shot], shots: Sequence[Shot], *, low: bool) -> tuple[Shot, ...]:
    """New pictures beside those made before: the earliest `first`, the `best` of both, the newest `last`."""
    made = {shot.role: shot for shot in before}
    for shot in shots:
        old = made.get(shot.role)
        if old is None or shot.role == "last" or (shot.role == "best" and _is_better(shot, old, low=low)):
            made[shot.role] = shot
    return tuple(made[role] for role in ROLES if role in made)


def _is_better(new: Shot, old: Shot, *, low: bool) -> bool:
    if new.value is None or old.value is None:
        return old.value is None
    return new.value < old.value if low else new.value > old.value
