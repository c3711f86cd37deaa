"""The watch: one loop that looks at the stores for all pages, so that a hundred readers cost as much as one."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboards.desk.faces import Faces
from dashboards.desk.glance import Glance
from dashboards.desk.history import History
from dashboards.desk.kept import Kept
from dashboards.desk.player import Player
from detectors.domain.errors import Unreachable
from detectors.domain.instant import HOUR
from detectors.domain.site import Site
from detectors.water.breach import Trace
from detectors.water.network import Network
from storage import processes
from storage.casebook import Casebook, Episode, Review
from storage.evidence import Evidence
from storage.exhibits import Exhibits
from storage.ledger import Ledger
from storage.refused import RefusedBox
from storage.series import Store
from storage.tracing import traced

EVERY = 2.0  # seconds between two looks
_SPARKS_EVERY = 60_000_000_000  # ns
_SPARK = HOUR // 2
_MOST_EPISODES, _MOST_REFUSED = 300, 50
_STEP = 3_000_000_000  # ns between the pictures shown around an event


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the desk reads; it writes only acknowledgements and reviews, through the casebook."""

    site: Site
    store: Store
    book: Casebook
    ledger: Ledger
    refused: RefusedBox
    evidence: Evidence
    exhibits: Exhibits
    faces: Faces  # who may see them
    processes: Path  # the supervisor's processes.json, which may be absent
    player: Player | None = None  # of scenarios, where they may be played


class Watch:
    """Keeps the newest glance."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.glance = Glance(site=sources.site, now=time.time_ns())
        self.network = Network(sources.site)
        self.kept = Kept(sources.exhibits)
        self.history = History(sources.book)
        self._sparks_at = 0

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Look once; what cannot be reached keeps its last state, and the glance says so."""
        now = time.time_ns()
        try:
            self.glance = await asyncio.to_thread(self._seen, now)
            if now - self._sparks_at > _SPARKS_EVERY:
                self._sparks_at = now
                self.glance = self.glance.but(sparks=await asyncio.to_thread(self._sparks, now))
        except Unreachable as fault:
            self.glance = self.glance.but(now=now, trouble=str(fault), processes=processes.read(self.sources.processes))

    def _seen(self, now: int) -> Glance:
        at = self.sources
        episodes = tuple(at.book.events(_MOST_EPISODES))
        mailboxes = {
            c.name: tuple(at.book.mailbox(c.name)) for c in at.site.chiefs if any(ch.startswith("mailbox:") for ch in c.channels)
        }
        return Glance(
            site=at.site,
            now=now,
            newest=at.store.newest(),
            open=tuple(at.book.open_events()),
            episodes=episodes,
            told={name: tuple(messages) for name, messages in at.book.messages(one.id for one in episodes).items()},
            balance=at.ledger.balance(),
            stages=tuple(at.ledger.rows()),
            refused=tuple(at.refused.list(limit=_MOST_REFUSED)),
            mailboxes=mailboxes,
            precision=tuple(at.book.precision()),
            processes=processes.read(at.processes),
            pictures={name: seen[0] for name in at.site.cameras if (seen := at.evidence.latest(name))},
            sparks=self.glance.sparks,
        )

    async def episode(self, name: str) -> Episode | None:
        """An episode of whatever age."""
        return await asyncio.to_thread(self.sources.book.episode, name)

    async def trace(self, episode: Episode) -> Trace | None:
        """Where an episode may have come from and where it goes; None where water does not carry it, or the store is away."""
        try:
            return await asyncio.to_thread(traced, self.network, self.sources.store, episode)
        except Unreachable:
            return None

    async def pictures(self, camera: str, at: int) -> list[int]:
        """The instants of pictures kept shortly before, at and shortly after an instant."""
        return await asyncio.to_thread(self._pictures, camera, at)

    def _pictures(self, camera: str, at: int) -> list[int]:
        if camera not in self.sources.site.cameras:
            return []
        found = (self.sources.evidence.find(camera, at + step * _STEP, _STEP // 2) for step in range(-2, 4))
        return sorted({frame.at for frame in found if frame})

    async def review(self, said: Review) -> None:
        """Take a person's word on an episode, and look again at once, so that they see it.

        Raises:
            Refused: if there is no such episode, or a name or a reason is missing.
        """
        await asyncio.to_thread(self.sources.book.review, said)
        await self.look()

    def acknowledge(self, token: str) -> Episode:
        """Take an episode for the chief whom the link was sent to.

        Raises:
            Refused: if the link is of no message.
        """
        return self.sources.book.acknowledge(token, "", time.time_ns())

    def _sparks(self, now: int) -> dict[str, tuple[float, ...]]:
        return {series: self._spark(series, now) for series in self.glance.newest}

    def _spark(self, series: str, now: int) -> tuple[float, ...]:
        start = now - now % _SPARK - 48 * _SPARK
        buckets = self.sources.store.downsampled(series, start, now, _SPARK)
        means = np.full(49, np.nan)
        means[(buckets.at - start) // _SPARK] = buckets.mean
        return tuple(means.tolist())
