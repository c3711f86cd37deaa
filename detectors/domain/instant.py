"""Instants are ns since 1970 UTC, wherever nothing else is said; here stands how long a day is in them, and what clocks show."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000  # ns
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def on_clock(at: int, zone: str) -> datetime:
    """An instant on the clocks of a time zone ("Asia/Shanghai"), to the second."""
    return datetime.fromtimestamp(at // SECOND, UTC).astimezone(ZoneInfo(zone))


def in_utc(at: int) -> str:
    """An instant to the second, as ISO 8601 in UTC writes it."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"
