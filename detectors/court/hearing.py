"""A hearing: the tests held over one batch, in the order in which they need each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court import passes
from detectors.court.memory import Memory
from detectors.domain.batch import Batch
from detectors.domain.judged import Flag
from detectors.quality import apart, drift, location, marks, roll, unlikely

Bytes = NDArray[np.uint8]
Table = NDArray[np.void]
HABITS = ("gap", "climatology", "attenuated_signal", "stuck_at_limit", "pattern_loss")
FEW = ("location", "unlikely", "drift", "apart")
COMPANY = ("multi_variate", "neighbour")
UNKNOWN = np.full(1, np.nan, np.float32).tobytes()  # a score, read for every reading where nothing is learnt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """What quality control said of each reading of a batch, and what else comes of them."""

    outcome: Bytes
    flag: Bytes
    tests: NDArray[np.uint16]
    said: Table  # `passes.SAID`
    score: NDArray[np.float32]  # of `unlikely`; NaN where nothing is known
    past: int  # good readings of history
    doubted: int  # readings that only are unlikely
    amended: Table  # `hindsight.AMENDED`
    offered: Table  # `doubt.OFFERED`
    ended: Table  # `silence.HEARD`


def test(memory: Memory, row: NDArray[np.int32], batch: Batch) -> Tested:
    """Hold all tests of quality over a batch, and say what limits may hear of it."""
    of = memory.series
    said = _first(memory, row, batch)
    score = _by_few(memory, row, batch, said)
    outcome, flag, tests, past, doubted, amended, offered, ended = passes.second(
        (of["order"], of["hindsight"]),
        of["roll.rule"],
        _gathered(memory, COMPANY),
        of["seat"],
        of["place"],
        memory.limits["limit.rule"],
        memory.book.clock,
        memory.stations["silence"],
        said,
        row,
        batch.at,
        batch.value,
        batch.mark,
        batch.seq,
        batch.got,
    )
    return Tested(
        outcome=outcome,
        flag=flag,
        tests=tests,
        said=said,
        score=score,
        past=past,
        doubted=doubted,
        amended=amended,
        offered=offered,
        ended=ended,
    )


def _first(memory: Memory, row: NDArray[np.int32], batch: Batch) -> Table:
    """Hold the tests that look at one series, and that many series ask for."""
    of = memory.series
    return passes.first(
        (of["order"], of["spike"], of["rate"], of["flat"]),
        (of["gross.rule"], of["spike.rule"], of["rate.rule"], of["flat.rule"]),
        _gathered(memory, HABITS),
        of["seat"],
        marks.FLAG_OF,
        row,
        batch.at,
        batch.value,
        batch.mark,
        batch.got,
        memory.book.told_within,
    )


def _gathered(memory: Memory, tests: tuple[str, ...]) -> tuple[Table, ...]:
    """What seats of some tests remember, where they do, and their rules."""
    known = memory.gathered.get(tests)
    if known is None:
        seats = memory.seats.of
        known = tuple(seats[test][table] for test in tests for table in ("memory", "rule") if table in seats[test].tables)
        memory.gathered[tests] = known
    return known


def _by_few(memory: Memory, row: NDArray[np.int32], batch: Batch, said: Table) -> NDArray[np.float32]:
    """Hold the tests that few series ask for: of positions, and of what is usual; say how unlikely each reading is."""
    of, seat, at, value = memory.seats.of, memory.series["seat"], batch.at, batch.value
    score = np.ndarray(len(row), np.float32, UNKNOWN, strides=(0,))
    if not any(len(of[test]) for test in FEW):
        return score
    believed = np.ascontiguousarray(said["believed"])
    if len(seats := of["location"]):
        _hear(said, "location", location.step(seats["memory"], seats["rule"], seat["location"], row, at, value, believed))
    if len(seats := of["unlikely"]):
        flag, score = unlikely.step(seats["memory"], seats["rule"], seat["unlikely"], row, at, value, believed)
        _hear_doubt(said, "unlikely", flag)
        believed = believed & (flag < Flag.SUSPECT)
    if len(seats := of["drift"]):
        _hear_doubt(said, "drift", drift.step(seats["memory"], seats["rule"], seat["drift"], row, at, value, believed))
    if len(seats := of["apart"]):
        _hear_doubt(said, "drift", apart.step(seats["memory"], seats["rule"], seat["apart"], row, at, value, believed))
    return score


def _hear(said: Table, test: str, flag: Bytes) -> None:
    """Take in one more test."""
    roll.add(said["worst"], said["fired"], said["failed"], said["passed"], flag, roll.BIT[test])


def _hear_doubt(said: Table, test: str, flag: Bytes) -> None:
    """Take in a test whose doubt may last; it counts as a failure of the probe, for limits are silent meanwhile."""
    _hear(said, test, flag)
    said["failed"][flag == Flag.SUSPECT] |= np.uint16(roll.BIT[test])
