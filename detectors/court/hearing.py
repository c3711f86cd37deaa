"""A hearing: the tests held over one batch, in the order in which they need each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court import passes
from detectors.court.memory import Memory
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag
from detectors.limits import limit as limits
from detectors.quality import apart, drift, location, marks, order, roll, unlikely

Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint16]
Bools = NDArray[np.bool_]
HABITS = ("attenuated_signal", "stuck_at_limit", "pattern_loss")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """What quality control said of each reading of a batch."""

    outcome: Bytes
    flag: Bytes
    tests: Bits
    amended: NDArray[np.void]  # `hindsight.AMENDED`
    settled: NDArray[np.void]  # `hindsight.SETTLED`
    mark: Bytes  # the device's own mark as a flag
    failed: Bits  # the tests that failed it or doubt its probe, or the reading before it where only a successor can tell
    passed: Bits
    score: NDArray[np.float32]  # of `unlikely`; NaN where nothing is known
    doubtful: Bools  # it waits for its successor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heard:
    """What the first pass said of each reading of a batch; what later tests say is added."""

    outcome: Bytes
    of_newest: Bools  # it repeats the newest of its series
    mark: Bytes
    believed: Bools
    of_last: Bytes  # what its predecessor was
    doubtful: Bools  # it waits for its successor
    worst: Bytes
    fired: Bits
    failed: Bits
    passed: Bits

    def hear(self, test: str, flag: Bytes) -> None:
        """Take in one more test."""
        roll.add(self.worst, self.fired, self.failed, self.passed, flag, roll.BIT[test])

    def hear_doubt(self, test: str, flag: Bytes) -> None:
        """Take in a test whose doubt may last; it counts as a failure of the probe, for limits are silent meanwhile."""
        self.hear(test, flag)
        self.failed[flag == Flag.SUSPECT] |= np.uint16(roll.BIT[test])


def test(memory: Memory, row: NDArray[np.int32], batch: Batch) -> Tested:
    """Hold all tests of quality over a batch."""
    of, company, heard = memory.series, memory.seats.of, _hear(memory, row, batch)
    score = _by_few(memory, row, batch, heard)
    beyond = limits.beyond(memory.limits["limit.rule"], of["place"], memory.book.clock, row, batch.at, batch.value)
    flag, tests, amended, settled = passes.second(
        (of["order"], of["hindsight"]),
        of["roll.rule"],
        tuple(company[test][table] for test in ("multi_variate", "neighbour") for table in ("memory", "rule")),
        of["seat"],
        row,
        batch.at,
        batch.value,
        batch.mark,
        batch.seq,
        batch.got,
        heard.outcome,
        heard.of_newest,
        heard.mark,
        heard.believed,
        heard.of_last,
        heard.doubtful,
        heard.worst,
        heard.fired,
        heard.failed,
        heard.passed,
        beyond,
    )
    return Tested(
        outcome=heard.outcome,
        flag=flag,
        tests=tests,
        amended=amended,
        settled=settled,
        mark=heard.mark,
        failed=heard.failed,
        passed=heard.passed,
        score=score,
        doubtful=heard.doubtful,
    )


def _hear(memory: Memory, row: NDArray[np.int32], batch: Batch) -> _Heard:
    """Hold the tests that look at one series, and that many series ask for."""
    of, seats = memory.series, memory.seats.of
    outcome, of_newest, mark, believed, of_last, doubtful, worst, fired, failed, passed = passes.first(
        (of["order"], of["spike"], of["rate"], of["flat"]),
        (of["gross.rule"], of["spike.rule"], of["rate.rule"], of["flat.rule"]),
        (
            *(seats["gap"][table] for table in ("memory", "rule")),
            seats["climatology"]["rule"],
            *(seats[test][table] for test in HABITS for table in ("memory", "rule")),
        ),
        of["seat"],
        marks.FLAG_OF,
        row,
        batch.at,
        batch.value,
        batch.mark,
        order.keys(batch.at, batch.value),
    )
    return _Heard(
        outcome=outcome,
        of_newest=of_newest,
        mark=mark,
        believed=believed,
        of_last=of_last,
        doubtful=doubtful,
        worst=worst,
        fired=fired,
        failed=failed,
        passed=passed,
    )


def _by_few(memory: Memory, row: NDArray[np.int32], batch: Batch, heard: _Heard) -> NDArray[np.float32]:
    """Hold the tests that few series ask for: of positions, and of what is usual; say how unlikely each reading is."""
    of, seat, at, value = memory.seats.of, memory.series["seat"], batch.at, batch.value
    believed, score = heard.believed, np.full(len(row), np.nan, np.float32)
    if len(seats := of["location"]):
        heard.hear("location", location.step(seats["memory"], seats["rule"], seat["location"], row, at, value, believed))
    if len(seats := of["unlikely"]):
        flag, score = unlikely.step(seats["memory"], seats["rule"], seat["unlikely"], row, at, value, believed)
        heard.hear_doubt("unlikely", flag)
        believed = believed & (flag < Flag.SUSPECT)
    if len(seats := of["drift"]):
        heard.hear_doubt("drift", drift.step(seats["memory"], seats["rule"], seat["drift"], row, at, value, believed))
    if len(seats := of["apart"]):
        heard.hear_doubt("drift", apart.step(seats["memory"], seats["rule"], seat["apart"], row, at, value, believed))
    return score
