"""Messages in hand: acknowledged in the order in which they came, whatever the order in which they became safe."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial


class Hand:
    """How much a reader holds that is not yet safe, over all its connections."""

    __slots__ = ("bytes", "count", "most", "most_bytes")

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most, self.most_bytes = most, most_bytes
        self.count = self.bytes = 0

    @property
    def full(self) -> bool:
        """Nothing more should be taken."""
        return self.count >= self.most or self.bytes >= self.most_bytes

    async def room(self) -> None:
        """Wait until it is not full; polled, for nobody waits here but after a lost connection."""
        while self.full:  # noqa: ASYNC110  an event would cost every acknowledgement something
            await asyncio.sleep(0.05)

    @property
    def has_room(self) -> bool:
        """Half of it is free again."""
        return self.count * 2 <= self.most and self.bytes * 2 <= self.most_bytes


class Unacked:
    """What came over one connection and is not yet acknowledged."""

    __slots__ = ("_done", "_first", "_hand", "_next", "_pending", "_release")

    def __init__(self, hand: Hand, release: Callable[[int], None]) -> None:
        """`release` is called with each packet identifier that may be acknowledged now; never for QoS 0."""
        self._hand, self._release = hand, release
        self._pending: deque[tuple[int, int]] = deque()  # identifier (0 = QoS 0), bytes
        self._done: set[int] = set()  # safe, but behind one that is not; by place in the order
        self._first = self._next = 0

    def hold(self, identifier: int, size: int) -> Callable[[], None]:
        """Take a message in hand; what is returned says that it is safe."""
        place = self._next
        self._next = place + 1
        self._pending.append((identifier, size))
        self._hand.count += 1
        self._hand.bytes += size
        return partial(self._safe, place)

    def _safe(self, place: int) -> None:
        if place < self._first or place in self._done:
            return  # said twice
        if place != self._first:
            self._done.add(place)
            return
        hand, done, pending = self._hand, self._done, self._pending
        while True:
            identifier, size = pending.popleft()
            hand.count -= 1
            hand.bytes -= size
            if identifier:
                self._release(identifier)
            place += 1
            if place not in done:
                break
            done.remove(place)
        self._first = place
