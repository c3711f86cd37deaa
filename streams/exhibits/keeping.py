"""The keeper: looks for events that cameras saw and have no exhibits yet, and has them drawn.

What it does follows from the casebook, the store and the frames on the disk alone: after a kill it does the same again.
"""

import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import msgspec

from detectors.domain.errors import Unreachable
from detectors.domain.instant import HOUR, SECOND
from detectors.domain.series import quantity_of
from detectors.domain.site import Site
from ingest.children import environment, pack, why_ended
from storage.casebook import Casebook, Episode
from storage.evidence import Evidence
from storage.exhibits import Exhibit, Exhibits
from storage.series import Store
from streams.exhibits.order import AFTER, BEFORE, LATER, Chosen, Course, Order, chosen, falls

log = logging.getLogger(__name__)
SETTLED = AFTER + 2 * SECOND  # after a turn, until the frames and readings around it are kept
BACK = 24 * HOUR  # events older than this have no frames any more
TRIES = 3  # drawings of an event that may fail, until the keeper starts anew
PATIENCE = 300.0  # seconds that one drawing may take
KEEP_AGE, KEEP_BYTES = 180 * 24 * HOUR, 10 << 30


class Keeper:
    """Keeps exhibits of a site's events; `round` may be called as often as one likes."""

    def __init__(
        self, site: Site, book: Casebook, store: Store, frames: Evidence, exhibits: Exhibits, clock: Callable[[], int]
    ) -> None:
        self._site, self._book, self._store, self._clock = site, book, store, clock
        self._frames, self._exhibits = frames, exhibits
        self._made: dict[str, bool] = {}  # events that have exhibits, and whether nothing more comes: not asked for again
        self._failed: Counter[str] = Counter()
        self._pruned = 0

    def round(self) -> int:
        """Have everything drawn that is due; how many events were."""
        now = self._clock()
        if now - self._pruned > HOUR:
            self._exhibits.prune(KEEP_AGE, KEEP_BYTES, now=now)
            self._pruned = now
        due = [one for one in self._book.seen_by(self._site.cameras, now - BACK) if self._is_due(one, now)]
        return sum(self._draw(one, now) for one in due)

    def _is_due(self, episode: Episode, now: int) -> bool:
        """Once some seconds after it rose, and once more some seconds after it was over."""
        if self._failed[episode.id] >= TRIES:
            return False
        if episode.cleared_at is not None and now - episode.cleared_at > SETTLED:
            return not self._is_made(episode.id)
        return now - (episode.raised_at or episode.since) > SETTLED and self._is_made(episode.id) is None

    def _is_made(self, episode: str) -> bool | None:
        """Whether all of an event's exhibits are there; None where none are."""
        if episode not in self._made and (found := self._exhibits.of(episode)):
            self._made[episode] = found.over
        return self._made.get(episode)

    def _draw(self, episode: Episode, now: int) -> bool:
        order = self._order(episode, now)
        if not order.chosen and not order.clip:
            self._failed[episode.id] += order.exhibit.over  # its frames have gone
            return False
        child = subprocess.Popen(
            [sys.executable, "-m", "streams.exhibits.child"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment()
        )
        try:
            child.communicate(pack(order), PATIENCE)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            child.kill()
        if child.wait() == LATER:
            raise Unreachable("where exhibits are kept", self._exhibits.place.address)
        if child.returncode == 0:
            self._made[episode.id] = order.exhibit.over
        else:
            self._failed[episode.id] += 1
            log.warning("the exhibits of %s were not drawn: %s", episode.id, why_ended(child.returncode))
        return child.returncode == 0

    def _order(self, episode: Episode, now: int) -> Order:
        camera, raised = episode.station, episode.raised_at or episode.since
        until = now if episode.cleared_at is None else episode.cleared_at
        course = self._course(episode, until)
        around = self._frames.between(camera, raised - BEFORE, raised + AFTER)
        blank = Exhibit(episode=episode.id, camera=camera, series=episode.series, made_at=now, over=False)
        over = episode.cleared_at is not None and now - episode.cleared_at > SETTLED
        return Order(
            frames=str(self._frames.folder),
            exhibits=self._exhibits.place,
            camera=self._site.cameras[camera],
            timezone=self._site.timezone,
            clip=tuple(Chosen(role="clip", at=at, value=course.value_at(at)) for at in around),
            chosen=chosen(episode, course, self._frames.between(camera, episode.since, until - 1)),
            low=falls(episode),
            exhibit=msgspec.structs.replace(self._exhibits.of(episode.id) or blank, made_at=now, over=over),
        )

    def _course(self, episode: Episode, until: int) -> Course:
        """The event's measure while it lasted; nothing while the store is away: the frames are there all the same."""
        try:
            columns = self._store.read(episode.series, episode.since, until + 1)
        except Unreachable as away:
            log.warning("%s: %s", quantity_of(episode.series), away)
            return Course.none()
        return Course(columns.at, columns.value)
