"""Clock faces: instants as people read them, on the site's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dashboards.desk.markup import el


def full(at: int, zone: str) -> str:
    """Date and time to the second."""
    return _local(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def short(at: int, zone: str) -> str:
    """Month, day, hour and minute."""
    return _local(at, zone).strftime("%m-%d %H:%M")


def minute(at: int, zone: str) -> str:
    """Hour and minute."""
    return _local(at, zone).strftime("%H:%M")


def ago(at: int, zone: str) -> Markup:
    """An instant that the page itself turns into "3 min ago" and keeps true; the exact time stands in its title."""
    return el("time", short(at, zone), class_="ago", datetime=_utc(at), data_at=at // 1_000_000, title=full(at, zone))


def exact(at: int, zone: str) -> Markup:
    """An instant to the second."""
    return el("time", full(at, zone), datetime=_utc(at))


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at // 1_000_000_000, UTC).astimezone(ZoneInfo(zone))


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
