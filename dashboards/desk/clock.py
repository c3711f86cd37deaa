"""Clock faces: instants as people read them, on the site's clock."""

from markupsafe import Markup

from dashboards.desk.markup import el
from detectors.domain.instant import in_utc, on_clock


def full(at: int, zone: str) -> str:
    """Date and time to the second."""
    return on_clock(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def short(at: int, zone: str) -> str:
    """Month, day, hour and minute."""
    return on_clock(at, zone).strftime("%m-%d %H:%M")


def minute(at: int, zone: str) -> str:
    """Hour and minute."""
    return on_clock(at, zone).strftime("%H:%M")


def ago(at: int, zone: str) -> Markup:
    """An instant that the page itself turns into "3 min ago" and keeps true; the exact time stands in its title."""
    return el("time", short(at, zone), class_="ago", datetime=in_utc(at), data_at=at // 1_000_000, title=full(at, zone))


def exact(at: int, zone: str) -> Markup:
    """An instant to the second."""
    return el("time", full(at, zone), datetime=in_utc(at))
