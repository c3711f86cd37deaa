"""The court: judges batches and ticks against the memory of a partition, and says what it found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court import hearing
from detectors.court.clerk import Clerk
from detectors.court.memory import Memory
from detectors.court.rulebook import Rulebook
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent, Turn
from detectors.domain.judged import Flag, Judged, Outcome
from detectors.domain.site import Site
from detectors.limits import limit as limits
from detectors.limits import silence
from detectors.quality import persist

Found = tuple[int, GridEvent]  # the row of the batch that showed it, and what it showed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """Every reading with its flag, and the turns that episodes took, in the order of the readings that turned them.

    After the rows of the batch, `judged` has a row of outcome `AMENDED` for each earlier reading whose flag changed.
    """

    judged: Judged
    events: tuple[GridEvent, ...]
    by: tuple[int, ...] = ()  # for each event the row of `judged` that turned it


class Court:
    """All rules of a site; holds no memory of its own."""

    def __init__(self, site: Site) -> None:
        self._book = Rulebook(site)
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
            return Verdict(judged=_empty(), events=())
        of_names = memory.rows_of(batch.names)
        row = of_names[batch.series]
        tested = hearing.test(memory, row, batch)
        found = [*self._limits(memory, row, batch, tested), *self._late(memory, row, batch, tested)]
        found += [*self._instruments(memory, row, batch, tested), *self._heard(memory, row, batch)]
        found.sort(key=lambda pair: pair[0])
        memory.newest = max(memory.newest, int(batch.got.max()))
        memory.series.touch(of_names)
        memory.stations.touch(memory.series["place"]["station"][of_names])
        return Verdict(judged=_judged(batch, tested), events=tuple(event for _, event in found), by=tuple(i for i, _ in found))

    def tick(self, memory: Memory, instant: int, offset: int = -1) -> Verdict:
        """Judge silence against an instant (ns since 1970 UTC)."""
        memory.offset = max(memory.offset, offset)
        fell = silence.step(memory.stations["silence"], memory.stations["silence.rule"], instant)
        memory.stations.touch(fell)
        since = memory.stations["silence"]["since"]
        told = [(memory.stations.names[station], int(since[station])) for station in fell]
        events = tuple(self._clerk.of_silence(name, turn=Turn.RAISED, since=began, at=instant) for name, began in told)
        return Verdict(judged=_empty(), events=events)

    def _young(self, batch: Batch) -> NDArray[np.bool_]:
        return batch.got - batch.at <= self._told_within

    def _limits(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Alarms that rose or fell."""
        good, by = tested.settled, tested.settled["i"]
        table, place = memory.limits, memory.series["place"]
        young = self._young(batch)[by]
        for turned in limits.step(table["limit"], table["limit.rule"], place, row[by], good["at"], good["value"], young):
            entry = good[turned["e"]]
            i = int(entry["i"])
            yield (
                i,
                self._clerk.of_limit(
                    memory.limit_of[turned["limit"]],
                    turn=Turn.RAISED if turned["turn"] == limits.ROSE else Turn.CLEARED,
                    since=int(turned["since"]),
                    at=int(batch.at[i]),
                    value=float(entry["value"]),
                    tell=bool(turned["tell"]),
                ),
            )

    def _late(self, memory: Memory, row: NDArray[np.int32], batch: Batch, tested: hearing.Tested) -> Iterator[Found]:
        """Exceedances in history: recorded, never told."""
        past = (tested.outcome == Outcome.HISTORY) & (tested.flag <= Flag.NOT_EVALUATED)
        table, place = memory.limits, memory.series["place"]
        for late in limits.late(table["limit"], table["limit.rule"], place, row, batch.at, batch.value, past):
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
        """Instruments that cannot be believed, or can again."""
        for turned in persist.step(memory.series["persist"], row, batch.at, tested.said, self._young(batch)):
            i = int(turned["i"])
            yield (
                i,
                self._clerk.of_instrument(
                    persist.WATCHED[turned["kind"]],
                    memory.series.names[row[i]],
                    turn=Turn.RAISED if turned["turn"] > 0 else Turn.CLEARED,
                    since=int(turned["since"]),
                    at=int(batch.at[i]),
                    value=float(batch.value[i]),
                    tell=bool(turned["tell"]),
                ),
            )

    def _heard(self, memory: Memory, row: NDArray[np.int32], batch: Batch) -> Iterator[Found]:
        """Stations that were silent and are heard again."""
        station = memory.series["place"]["station"][row]
        for ended in silence.hear(memory.stations["silence"], station, batch.got):
            i = int(ended["i"])
            name = memory.stations.names[station[i]]
            yield i, self._clerk.of_silence(name, turn=Turn.CLEARED, since=int(ended["since"]), at=int(batch.got[i]))


def _empty() -> Judged:
    """No readings."""
    nothing = np.zeros(0, np.uint8)
    return Judged(readings=Batch.of([]), flag=nothing, tests=np.zeros(0, np.uint16), outcome=nothing)


def _judged(batch: Batch, tested: hearing.Tested) -> Judged:
    """The readings of a batch with what was said of them, and after them those that were amended."""
    again = tested.amended
    if not len(again):
        return Judged(readings=batch, flag=tested.flag, tests=tested.tests, outcome=tested.outcome)
    readings = Batch(
        names=batch.names,
        series=np.append(batch.series, batch.series[again["i"]]),
        at=np.append(batch.at, again["at"]),
        value=np.append(batch.value, again["value"]),
        mark=np.append(batch.mark, again["mark"]),
        seq=np.append(batch.seq, again["seq"]),
        got=np.append(batch.got, again["got"]),
    )
    return Judged(
        readings=readings,
        flag=np.append(tested.flag, again["flag"]),
        tests=np.append(tested.tests, again["tests"]),
        outcome=np.append(tested.outcome, np.full(len(again), Outcome.AMENDED, np.uint8)),
    )
