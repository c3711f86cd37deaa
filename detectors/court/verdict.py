"""A verdict: what the court says of one batch or tick."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.court.hearing import Tested
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.judged import Judged, Outcome


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """Every reading with its flag, and the turns that episodes took, in the order of the readings that turned them.

    After the rows of the batch, `judged` has a row of outcome `AMENDED` for each earlier reading whose flag changed, and after
    those one of outcome `DERIVED` for each reading that a composite made.
    """

    judged: Judged
    events: tuple[GridEvent, ...]
    by: tuple[int, ...] = ()  # for each event the row of the batch that turned it
    score: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))  # how unlikely each row of the batch is


def empty() -> Judged:
    """No readings."""
    nothing = np.zeros(0, np.uint8)
    return Judged(readings=Batch.of([]), flag=nothing, tests=np.zeros(0, np.uint16), outcome=nothing)


def of_batch(batch: Batch, tested: Tested) -> Judged:
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
