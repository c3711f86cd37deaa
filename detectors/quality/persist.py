"""Persistence: a test that fails again and again says that the instrument is ill, not the river.

Again and again is three times in a row, or so often that good readings between do not make up for it: a loose contact leaps, and
is good, and leaps. What is only unlikely must besides have been so for hours, for a river does such things too, and briefly.

A matter is over after an off-delay (ISA-18.2), so that a probe which fails and passes in turn is one matter, told once: passes
must have made up for the failures, and the quiet must have lasted a little, whatever the pace of the readings.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import HOUR
from detectors.domain.judged import TESTS, Flag, Outcome
from detectors.quality.roll import BIT

FAIL, MISSING, JUDGED = int(Flag.FAIL), int(Flag.MISSING), int(Outcome.JUDGED)
WATCHED = (
    "gross_range",
    "spike",
    "flat_line",
    "mark",
    "location",
    "climatology",
    "attenuated_signal",
    "stuck_at_limit",
    "pattern_loss",
    "drift",
    "unlikely",
)  # the tests that can fail a reading, or doubt its probe; memories know them by their place, so a new one comes last
RAISE_AFTER = 3  # failures in a row
CLEAR_AFTER = 3  # passes in a row, at least
LONE = 10  # passes make up for one failure; before a matter is raised, for one row of them
OFTEN = 60  # of such passes are wanting, at most
SOON = HOUR // 6  # ns without a failure, at least: EEMUA 191 grants an operator one alarm in ten minutes
ENOUGH = 24 * HOUR  # ns without a failure make up for any: what comes after a day is news
KINDS = len(WATCHED)
LASTING = np.array([3 * HOUR if name == "unlikely" else 0 for name in WATCHED], np.int64)  # ns of failures before it is raised
BITS = np.array([BIT[name] for name in WATCHED], np.uint16)
ALL = int(BITS.sum())
MARK = BIT["mark"]
assert set(WATCHED) <= set(TESTS)
MEMORY = np.dtype(
    [
        ("since", "i8", (KINDS,)),
        ("ill", "i8", (KINDS,)),  # the newest failure
        ("restless", "u2"),  # the tests that have failed lately, as a bit set over TESTS
        ("failed", "u1", (KINDS,)),
        ("passed", "u1", (KINDS,)),
        ("strain", "u1", (KINDS,)),  # passes that are wanting to make up for failures
        ("raised", "u1", (KINDS,)),
        ("told", "u1", (KINDS,)),
    ],
    align=True,
)
TURNED = np.dtype([("i", "i8"), ("since", "i8"), ("kind", "u1"), ("turn", "i1"), ("tell", "u1")], align=True)


@njit(cache=True, nogil=True)
def _turn(was: NDArray[np.void], kind: int, fails: bool, at: int, young: bool) -> int:
    """Take one verdict of one test into the memory of its series; say whether the matter rises or is over."""
    if fails:
        _fail(was, kind, at)
        ill = was["failed"][kind] == RAISE_AFTER or was["strain"][kind] >= OFTEN
        if ill and not was["raised"][kind] and at - was["since"][kind] >= LASTING[kind]:
            was["raised"][kind], was["told"][kind] = 1, young
            was["strain"][kind] = max(was["strain"][kind], RAISE_AFTER * LONE)
            return 1
        return 0
    was["failed"][kind], was["passed"][kind] = 0, min(was["passed"][kind] + 1, CLEAR_AFTER)
    was["strain"][kind] = max(was["strain"][kind], 1) - 1
    if was["raised"][kind] and _is_well(was, kind, at):
        was["raised"][kind], was["strain"][kind] = 0, 0
        return -1
    return 0


@njit(cache=True, nogil=True)
def _fail(was: NDArray[np.void], kind: int, at: int) -> None:
    """Count one failure; while nothing is raised, only the first of a row."""
    first = was["failed"][kind] == 0
    if first and was["strain"][kind] == 0 and not was["raised"][kind]:
        was["since"][kind] = at
    if first or was["raised"][kind]:
        was["strain"][kind] = min(was["strain"][kind] + LONE, OFTEN)
    was["failed"][kind], was["passed"][kind] = min(was["failed"][kind] + 1, RAISE_AFTER), 0
    was["ill"][kind] = at


@njit(cache=True, nogil=True)
def _is_well(was: NDArray[np.void], kind: int, at: int) -> bool:
    """Say whether passes have made up for the failures of what is raised."""
    quiet = at - was["ill"][kind]
    made_up = was["strain"][kind] == 0 and quiet >= SOON
    return bool(was["passed"][kind] >= CLEAR_AFTER and (made_up or quiet >= ENOUGH))


@njit(cache=True, nogil=True)
def _hear(was: NDArray[np.void], fails: int, passes: int, i: int, at: int, young: bool, turned: NDArray[np.void], n: int) -> int:
    """Take the verdicts of one reading into the memory of its series, and write how matters turned; where the next is written."""
    for kind in range(KINDS):
        bit = BITS[kind]
        if not (fails | passes) & bit:
            continue
        turn = _turn(was, kind, (fails & bit) != 0, at, young)
        calm = was["failed"][kind] == 0 and was["strain"][kind] == 0 and not was["raised"][kind]
        was["restless"] = was["restless"] & ~bit if calm else was["restless"] | bit
        if turn != 0:
            now = turned[n]
            now["i"], now["since"], now["kind"], now["turn"] = i, was["since"][kind], kind, turn
            now["tell"] = was["told"][kind] and young
            n += 1
    return n


@njit(cache=True, nogil=True)
def _walk(
    memory: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    outcome: NDArray[np.uint8],
    mark: NDArray[np.uint8],
    failed: NDArray[np.uint16],
    passed: NDArray[np.uint16],
    young: NDArray[np.bool_],
    begin: int,
    turned: NDArray[np.void],
    n: int,
) -> tuple[int, int]:
    """Walk readings as far as there is room to write; say how far that was, and how much is written.

    An array that a loop puts in another's place is counted by numba in each turn of the loop: so it is put there outside.
    """
    for i in range(begin, len(row)):
        if n + KINDS > len(turned):
            return i, n
        if outcome[i] != JUDGED or mark[i] == MISSING:
            continue
        was = memory[row[i]]
        fails = (failed[i] | (MARK if mark[i] == FAIL else 0)) & ALL
        passes = (passed[i] | (MARK if mark[i] < FAIL else 0)) & was["restless"]
        if fails | passes:
            n = _hear(was, fails, passes, i, at[i], young[i], turned, n)
    return len(row), n


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    outcome: NDArray[np.uint8],
    mark: NDArray[np.uint8],
    failed: NDArray[np.uint16],
    passed: NDArray[np.uint16],
    young: NDArray[np.bool_],
) -> NDArray[np.void]:
    """Say where an instrument matter rises (1) and where it is over (-1).

    Args:
        memory: one row a series.
        row: the series of each reading.
        at: the instant of each reading.
        outcome: of each reading; only news counts.
        mark: what the device says of itself, as a flag.
        failed: the tests that failed each reading, as a bit set over `TESTS`.
        passed: the tests that did not.
        young: whether a reading is young enough to be told of.
    """
    turned = np.empty(KINDS, TURNED)
    begin, n = _walk(memory, row, at, outcome, mark, failed, passed, young, 0, turned, 0)
    while begin < len(row):
        longer = np.empty(2 * len(turned), TURNED)
        longer[:n] = turned[:n]
        turned = longer
        begin, n = _walk(memory, row, at, outcome, mark, failed, passed, young, begin, turned, n)
    return turned[:n]
