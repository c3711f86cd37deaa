"""The court: judges batches and ticks against the memory of a partition, and says what it found."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detectors.court import composites, doubt, evidence, hearing, verdict
from detectors.court.clerk import Clerk
from detectors.court.composites import COMPOSITES, Derived
from detectors.court.memory import Memory
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
        self._told_within = round(site.told_within * 1e9)

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
        row = of_names[batch.series]
        tested, young = hearing.test(memory, row, batch), self._young(batch)
        borne = evidence.weigh(memory, row, batch, tested)
        good, i = borne.settled, np.ascontiguousarray(borne.settled["i"])
        found = [*self._limits(memory, row[i], i, good["at"], good["value"], batch.at[i], young, borne.said)]
        found += self._late(memory, row, batch, tested)
        found += [*self._instruments(memory, row, batch, tested, young, good), *self._heard(memory, of_names, batch)]
        derived = composites.derive(memory, row, good, young, borne.said["sooner"])
        found += self._derived(memory, derived, young, borne)
        found.sort(key=lambda pair: pair[0])
        memory.newest = max(memory.newest, int(batch.got.max()))
        memory.touch(np.append(of_names, derived.row))
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

    def _young(self, batch: Batch) -> NDArray[np.bool_]:
        return batch.got - batch.at <= self._told_within

    def _limits(
        self,
        memory: Memory,
        row: NDArray[np.int32],
        i: NDArray[np.int64],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        turned_at: NDArray[np.int64],
        young: NDArray[np.bool_],
        borne: NDArray[np.void],
    ) -> Iterator[Found]:
        """Alarms that rose or fell by good readings, each of which the row `i` of the batch has settled or caused."""
        table, place, clock = memory.limits, memory.series["place"], self._book.clock
        sooner = borne["sooner"]
        for turned in limits.step(table["limit"], table["limit.rule"], place, clock, row, at, value, young[i], sooner):
            e, limit = turned["e"], memory.limit_of[turned["limit"]]
            rose = turned["turn"] == limits.ROSE
            yield (
                int(i[e]),
                self._clerk.of_limit(
                    limit,
                    turn=Turn.RAISED if rose else Turn.CLEARED,
                    since=int(turned["since"]),
                    at=int(turned_at[e]),
                    value=float(value[e]),
                    tell=bool(turned["tell"]),
                    facts=evidence.of_limit(self._book.site, limit, borne[e]) if rose else {},
                ),
            )

    def _derived(self, memory: Memory, derived: Derived, young: NDArray[np.bool_], borne: evidence.Borne) -> Iterator[Found]:
        """What composites found, and alarms that derived readings raised or cleared."""
        for i, found in derived.found:
            shown = borne.by(i, memory.series.rows[found.series])
            yield i, self._clerk.of_composite(evidence.add(self._book.site, found, shown))
        if len(derived):
            nobody = confirm.nobody(len(derived))
            yield from self._limits(memory, derived.row, derived.i, derived.at, derived.value, derived.at, young, nobody)

    def _late(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Exceedances in history: recorded, never told."""
        past = tested.outcome == Outcome.HISTORY
        if not past.any():
            return
        past &= tested.flag <= Flag.NOT_EVALUATED
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

    def _instruments(
        self,
        memory: Memory,
        row: NDArray[np.int32],
        batch: Batch,
        tested: hearing.Tested,
        young: NDArray[np.bool_],
        good: NDArray[np.void],
    ) -> Iterator[Found]:
        """Instruments that cannot be believed, or can again; not those whose doubted readings others bear out."""
        mark, failed = tested.mark, doubt.alone(tested.failed, good)
        if batch.mark.any():
            at_work = evidence.is_worked_on(batch, self._book.site)
            mark, failed = np.where(at_work, FAIL, mark), np.where(at_work, np.uint16(0), failed)
        for turned in persist.step(memory.series["persist"], row, batch.at, tested.outcome, mark, failed, tested.passed, young):
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

    def _heard(self, memory: Memory, of_names: NDArray[np.int32], batch: Batch) -> Iterator[Found]:
        """Stations that were silent and are heard again."""
        station = memory.series["place"]["station"][of_names][batch.series]
        for ended in silence.hear(memory.stations["silence"], station, batch.got):
            i = int(ended["i"])
            name = memory.stations.names[station[i]]
            yield i, self._clerk.of_silence(name, turn=Turn.CLEARED, since=int(ended["since"]), at=int(batch.got[i]))
