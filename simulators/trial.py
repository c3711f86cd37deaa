"""Trial: a tape before the court, as the stream would bring it: by instant of arrival, with ticks between."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.court import Court
from detectors.domain.event import GridEvent, Turn
from detectors.domain.instant import SECOND
from detectors.domain.judged import Flag, Outcome
from detectors.domain.site import Site
from simulators.score import Found
from simulators.tape import Tape

BEAT = 60 * SECOND  # between two ticks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What the court said: flag and tests of every row of the tape, and the alarms that it raised."""

    flag: NDArray[np.uint8]  # MISSING where a reading was refused
    tests: NDArray[np.uint16]
    found: tuple[Found, ...]


Progress = Callable[[int, list[Found]], bool]  # the instant, the alarms so far; True to stop


def trial(tape: Tape, site: Site, progress: Progress = lambda _at, _found: False) -> Judgement:
    """Judge a tape in order of arrival; a reading from the future is refused, as at the bridge."""
    court = Court(site)
    memory = court.blank()
    flag, tests = np.full(len(tape), Flag.MISSING, np.uint8), np.zeros(len(tape), np.uint16)
    found: list[Found] = []
    got = tape.rows["got"]
    early = tape.rows["at"] - got > site.future_tolerance * SECOND
    sound = np.flatnonzero(~early)
    edges = np.arange(int(got[0]), int(got[-1]) + 2 * BEAT, BEAT) if len(tape) else np.zeros(0, np.int64)
    cuts = np.searchsorted(got[sound], edges)
    for first, end, tick in zip(cuts, cuts[1:], edges[1:].tolist(), strict=False):
        if end > first:
            verdict = court.judge(memory, tape.taken(sound[first:end]))
            mine = verdict.judged.outcome != Outcome.DERIVED
            row = verdict.judged.readings.seq[mine]
            flag[row], tests[row] = verdict.judged.flag[mine], verdict.judged.tests[mine]
            found += _raised(verdict.events)
        found += _raised(court.tick(memory, tick).events)
        if progress(tick, found):
            break
    return Judgement(flag=flag, tests=tests, found=tuple(found))


def _raised(events: tuple[GridEvent, ...]) -> list[Found]:
    return [found_of(one) for one in events if one.turn is Turn.RAISED]


def found_of(one: GridEvent) -> Found:
    """An alarm as scores know it."""
    quantity, _, zone = one.quantity.partition(".")
    return Found(matter=one.matter, rule=one.rule, station=one.station, quantity=quantity, raised_at=one.at, zone=zone)
