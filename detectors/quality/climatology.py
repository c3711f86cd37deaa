"""Climatology: a value that this month, or this hour of the day, does not know (QARTOD test 5)."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detectors.domain.instant import DAY, HOUR
from detectors.domain.judged import Flag
from detectors.domain.quality import Season
from detectors.domain.site import Site
from detectors.quality.seated import RowOf

GOOD, SUSPECT, FAIL = int(Flag.GOOD), int(Flag.SUSPECT), int(Flag.FAIL)
MOST = 48  # seasons of one series
NONE = 255
RULE = np.dtype(
    [
        ("clock", "i8"),  # ns that the site's standard time is ahead of UTC
        ("span", "f8", (MOST, 4)),  # suspect below and above, fail below and above; the quantity's unit
        ("season", "u1", (12, 24)),  # which span holds in a month and hour, or `NONE`
    ],
    align=True,
)


def asked(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The series that have seasons."""
    return {season.series: () for season in site.quality.seasons}


def of(site: Site, series: str, _row_of: RowOf) -> tuple[object, ...]:
    """One row of `RULE`; of two seasons that hold at once the later decides, as in ioos_qc."""
    seasons = [season for season in site.quality.seasons if season.series == series]
    span, which = np.full((MOST, 4), np.nan), np.full((12, 24), NONE, np.uint8)
    for number, season in enumerate(seasons):
        span[number] = season.low, season.high, season.fail_low, season.fail_high
        which[np.ix_(_months(season), _hours(season))] = number
    return (round(site.quality.clock * 1e9), span, which)


def _months(season: Season) -> list[int]:
    return [(season.month_from - 1 + i) % 12 for i in range((season.month_to - season.month_from) % 12 + 1)]


def _hours(season: Season) -> list[int]:
    return [(season.hour_from + i) % 24 for i in range((season.hour_to - season.hour_from) % 24 + 1)]


@njit(cache=True, nogil=True)
def month_of(day: int) -> int:
    """The month (0..11) of a day since 1970-01-01, in the Gregorian calendar for ever."""
    since = day + 719_468  # days since 0000-03-01, so that a leap day ends its year
    of_era = since - since // 146_097 * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return ((5 * of_year + 2) // 153 + 2) % 12


@njit(cache=True, nogil=True)
def hour_of(local: int) -> tuple[int, int, int]:
    """The instant at which an hour of the site's clock began, its month (0..11), and its place in the day."""
    day = local // DAY
    of_day = (local - day * DAY) // HOUR
    return day * DAY + of_day * HOUR, month_of(day), of_day


@njit(cache=True, nogil=True, forceinline=True)
def say(rule: NDArray[np.void], month: int, hour: int, value: float) -> int:
    """Say 1, 3 or 4 of a value in a month and hour; 0 where no season holds."""
    which = rule["season"][month, hour]
    if which == NONE:
        return 0
    span = rule["span"][which]
    if value < span[2] or value > span[3]:
        return FAIL
    return SUSPECT if value < span[0] or value > span[1] else GOOD
