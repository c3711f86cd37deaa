"""The first pass: from order to lost patterns, what a reading says by itself and beside those before it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court.passes.said import SAID
from detectors.domain.instant import HOUR
from detectors.domain.judged import Flag, Outcome
from detectors.quality import attenuated, climatology, flat, gap, gross, marks, order, pattern, rate, roll, spike, stuck

Table = NDArray[np.void]
Bytes = NDArray[np.uint8]

GOOD, MISSING, JUDGED, REPEATED = (int(Flag.GOOD), int(Flag.MISSING), int(Outcome.JUDGED), int(Outcome.REPEATED))
SAYS, NOTED = roll.SAYS, roll.NOTED
GROSS, SPIKE, RATE, FLAT = (roll.BIT[name] for name in ("gross_range", "spike", "rate_of_change", "flat_line"))
GAP, SEASON, MOVES, STUCK, SWING = (
    roll.BIT[name] for name in ("gap", "climatology", "attenuated_signal", "stuck_at_limit", "pattern_loss")
)


@njit(cache=True, nogil=True)
def first(
    spine: tuple[Table, ...],
    rules: tuple[Table, ...],
    habits: tuple[Table, ...],
    seat: Table,
    flag_of: Bytes,
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    marked: Bytes,
    got: NDArray[np.int64],
    told_within: int,
) -> Table:
    """What the tests say of each reading that look at one series, and that many series ask for: `SAID`."""
    orders, spikes, rates, flats = spine
    grosses, spiking, moving, lying = rules
    gaps, waits, seasons, lively, liveliness, stucks, ends, days, swings = habits
    told, key = np.empty(len(row), SAID), order.keys(at, value)
    hour, month, of_day = -1 << 62, 0, 0  # the hour of the day that was worked out last
    for i in range(len(row)):
        r = np.uintp(row[i])  # unsigned: no row is counted from the end
        t, v, now = at[i], value[i], told[i]
        outcome = order.say(orders[r], t, key[i])
        mark, in_range = marks.say(flag_of, marked[i], v), gross.say(grosses[r], v)
        believed = roll.believes(outcome, in_range, mark)
        said, of_last, doubtful = SAYS[in_range] * GROSS, 0, False
        own = seat[r]
        if own["gap"] >= 0 and outcome == JUDGED:
            late = gap.say(gaps[own["gap"]], waits[own["gap"]], t)
            said |= NOTED | (GAP if late > GOOD else 0)
        if own["climatology"] >= 0 and mark != MISSING:
            season = seasons[own["climatology"]]
            if not 0 <= t + season["clock"] - hour < HOUR:
                hour, month, of_day = climatology.hour_of(t + season["clock"])
            said |= SAYS[climatology.say(season, month, of_day, v)] * SEASON
        if believed:
            of_last, doubtful = spike.say(spikes[r], spiking[r], v)
            said |= SAYS[rate.say(rates[r], moving[r], t, v)] * RATE
            said |= SAYS[flat.say(flats[r], lying[r], t, v)] * FLAT
            k = own["attenuated_signal"]
            if k >= 0:
                said |= SAYS[attenuated.say(lively[k], liveliness[k], t, v)] * MOVES
            k = own["stuck_at_limit"]
            if k >= 0:
                said |= SAYS[stuck.say(stucks[k], ends[k], t, v)] * STUCK
            k = own["pattern_loss"]
            if k >= 0:
                said |= SAYS[pattern.say(days[k], swings[k], t, v)] * SWING
        now["outcome"], now["of_newest"], now["mark"] = outcome, outcome == REPEATED and t == orders[r]["at"], mark
        now["believed"], now["of_last"], now["doubtful"] = believed, of_last, doubtful
        now["young"], now["worst"], now["fired"] = got[i] - t <= told_within, roll.worst_of(said), said & 0xFFFF
        now["failed"], now["passed"] = said >> 16 & 0xFFFF, said >> 32 & 0xFFFF
    return told
