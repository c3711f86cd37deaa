"""The history: all events of the casebook, leaf by leaf, each read once between two looks for all who have it open."""

import asyncio

from dashboards.desk.views.events import Leaf
from detectors.domain.errors import Unreachable
from storage.casebook import Casebook, Episode

LONG = 50  # episodes on a leaf


class History:
    """Reads leaves; what was read in a look is kept until the next."""

    def __init__(self, book: Casebook, long: int = LONG) -> None:
        self._book, self._long = book, long
        self._at, self._read = 0, dict[tuple[str, str], Leaf]()

    async def of(self, kind: str, after: Episode | None, now: int) -> Leaf | None:
        """The leaf of a kind of events that follows one, or the first, as of the look at `now`; None while the book is away."""
        if now != self._at:
            self._at, self._read = now, {}
        name = kind, after.id if after else ""
        if name not in self._read:
            try:
                self._read[name] = await asyncio.to_thread(self._leaf, kind, after)
            except Unreachable:
                return None
        return self._read.get(name)

    def _leaf(self, kind: str, after: Episode | None) -> Leaf:
        found = self._book.page(kind, after, self._long + 1)
        shown = found[: self._long]
        told = {name: tuple(messages) for name, messages in self._book.messages(one.id for one in shown).items()}
        return Leaf(episodes=tuple(shown), told=told, more=len(found) > self._long)
