"""The second pass: what other series make of a reading, its flag, and what its successor makes of the one before."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court.passes.edition import edition
from detectors.domain.judged import Flag
from detectors.quality import hindsight, neighbour, relation, roll

Table = NDArray[np.void]
Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint16]
Bools = NDArray[np.bool_]
Pass = Callable[..., tuple[NDArray[Any], ...]]

RULES = (hindsight, neighbour, relation, roll)
GOOD, SUSPECT = int(Flag.GOOD), int(Flag.SUSPECT)
SAYS = roll.SAYS
SPIKE, COMPANY, BESIDE = (roll.BIT[name] for name in ("spike", "multi_variate", "neighbour"))


def _compiled(edition: int) -> Pass:
    """The pass, made for an edition of the rules."""

    @njit(cache=True, nogil=True)
    def second(
        spine: tuple[Table, ...],
        rules: Table,
        company: tuple[Table, ...],
        seat: Table,
        row: NDArray[np.int32],
        at: NDArray[np.int64],
        value: NDArray[np.float64],
        marked: Bytes,
        seq: NDArray[np.int64],
        got: NDArray[np.int64],
        outcome: Bytes,
        of_newest: Bools,
        mark: Bytes,
        believed: Bools,
        of_last: Bytes,
        doubtful: Bools,
        worst: Bytes,
        fired: Bits,
        failed: Bits,
        passed: Bits,
        beyond: Bools,
    ) -> tuple[NDArray[Any], ...]:
        assert edition
        orders, newest = spine
        changes, relations, values, neighbours = company
        flags, tests = np.empty(len(row), np.uint8), np.empty(len(row), np.uint16)
        amended, settled = np.empty(len(row), hindsight.AMENDED), np.empty(2 * len(row), hindsight.SETTLED)
        a = s = 0
        for i in range(len(row)):
            r, t, v, own = row[i], at[i], value[i], seat[row[i]]
            said, last, alone = 0, SAYS[of_last[i]] * SPIKE, doubtful[i]
            if believed[i] and own["multi_variate"] >= 0:
                k = own["multi_variate"]
                slow, before, fast = relation.say(changes[k], changes[relations[k]["who"]], relations[k], t, v)
                said, last, alone = SAYS[slow] * COMPANY, last | SAYS[before] * COMPANY, alone or fast
            if believed[i] and own["neighbour"] >= 0:
                beside, apart = neighbours[own["neighbour"]], 0
                for k in range(beside["known"]):
                    apart = neighbour.say(apart, values[beside["who"][k]], beside, k, t, v)
                clean = max(worst[i], roll.worst_of(said)) < SUSPECT and not alone and mark[i] == GOOD
                neighbour.keep(values[own["neighbour"]], t, v, clean)
                said |= SAYS[apart] * BESIDE
            flags[i], tests[i] = roll.say(
                orders[r],
                rules[r]["on"],
                outcome[i],
                of_newest[i],
                mark[i],
                max(worst[i], roll.worst_of(said)),
                fired[i] | said & 0xFFFF,
                beyond[i],
            )
            failed[i] |= (said | last) >> 16 & 0xFFFF
            passed[i] |= (said | last) >> 32 & 0xFFFF
            if believed[i]:
                was, verdict = newest[r], roll.worst_of(last)
                if verdict >= SUSPECT:
                    hindsight.amend(amended[a], was, verdict, last & 0xFFFF, i)
                    a += 1
                elif was["held"]:
                    hindsight.settle(settled[s], i, was["at"], was["value"])
                    s += 1
                if hindsight.keep(was, t, v, marked[i], seq[i], got[i], flags[i], tests[i], alone):
                    hindsight.settle(settled[s], i, t, v)
                    s += 1
        return flags, tests, amended[:a], settled[:s]

    return second


second = _compiled(edition(RULES))
