"""Passes: the tests that most series ask for, each held over one reading before any is held over the next.

A pass is compiled out of the `say` of each test: a reading is read once, and what the tests say of it stays in registers. It is
the same as one test after the other over the whole batch, for no test reads what another one remembers.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.judged import Flag, Outcome
from detectors.quality import (
    attenuated,
    climatology,
    flat,
    gap,
    gross,
    hindsight,
    marks,
    neighbour,
    order,
    pattern,
    rate,
    relation,
    roll,
    spike,
    stuck,
)

Table = NDArray[np.void]
Bytes = NDArray[np.uint8]
Bits = NDArray[np.uint16]
Bools = NDArray[np.bool_]
Pass = Callable[..., tuple[NDArray[Any], ...]]

GOOD, SUSPECT, MISSING, JUDGED, REPEATED = (
    int(Flag.GOOD),
    int(Flag.SUSPECT),
    int(Flag.MISSING),
    int(Outcome.JUDGED),
    int(Outcome.REPEATED),
)
SAYS, NOTED = roll.SAYS, roll.NOTED
GROSS, SPIKE, RATE, FLAT = (roll.BIT[name] for name in ("gross_range", "spike", "rate_of_change", "flat_line"))
GAP, SEASON, MOVES, STUCK, SWING = (
    roll.BIT[name] for name in ("gap", "climatology", "attenuated_signal", "stuck_at_limit", "pattern_loss")
)
COMPANY, BESIDE = roll.BIT["multi_variate"], roll.BIT["neighbour"]
RULES = (
    attenuated,
    climatology,
    flat,
    gap,
    gross,
    hindsight,
    marks,
    neighbour,
    order,
    pattern,
    rate,
    relation,
    roll,
    spike,
    stuck,
)


def _edition() -> int:
    """A number of the rules as they are written: what was compiled of others is compiled anew."""
    sources = b"".join(Path(str(rule.__file__)).read_bytes() for rule in RULES)
    return int.from_bytes(blake2b(sources, digest_size=4).digest(), "big") | 1


def _first(edition: int) -> Pass:
    """The first pass; numba takes `edition`, which it closes over, into the name of what it keeps compiled."""

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


def _second(edition: int) -> Pass:
    """The second pass, likewise."""

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


EDITION = _edition()
first = _first(EDITION)
second = _second(EDITION)
