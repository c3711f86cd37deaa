"""A hearing: the tests held over one batch, in the order in which they need each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court.memory import Memory
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag, Outcome
from detectors.limits import limit as limits
from detectors.quality import flat, gross, hindsight, marks, order, rate, roll, spike

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """What quality control said of each reading of a batch."""

    outcome: Bytes
    flag: Bytes
    tests: NDArray[np.uint16]
    amended: NDArray[np.void]  # `hindsight.AMENDED`
    settled: NDArray[np.void]  # `hindsight.SETTLED`
    said: Bytes  # `persist.WATCHED`, one row a test


def test(memory: Memory, row: NDArray[np.int32], batch: Batch) -> Tested:
    """Hold all tests of quality over a batch."""
    of, at, value = memory.series, batch.at, batch.value
    outcome, of_newest = order.step(of["order"], row, at, order.keys(at, value))
    in_range = gross.step(of["gross.rule"], row, value)
    by_mark = marks.step(marks.FLAG_OF, batch.mark, value)
    believed = roll.believe(outcome, in_range, by_mark)
    of_last, doubtful = spike.step(of["spike"], of["spike.rule"], row, value, believed)
    moved = rate.step(of["rate"], of["rate.rule"], row, at, value, believed)
    still = flat.step(of["flat"], of["flat.rule"], row, at, value, believed)
    beyond = limits.beyond(memory.limits["limit.rule"], of["place"], row, value)
    flag, tests = roll.step(of["order"], of["roll.rule"], row, outcome, of_newest, in_range, by_mark, moved, still, beyond)
    amended, settled = hindsight.step(
        of["hindsight"], row, at, value, batch.mark, batch.seq, batch.got, flag, tests, believed, of_last, doubtful
    )
    news = (outcome == Outcome.JUDGED) & (by_mark != Flag.MISSING)
    said = np.stack([in_range * news, of_last, still, by_mark * news])
    return Tested(outcome=outcome, flag=flag, tests=tests, amended=amended, settled=settled, said=said)
