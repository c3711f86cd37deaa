"""A hearing: the tests held over one batch, in the order in which they need each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court.memory import Memory
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag, Outcome
from detectors.limits import limit as limits
from detectors.quality import (
    attenuated,
    climatology,
    drift,
    flat,
    gap,
    gross,
    hindsight,
    location,
    marks,
    neighbour,
    order,
    pattern,
    rate,
    relation,
    roll,
    spike,
    stuck,
    unlikely,
)

Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """What quality control said of each reading of a batch."""

    outcome: Bytes
    flag: Bytes
    tests: Bits
    amended: NDArray[np.void]  # `hindsight.AMENDED`
    settled: NDArray[np.void]  # `hindsight.SETTLED`
    mark: Bytes  # the device's own mark as a flag
    failed: Bits  # the tests that failed it, or the reading before it where only a successor can tell
    passed: Bits
    score: NDArray[np.float32]  # of `unlikely`; NaN where nothing is known


class Opinions:
    """What tests have said so far of each reading, or of the one before it."""

    def __init__(self, readings: int) -> None:
        self.worst = np.zeros(readings, np.uint8)
        self.fired, self.failed, self.passed = np.zeros((3, readings), np.uint16)

    def hear(self, test: str, flag: Bytes) -> Bytes:
        """Take in one test; give back what it said."""
        roll.add(self.worst, self.fired, self.failed, self.passed, flag, roll.BIT[test])
        return flag


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heard:
    """The readings of a batch as every test reads them."""

    memory: Memory
    row: NDArray[np.int32]
    batch: Batch
    outcome: Bytes
    mark: Bytes
    believed: NDArray[np.bool_]
    said: Opinions
    of_last: Opinions  # of the last believed reading before each, in its series


def test(memory: Memory, row: NDArray[np.int32], batch: Batch) -> Tested:
    """Hold all tests of quality over a batch."""
    of, at, value, said = memory.series, batch.at, batch.value, Opinions(len(batch))
    outcome, of_newest = order.step(of["order"], row, at, value)
    mark = marks.step(marks.FLAG_OF, batch.mark, value)
    believed = roll.believe(outcome, said.hear("gross_range", gross.step(of["gross.rule"], row, value)), mark)
    heard = _Heard(
        memory=memory,
        row=row,
        batch=batch,
        outcome=outcome,
        mark=mark,
        believed=believed,
        said=said,
        of_last=Opinions(len(batch)),
    )
    doubtful = _by_neighbours_in_time(heard)
    _by_habit(heard)
    score = _by_what_is_usual(heard)
    doubtful = _by_company(heard, doubtful)
    beyond = limits.beyond(memory.limits["limit.rule"], of["place"], memory.book.clock, row, at, value)
    flag, tests = roll.step(of["order"], of["roll.rule"], row, outcome, of_newest, mark, said.worst, said.fired, beyond)
    last = heard.of_last
    amended, settled = hindsight.step(
        of["hindsight"], row, at, value, batch.mark, batch.seq, batch.got, flag, tests, believed, last.worst, last.fired, doubtful
    )
    return Tested(
        outcome=outcome,
        flag=flag,
        tests=tests,
        amended=amended,
        settled=settled,
        mark=mark,
        failed=said.failed | last.failed,
        passed=said.passed | last.passed,
        score=score,
    )


def _by_neighbours_in_time(heard: _Heard) -> NDArray[np.bool_]:
    """Hold the tests that look at the readings just before; say which readings wait for their successor."""
    of, row, at, value, believed = heard.memory.series, heard.row, heard.batch.at, heard.batch.value, heard.believed
    of_last, doubtful = spike.step(of["spike"], of["spike.rule"], row, value, believed)
    heard.of_last.hear("spike", of_last)
    heard.said.hear("rate_of_change", rate.step(of["rate"], of["rate.rule"], row, at, value, believed))
    heard.said.hear("flat_line", flat.step(of["flat"], of["flat.rule"], row, at, value, believed))
    return doubtful


def _by_habit(heard: _Heard) -> None:
    """Hold the tests that know what a series does over hours, days and seasons."""
    of, seat, row, at, value = heard.memory.seats.of, heard.memory.series["seat"], heard.row, heard.batch.at, heard.batch.value
    if len(seats := of["gap"]):
        late = gap.step(seats["memory"], seats["rule"], seat["gap"], row, at, heard.outcome == Outcome.JUDGED)
        roll.note(heard.said.worst, heard.said.fired, late, roll.BIT["gap"])
    if len(seats := of["climatology"]):
        heard.said.hear("climatology", climatology.step(seats["rule"], seat["climatology"], row, at, value, heard.mark))
    for test, rule in HABITS.items():
        if len(seats := of[test]):
            heard.said.hear(test, rule.step(seats["memory"], seats["rule"], seat[test], row, at, value, heard.believed))


def _by_what_is_usual(heard: _Heard) -> NDArray[np.float32]:
    """Hold the tests that know what is usual for a series; say how unlikely each reading is."""
    of, seat, row, at, value = heard.memory.seats.of, heard.memory.series["seat"], heard.row, heard.batch.at, heard.batch.value
    believed, score = heard.believed, np.full(len(row), np.nan, np.float32)
    if len(seats := of["unlikely"]):
        flag, score = unlikely.step(seats["memory"], seats["rule"], seat["unlikely"], row, at, value, believed)
        heard.said.hear("unlikely", flag)
        believed = believed & (flag < Flag.SUSPECT)
    if len(seats := of["drift"]):
        heard.said.hear("drift", drift.step(seats["memory"], seats["rule"], seat["drift"], row, at, value, believed))
    return score


def _by_company(heard: _Heard, doubtful: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hold the tests that look at other series; say which readings wait for their successor."""
    of, seat, row, at, value = heard.memory.seats.of, heard.memory.series["seat"], heard.row, heard.batch.at, heard.batch.value
    if len(seats := of["multi_variate"]):
        slow, of_last, alone = relation.step(
            seats["memory"], seats["rule"], seat["multi_variate"], row, at, value, heard.believed
        )
        heard.said.hear("multi_variate", slow)
        heard.of_last.hear("multi_variate", of_last)
        doubtful |= alone
    if len(seats := of["neighbour"]):
        clean = (heard.said.worst < Flag.SUSPECT) & ~doubtful & (heard.mark == Flag.GOOD)
        apart = neighbour.step(seats["memory"], seats["rule"], seat["neighbour"], row, at, value, heard.believed, clean)
        heard.said.hear("neighbour", apart)
    return doubtful


HABITS = {"attenuated_signal": attenuated, "stuck_at_limit": stuck, "pattern_loss": pattern, "location": location}
