"""The court: judges batches and ticks against the memory of a partition, and says what it found."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detectors.court import composites, evidence, hearing, verdict
from detectors.court.clerk import Clerk
from detectors.court.composites import COMPOSITES, Derived
from detectors.court.memory import Memory
from detectors.court.rows import of_each
from detectors.court.rulebook import Rulebook
from detectors.court.verdict import Verdict
from detectors.domain.batch import Batch
from detectors.domain.derived import Composite
from detectors.domain.event import GridEvent, Turn
from detectors.domain.judged import Flag, Outcome
from detectors.domain.site import Site
from detectors.limits import limit as limits
from detectors.limits import silence
from detectors.quality import persist
from detectors.water import confirm

FAIL = np.uint8(Flag.FAIL)
Found = tuple[int, GridEvent]  # the row of the batch that showed it, and what it showed


class Court:
    """All rules of a site; holds no memory of its own."""

    def __init__(self, site: Site, composites: Mapping[str, Composite] = COMPOSITES) -> None:
        self._book = Rulebook(site, composites)
        self._clerk = Clerk(site)

    def blank(self) -> Memory:
        """The memory of a partition that has seen nothing."""
        return Memory(self._book)

    def thaw(self, blocks: Mapping[str, bytes]) -> Memory:
        """The memory that wrote these blocks, by this court or one with other rules.

        Raises:
            Refused: if a block is something else.
        """
        return Memory.thaw(self._book, blocks)

    def judge(self, memory: Memory, batch: Batch, offset: int = -1) -> Verdict:
        """Judge readings in the order they came.

        Args:
            memory: of the partition; changed.
            batch: readings of stations of that partition.
            offset: of the record in the partition; if given, blocks of memory that have it already do not judge it again.
        """
        batch = memory.fresh(batch, offset)
        memory.offset = max(memory.offset, offset)
        if not len(batch):
            return Verdict(judged=verdict.empty(), events=())
        of_names = memory.rows_of(batch.names)
        row = of_each(of_names, batch.series)
        tested = hearing.test(memory, row, batch)
        borne = evidence.weigh(memory, tested)
        found = [*self._limits(memory, borne.settled, lambda by: batch.at[by["i"]], borne.said)]
        found += [*self._late(memory, row, batch, tested), *self._instruments(memory, row, batch, tested)]
        found += self._heard(memory, row, batch, tested)
        derived = composites.derive(memory, borne.settled, borne.said["sooner"])
        found += self._derived(memory, row, derived, borne)
        found.sort(key=lambda pair: pair[0])
        memory.newest = max(memory.newest, int(batch.got.max()))
        memory.touch(np.append(of_names, derived.readings["row"]) if len(derived) else of_names)
        judged = composites.append(memory, verdict.of_batch(batch, tested), batch, derived)
        events, by = tuple(event for _, event in found), tuple(i for i, _ in found)
        return Verdict(judged=judged, events=events, by=by, score=tested.score)

    def tick(self, memory: Memory, instant: int, offset: int = -1) -> Verdict:
        """Judge silence against an instant (ns since 1970 UTC)."""
        memory.offset = max(memory.offset, offset)
        fell = silence.step(memory.stations["silence"], memory.stations["silence.rule"], instant)
        memory.stations.touch(fell)
        since = memory.stations["silence"]["since"]
        told = [(memory.stations.names[station], int(since[station])) for station in fell]
        events = tuple(self._clerk.of_silence(name, turn=Turn.RAISED, since=began, at=instant) for name, began in told)
        return Verdict(judged=verdict.empty(), events=events)

    def _limits(
        self,
        memory: Memory,
        heard: NDArray[np.void],
        turned_at: Callable[[np.void], int],
        borne: NDArray[np.void],
    ) -> Iterator[Found]:
        """Alarms that rose or fell by readings that are heard, `doubt.OFFERED`; `turned_at` says when one of them let it."""
        table, place, clock = memory.limits, memory.series["place"], self._book.clock
        row, at, value, young, sooner = heard["row"], heard["at"], heard["value"], heard["young"], borne["sooner"]
        for turned in limits.step(table["limit"], table["limit.rule"], place, clock, row, at, value, young, sooner):
            e, limit = turned["e"], memory.limit_of[turned["limit"]]
            by = heard[e]
            rose = turned["turn"] == limits.ROSE
            yield (
                int(by["i"]),
                self._clerk.of_limit(
                    limit,
                    turn=Turn.RAISED if rose else Turn.CLEARED,
                    since=int(turned["since"]),
                    at=int(turned_at(by)),
                    value=float(by["value"]),
                    tell=bool(turned["tell"]),
                    facts=evidence.of_limit(self._book.site, limit, borne[e]) if rose else {},
                ),
            )

    def _derived(self, memory: Memory, row: NDArray[np.int32], derived: Derived, borne: evidence.Borne) -> Iterator[Found]:
        """What composites found, and alarms that derived readings raised or cleared."""
        for i, found in derived.found:
            by = int(row[i])
            shown = evidence.add(self._book.site, found, borne.by(i, by), memory.series.names[by])
            yield i, self._clerk.of_composite(shown)
        if len(derived):
            yield from self._limits(memory, derived.readings, lambda by: by["at"], confirm.nobody(len(derived)))

    def _late(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Exceedances in history: recorded, never told."""
        if not tested.past:
            return
        past = (tested.outcome == Outcome.HISTORY) & (tested.flag <= Flag.NOT_EVALUATED)
        table, place = memory.limits, memory.series["place"]
        clock = self._book.clock
        for late in limits.late(table["limit"], table["limit.rule"], place, clock, row, batch.at, batch.value, past):
            i = int(late["i"])
            yield (
                i,
                self._clerk.of_limit(
                    memory.limit_of[late["limit"]],
                    turn=Turn.LATE,
                    since=int(late["hour"]),
                    at=int(batch.at[i]),
                    value=float(batch.value[i]),
                    tell=False,
                ),
            )

    def _instruments(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Instruments that cannot be believed, or can again; not those whose doubted readings others bear out."""
        said = tested.said
        if batch.mark.any():
            at_work = evidence.is_worked_on(batch, self._book.site)
            said["mark"][at_work], said["failed"][at_work] = FAIL, 0
        columns = (said[name] for name in ("outcome", "mark", "failed", "passed", "young"))
        for turned in persist.step(memory.series["persist"], row, batch.at, *columns):
            i, test, rose = int(turned["i"]), persist.WATCHED[turned["kind"]], turned["turn"] > 0
            yield (
                i,
                self._clerk.of_instrument(
                    test,
                    memory.series.names[row[i]],
                    turn=Turn.RAISED if rose else Turn.CLEARED,
                    since=int(turned["since"]),
                    at=int(batch.at[i]),
                    value=float(batch.value[i]),
                    tell=bool(turned["tell"]),
                    facts=evidence.of_instrument(test, int(batch.mark[i])) if rose else {},
                ),
            )

    def _heard(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Stations that were silent and are heard again."""
        for ended in tested.ended:
            i = int(ended["i"])
            name = memory.stations.names[memory.series["place"]["station"][row[i]]]
            yield i, self._clerk.of_silence(name, turn=Turn.CLEARED, since=int(ended["since"]), at=int(batch.got[i]))
