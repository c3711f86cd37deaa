"""Unlikely: a value that this series does not reach from where it was last believed.

Three things are learnt of a series: how far it moves within a time, how far it strays beyond the range of the day before, and
where its months lie. A reading is held against the last believed one and the believed day up to that one, and only a believed
reading is remembered: so a dead probe stays in doubt as long as it is dead, and not only when it dies. The bounds widen with
the time since, as learnt. A new level inside the day's range is accepted after a few readings that agree with each other, one
inside the month's range after half a day, any other one only when the bounds have grown as wide. Who was doubted for long is
not believed again for one reading that lies right: as many must agree as for a new level.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import DAY, HOUR
from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.domain.usual import Span
from detectors.quality.climatology import month_of
from detectors.quality.reach import LONG, bound_at, by_day, by_move
from detectors.quality.seated import RowOf

GOOD, SUSPECT = int(Flag.GOOD), int(Flag.SUSPECT)
PARTS = 8  # of a day
MOVES, STRAYS = 3, 7
AGREEING = 4  # readings that agree before a new level may be accepted
LONG_DOUBTED = 32  # readings in a row; after them a single one that lies right may be chance
HOLD = 12 * HOUR  # until a level outside the day's range, but inside the month's, is accepted
STALE = float(3 * DAY)  # ns: the bounds grow no wider for a level outside the month's range
WELL_KNOWN = 96  # believed readings; before, twice as many that say otherwise are believed instead
YOUNG = 4.0  # times wider are all bounds until a series is well known
ANY = 1e300  # no bound
LIMIT = 0.5  # the score of a reading that moved just as far as it does
LEAST, MOST = 1e-12, 1e6  # a bound is never 0; more times farther are all alike
RULE = np.dtype(
    [
        ("within", "f8", (MOVES,)),  # ns
        ("fall", "f8", (MOVES,)),
        ("rise", "f8", (MOVES,)),
        ("after", "f8", (STRAYS,)),  # ns
        ("under", "f8", (STRAYS,)),
        ("over", "f8", (STRAYS,)),
        ("low", "f8", (12,)),
        ("high", "f8", (12,)),
        ("lift", "f8"),  # up to this value a rise is no wonder
        ("events", "i1"),
    ],
    align=True,
)
MEMORY = np.dtype(
    [
        ("at", "i8"),  # of the last believed reading
        ("value", "f8"),
        ("part", "i8"),  # the part of the day it lies in, counted since 1970
        ("bed", "f8", (PARTS,)),  # lowest and highest believed value of each part
        ("top", "f8", (PARTS,)),
        ("lowest", "f8"),  # of all parts
        ("highest", "f8"),
        ("other_at", "i8"),  # the last reading that was not believed
        ("other", "f8"),
        ("since", "i8"),  # when those that agree with it began
        ("agreeing", "u2"),
        ("doubted", "u2"),  # readings since the last believed one
        ("known", "u2"),  # readings believed, up to `WELL_KNOWN`
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series of which it is known how they move."""
    return {name: () for name, one in site.quality.usual.items() if one.moves and one.strays}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`; where fewer times are given than it has room for, bounds go on with the root of time."""
    given = site.quality.usual[series]
    low, high = np.full(12, -ANY), np.full(12, ANY)
    for span in sorted(given.months, key=lambda span: span.of):
        months = slice(None) if span.of == 0 else int(span.of) - 1
        low[months], high[months] = np.nan_to_num(span.low, nan=-ANY), np.nan_to_num(span.high, nan=ANY)
    lift = np.nan_to_num(given.lift, nan=ANY) if given.events > 0 else -ANY
    return (*_grown(given.moves, MOVES), *_grown(given.strays, STRAYS), low, high, lift, given.events)


def _grown(spans: Sequence[Span], places: int) -> tuple[NDArray[np.float64], ...]:
    """Times in ns, falls and rises, as many as there are places."""
    rows = [(span.of * 1e9, span.low, span.high) for span in sorted(spans, key=lambda span: span.of)]
    while len(rows) < places:
        time, low, high = rows[-1]
        rows.append((4 * time, 2 * low, 2 * high))
    time, low, high = np.array(rows[:places]).T
    return time, np.maximum(np.nan_to_num(low, nan=ANY), LEAST), np.maximum(np.nan_to_num(high, nan=ANY), LEAST)


@njit(cache=True, nogil=True)
def _accepted(was: NDArray[np.void], usual: NDArray[np.void], at: int, value: float, far: bool, at_home: bool) -> bool:
    """Take in a reading that is not believed; say whether there is a new level by now."""
    age, step = float(at - was["other_at"]), value - was["other"]
    agrees = -bound_at(age, usual["within"], usual["fall"]) <= step <= bound_at(age, usual["within"], usual["rise"])
    if was["agreeing"] == 0 or not agrees:
        was["agreeing"], was["since"] = 0, at
    was["agreeing"] = min(was["agreeing"] + 1, 2 * WELL_KNOWN)
    was["doubted"] = min(was["doubted"] + 1, LONG_DOUBTED)
    was["other_at"], was["other"] = at, value
    if was["agreeing"] < AGREEING:
        return False
    if not far or (at_home and at - was["since"] >= HOLD):
        return True
    if was["known"] < WELL_KNOWN and was["agreeing"] > 2 * was["known"]:
        was["known"] = 0
        return True
    return False


@njit(cache=True, nogil=True)
def _believe(was: NDArray[np.void], at: int, value: float) -> None:
    """Remember a reading; what is more than a day older than it is forgotten."""
    part = at // LONG
    if was["known"] == 0 or part - was["part"] >= PARTS:
        was["bed"][:], was["top"][:] = ANY, -ANY
    else:
        for k in range(was["part"] + 1, part + 1):
            was["bed"][k % PARTS], was["top"][k % PARTS] = ANY, -ANY
    was["bed"][part % PARTS] = min(was["bed"][part % PARTS], value)
    was["top"][part % PARTS] = max(was["top"][part % PARTS], value)
    was["lowest"], was["highest"] = min(was["lowest"], value), max(was["highest"], value)
    if was["known"] == 0 or part != was["part"]:
        was["lowest"], was["highest"] = was["bed"].min(), was["top"].max()
    was["part"], was["at"], was["value"], was["agreeing"] = part, at, value, 0
    was["doubted"] = 0
    was["known"] = min(was["known"] + 1, WELL_KNOWN)


@njit(cache=True, nogil=True)
def step(
    memory: NDArray[np.void],
    rule: NDArray[np.void],
    seat: NDArray[np.int32],
    row: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.float64],
    believed: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Say 1 or 3 of each reading that no other test forbids, and its score: 0 is ordinary, 0.5 and more is suspect, below 1.

    The score is x / (1 + x), where x is how many times farther it lies than this series does as a rule; NaN = not judged.
    """
    flag, score = np.zeros(len(row), np.uint8), np.full(len(row), np.nan, np.float32)
    known, month = np.int64(-1 << 40), 0  # the day whose month is known
    for i in range(len(row)):
        own = seat[row[i]]
        if own < 0 or not believed[i]:
            continue
        was, usual, times = memory[own], rule[own], 0.0
        if was["known"]:
            age, far, at_home = float(at[i] - was["at"]), 0.0, False
            if age > LONG or not was["lowest"] <= value[i] <= was["highest"]:
                if at[i] // DAY != known:
                    known, month = at[i] // DAY, month_of(at[i] // DAY)
                low, high = usual["low"][month], usual["high"][month]
                at_home = low <= value[i] <= high
                age = age if at_home or not low <= was["value"] <= high else min(age, STALE)
                far = by_day(was, usual, age, value[i])
            times = min(max(far, by_move(was, usual, age, value[i])), MOST)
            times = times / YOUNG if was["known"] < WELL_KNOWN else times
            doubtful = times > 1 or was["doubted"] == LONG_DOUBTED
            if doubtful and not _accepted(was, usual, at[i], value[i], far > 1, at_home):
                flag[i], score[i] = SUSPECT, max(times / (1 + times), LIMIT)
                continue
        flag[i], score[i] = GOOD, times / (1 + times)
        _believe(was, at[i], value[i])
    return flag, score
