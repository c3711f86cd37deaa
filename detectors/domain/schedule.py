"""Schedules: the hours of the day and the months of the year in which a limit holds, in the local time of the site."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from detectors.domain.errors import Refused

DAY = 1440  # minutes
YEAR = frozenset(range(1, 13))
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-4]):([0-5]\d)")
_MONTHS = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a limit holds; without anything said, always."""

    opens: int = 0  # minutes after local midnight
    lasts: int = DAY  # minutes; it may pass midnight
    months: frozenset[int] = YEAR  # 1 is January; of the local day of a reading

    @property
    def is_always(self) -> bool:
        """Whether it is never over."""
        return self.lasts == DAY and self.months == YEAR

    @property
    def hours(self) -> str:
        """The hours as they are written, "22:00-05:00"; "" for the whole day."""
        if self.lasts == DAY:
            return ""
        closes = (self.opens + self.lasts) % DAY
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{closes // 60:02}:{closes % 60:02}"

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The months as runs, each its first and last, over the new year if need be; none for the whole year."""
        if self.months == YEAR:
            return ()
        firsts = [month for month in sorted(self.months) if (month - 2) % 12 + 1 not in self.months]
        return tuple((first, _last(first, self.months)) for first in firsts)


ALWAYS = Schedule()


def read(hours: str = "", months: str = "") -> Schedule:
    """The schedule that is written as "22:00-05:00" and "4-6, 11"; "" for the whole day and year.

    Raises:
        Refused: with what is none.
    """
    opens, lasts = hours_of(hours) if hours else (0, DAY)
    return Schedule(opens=opens, lasts=lasts, months=months_of(months.split(",")) if months else YEAR)


def hours_of(text: str) -> tuple[int, int]:
    """When "22:00-05:00" opens and how long it lasts, in minutes.

    Raises:
        Refused: if it is nothing of that kind.
    """
    found = _HOURS.fullmatch(text.strip())
    if not found:
        raise Refused("hours are written as 22:00-05:00", text)
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups())
    opens, closes = hour * 60 + minute, to_hour * 60 + to_minute
    if closes > DAY or opens == closes:
        raise Refused("hours that end after the day" if closes > DAY else "hours that end when they begin", text)
    return opens, (closes - opens) % DAY or DAY


def months_of(parts: Iterable[object]) -> frozenset[int]:
    """The months of numbers and of runs such as "4-6", which may pass the new year.

    Raises:
        Refused: if one is nothing of that kind, or there is none.
    """
    found = frozenset(month for part in parts for month in _run(str(part)))
    if not found:
        raise Refused("no month at all", "months")
    return found


def _run(text: str) -> Iterable[int]:
    found = _MONTHS.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not {first, last} <= YEAR:
        raise Refused("months are written as 4-6, from 1 to 12", text)
    return [(first - 1 + i) % 12 + 1 for i in range((last - first) % 12 + 1)]


def _last(first: int, months: frozenset[int]) -> int:
    last = first
    while last % 12 + 1 in months:
        last = last % 12 + 1
    return last
