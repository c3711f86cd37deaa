"""The first pass: from order to lost patterns, what a reading says by itself and beside those before it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.court.passes.edition import edition
from detectors.domain.judged import Flag, Outcome
from detectors.quality import attenuated, climatology, flat, gap, gross, marks, order, pattern, rate, roll, spike, stuck

Table = NDArray[np.void]
Bytes = NDArray[np.uint8]
Pass = Callable[..., tuple[NDArray[Any], ...]]

RULES = (attenuated, climatology, flat, gap, gross, marks, order, pattern, rate, roll, spike, stuck)
GOOD, MISSING, JUDGED, REPEATED = (int(Flag.GOOD), int(Flag.MISSING), int(Outcome.JUDGED), int(Outcome.REPEATED))
SAYS, NOTED = roll.SAYS, roll.NOTED
GROSS, SPIKE, RATE, FLAT = (roll.BIT[name] for name in ("gross_range", "spike", "rate_of_change", "flat_line"))
GAP, SEASON, MOVES, STUCK, SWING = (
    roll.BIT[name] for name in ("gap", "climatology", "attenuated_signal", "stuck_at_limit", "pattern_loss")
)


def _compiled(edition: int) -> Pass:
    """The pass, made for an edition of the rules."""

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
        key: NDArray[np.uint64],
    ) -> tuple[NDArray[Any], ...]:
        assert edition
        orders, spikes, rates, flats = spine
        grosses, spiking, moving, lying = rules
        gaps, waits, seasons, lively, liveliness, stucks, ends, days, swings = habits
        outcome, mark, worst, of_last = np.zeros((4, len(row)), np.uint8)
        of_newest, believed, doubtful = np.zeros((3, len(row)), np.bool_)
        fired, failed, passed = np.empty((3, len(row)), np.uint16)
        hour, month, of_day = -1 << 62, 0, 0  # the hour of the day that was worked out last
        for i in range(len(row)):
            r, t, v = row[i], at[i], value[i]
            outcome[i] = order.say(orders[r], t, key[i])
            of_newest[i] = outcome[i] == REPEATED and t == orders[r]["at"]
            mark[i] = marks.say(flag_of, marked[i], v)
            in_range = gross.say(grosses[r], v)
            said = SAYS[in_range] * GROSS
            believed[i] = roll.believes(outcome[i], in_range, mark[i])
            own = seat[r]
            if own["gap"] >= 0 and outcome[i] == JUDGED:
                late = gap.say(gaps[own["gap"]], waits[own["gap"]], t)
                said |= NOTED | (GAP if late > GOOD else 0)
            if own["climatology"] >= 0 and mark[i] != MISSING:
                season = seasons[own["climatology"]]
                if not 0 <= t + season["clock"] - hour < climatology.HOUR:
                    hour, month, of_day = climatology.hour_of(t + season["clock"])
                said |= SAYS[climatology.say(season, month, of_day, v)] * SEASON
            if believed[i]:
                of_last[i], doubtful[i] = spike.say(spikes[r], spiking[r], v)
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
            worst[i], fired[i] = roll.worst_of(said), said & 0xFFFF
            failed[i], passed[i] = said >> 16 & 0xFFFF, said >> 32 & 0xFFFF
        return outcome, of_newest, mark, believed, of_last, doubtful, worst, fired, failed, passed

    return first


first = _compiled(edition(RULES))
