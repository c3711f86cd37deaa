"""The second pass: what other series make of a reading, its flag, and what its successor makes of the one before."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court import doubt
from detectors.domain.judged import Flag, Outcome
from detectors.limits import limit as limits
from detectors.limits import silence
from detectors.quality import hindsight, neighbour, relation, roll

Table = NDArray[np.void]
Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint16]

GOOD, NOT_EVALUATED, SUSPECT, HISTORY = int(Flag.GOOD), int(Flag.NOT_EVALUATED), int(Flag.SUSPECT), int(Outcome.HISTORY)
SAYS = roll.SAYS
SPIKE, COMPANY, BESIDE = (roll.BIT[name] for name in ("spike", "multi_variate", "neighbour"))


@njit(cache=True, nogil=True)
def second(
    spine: tuple[Table, ...],
    rules: Table,
    company: tuple[Table, ...],
    seat: Table,
    place: Table,
    bounds: Table,
    clock: NDArray[np.int64],
    silences: Table,
    told: Table,
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    marked: Bytes,
    seq: NDArray[np.int64],
    got: NDArray[np.int64],
) -> tuple[Bytes, Bytes, Bits, int, int, Table, Table, Table]:
    """Outcome, flag and tests of each reading, and what else comes of them.

    Args:
        spine: what is remembered of each series by `order` and `hindsight`.
        rules: those of `roll`.
        company: memory and rules of the tests that look at two series.
        seat: of each series in these tests.
        place: of each series, the rows of its limits, and of its station.
        bounds: the limits.
        clock: that of the site.
        silences: what is remembered of each station.
        told: what the tests have said so far, `SAID`; the second pass adds what is failed and passed.
        row: the series of each reading.
        at: of each reading, a column of the batch, as those after it.
        value: the same.
        marked: the same.
        seq: the same.
        got: the same.

    Returns:
        After outcome, flag and tests: how many readings of history are good, and how many readings only are unlikely; earlier
        readings amended; the readings that limits may hear of, `doubt.OFFERED`; silences that ended.
    """
    orders, newest = spine
    changes, relations, values, neighbours = company
    flags, tests, outcomes = np.empty(len(row), np.uint8), np.empty(len(row), np.uint16), np.empty(len(row), np.uint8)
    amended, ended = np.empty(len(row), hindsight.AMENDED), np.empty(len(row), silence.HEARD)
    offered = np.empty(2 * len(row), doubt.OFFERED)
    a = n = past = doubted = heard = 0
    for i in range(len(row)):
        r = np.uintp(row[i])  # unsigned: no row is counted from the end
        t, v, now, here = at[i], value[i], told[i], place[r]
        own, believed = seat[r], now["believed"]
        said, last, alone = 0, SAYS[now["of_last"]] * SPIKE, now["doubtful"]
        if believed and own["multi_variate"] >= 0:
            k = own["multi_variate"]
            slow, before, fast = relation.say(changes[k], changes[relations[k]["who"]], relations[k], t, v)
            said, last, alone = SAYS[slow] * COMPANY, last | SAYS[before] * COMPANY, alone or fast
        if believed and own["neighbour"] >= 0:
            apart = neighbour.say(values, neighbours[own["neighbour"]], t, v)
            clean = max(now["worst"], roll.worst_of(said)) < SUSPECT and not alone and now["mark"] == GOOD
            neighbour.keep(values[own["neighbour"]], t, v, clean)
            said |= SAYS[apart] * BESIDE
        flag, fired = roll.say(
            orders[r],
            rules[r]["on"],
            now["outcome"],
            now["of_newest"],
            now["mark"],
            max(now["worst"], roll.worst_of(said)),
            now["fired"] | said & 0xFFFF,
            limits.is_beyond_any(bounds, here["first"], here["last"], clock, t, v),
        )
        flags[i], tests[i], outcomes[i] = flag, fired, now["outcome"]
        now["failed"] |= (said | last) >> 16 & 0xFFFF
        now["passed"] |= (said | last) >> 32 & 0xFFFF
        past += now["outcome"] == HISTORY and flag <= NOT_EVALUATED
        if believed:
            was, verdict = newest[r], roll.worst_of(last)
            if verdict >= SUSPECT:
                hindsight.amend(amended[a], was, verdict, last & 0xFFFF, i)
                a += 1
            elif was["held"]:
                doubt.offer(offered[n], i, row[i], was["at"], was["value"], now["young"], False)
                n += 1
            if hindsight.keep(was, t, v, marked[i], seq[i], got[i], flag, fired, alone):
                doubt.offer(offered[n], i, row[i], t, v, now["young"], False)
                n += 1
        if doubt.is_only_unlikely(now["outcome"], flag, fired) and not now["doubtful"]:
            doubt.offer(offered[n], i, row[i], t, v, now["young"], True)
            n, doubted = n + 1, doubted + 1
        if silence.hear(silences[here["station"]], got[i]):
            ended[heard]["i"], ended[heard]["since"] = i, silences[here["station"]]["since"]
            heard += 1
    return outcomes, flags, tests, past, doubted, amended[:a], offered[:n], ended[:heard]
