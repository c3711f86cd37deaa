"""Calendar: whether an instant lies in a schedule, by the local time of the site, with its changes of summer time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import DAY, MINUTE
from detectors.domain.schedule import Schedule
from detectors.quality.climatology import month_of

MOST = 160  # changes of the local clock that are known
YEARS = (1990, 2060)  # in which they are known; before and after these, the clock stays as it is at their edge
FEBRUARY = 28  # days: no month is shorter, so that steps of this length miss none
FIELDS = (("opens", "i8"), ("lasts", "i8"), ("months", "i8"))  # ns after midnight; ns, 0 = always; bit 0 = January


def of(schedule: Schedule) -> tuple[int, int, int]:
    """The values of `FIELDS`."""
    months = sum(1 << (month - 1) for month in schedule.months)
    return (schedule.opens * MINUTE, 0 if schedule.is_always else schedule.lasts * MINUTE, months)


@lru_cache(maxsize=8)
def clock_of(timezone: str) -> NDArray[np.int64]:
    """Since when (ns since 1970 UTC) the local clock is ahead of UTC by how much (ns): two rows."""
    zone, week = ZoneInfo(timezone), timedelta(days=7)
    before, last = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    found = [(np.iinfo(np.int64).min, _ahead(before, zone))]
    while before < last:
        after = before + week
        if _ahead(after, zone) != found[-1][1]:
            change = _change(before, after, zone)
            found.append((int(change.timestamp()) * 10**9, _ahead(change, zone)))
            after = change
        before = after
    clock = np.array(found[-MOST:], np.int64).T.copy()
    clock.flags.writeable = False
    return clock


def full(clock: NDArray[np.int64]) -> NDArray[np.int64]:
    """The clock as `MOST` columns, its first one again and again before it."""
    return np.hstack([np.repeat(clock[:, :1], MOST - clock.shape[1], axis=1), clock])


def _ahead(instant: datetime, zone: ZoneInfo) -> int:
    return round((instant.astimezone(zone).utcoffset() or timedelta()).total_seconds()) * 10**9


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second at which the clock is no longer as it was before."""
    was = _ahead(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _ahead(middle, zone) == was else (before, middle)
    return after


@njit(cache=True, nogil=True)
def local_of(clock: NDArray[np.int64], at: int) -> int:
    """The local time of an instant, as ns since 1970 by the local clock."""
    low, high = 0, clock.shape[1]
    while high - low > 1:
        middle = (low + high) // 2
        if clock[0, middle] <= at:
            low = middle
        else:
            high = middle
    return int(at + clock[1, low])


@njit(cache=True, nogil=True)
def is_on(opens: int, lasts: int, months: int, clock: NDArray[np.int64], at: int) -> bool:
    """Whether an instant lies in a schedule."""
    local = local_of(clock, at)
    return (local - opens) % DAY < lasts and (months >> month_of(local // DAY)) & 1 == 1


@njit(cache=True, nogil=True)
def is_over(opens: int, lasts: int, months: int, clock: NDArray[np.int64], since: int, at: int) -> bool:
    """Whether a schedule that was on at `since` ended before `at`, even if it is on again."""
    if not is_on(opens, lasts, months, clock, at):
        return True
    then, now = local_of(clock, since), local_of(clock, at)
    if lasts < DAY and then < now - (now - opens) % DAY:
        return True
    for day in range(then // DAY, now // DAY, FEBRUARY):  # noqa: SIM110  compiled, and faster so
        if (months >> month_of(day)) & 1 == 0:
            return True
    return False
