"""Order: records finished in any order, acknowledged in the order they came."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Event = TypeVar("Event")


@dataclass(slots=True)
class Place(Generic[Event]):
    """A record's place in the queue, and how it ended."""

    event: Event
    outcome: str = ""


class InOrder(Generic[Event]):
    """Hands records back, oldest first, as soon as every earlier one of the same partition is done."""

    def __init__(self) -> None:
        self._queue: deque[Place[Event]] = deque()

    def begin(self, event: Event) -> Place[Event]:
        """Take a record's place in the queue."""
        place = Place(event)
        self._queue.append(place)
        return place

    def finish(self, place: Place[Event], outcome: str) -> Iterator[tuple[Event, str]]:
        """Say how a record ended; whatever may now be acknowledged comes back with its outcome."""
        place.outcome = outcome
        while self._queue and self._queue[0].outcome:
            done = self._queue.popleft()
            yield done.event, done.outcome
