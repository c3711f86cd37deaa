"""Instants as devices write them: ISO 8601 with an offset, or a number of s, ms, us or ns since 1970."""

import re
from datetime import UTC, datetime, timedelta

from detectors.domain.errors import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FINER = re.compile(r"[.,]\d{6}(\d{1,3})")  # the digits after the microseconds


def of_number(ts: float) -> int:
    """Ns since 1970 of a number whose magnitude tells its unit; a fraction counts down to the microsecond.

    Up to 1e11 it is seconds (year 5138), up to 1e14 milliseconds, up to 1e17 microseconds, else nanoseconds.

    Raises:
        Refused: if it is too large for any of them.
    """
    size = abs(ts)
    ns = 10**9 if size < 10**11 else 10**6 if size < 10**14 else 10**3 if size < 10**17 else 1
    if not size < 10**20:  # NaN too
        raise Refused("ts: no such time", f"{ts!r:.40}" if isinstance(ts, float) else "a number of too many digits")
    if isinstance(ts, int):
        return ts * ns
    return round(ts * (ns / 1000)) * 1000 if ns > 1 else int(ts)


def of_text(ts: str) -> int:
    """Ns since 1970 of an ISO 8601 date and time with "Z" or an offset.

    Raises:
        Refused: if it is something else, or has no offset: whose noon it is nobody knows.
    """
    try:
        when = datetime.fromisoformat(ts)
    except ValueError as fault:
        raise Refused("ts: not a time in ISO 8601", ts[:80]) from fault
    if when.tzinfo is None:
        raise Refused("ts: a time without an offset", ts[:80])
    finer = _FINER.search(ts) if len(ts) > 26 else None
    return (when - _EPOCH) // _MICROSECOND * 1000 + (int(finer[1].ljust(3, "0")) if finer else 0)


def of_property(ts: str) -> int:
    """Ns since 1970 of a time in an MQTT user property, where numbers are text too.

    Raises:
        Refused: if it is neither ISO 8601 with an offset nor a number.
    """
    if len(ts) < 32 and ts.isascii() and ts.isdecimal():
        return of_number(int(ts))
    return of_text(ts)


def of(ts: float | str) -> int:
    """Ns since 1970 of a time as JSON brings it.

    Raises:
        Refused: if it is no time.
    """
    return of_text(ts) if isinstance(ts, str) else of_number(ts)
