"""Instants of HJ 212: YYYYMMDDhhmmss, at times with milliseconds, in Beijing time."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from ingest.wire.hj212.link import BEIJING

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def read(text: str, ahead: int = BEIJING) -> int:
    """Ns since 1970 UTC; `ahead` is how many seconds the device's clock is ahead of UTC.

    Raises:
        Refused: datatime_invalid, if it has not 14 or 17 digits, there is no such time, or it does not fit into 64 bits of ns.
    """
    if len(text) not in (14, 17) or not (text.isascii() and text.isdigit()):
        raise Refused("datatime_invalid", text[:40])
    if not "1971" <= text[:4] < "2262":
        raise Refused("datatime_invalid", text)
    try:
        when = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as fault:
        raise Refused("datatime_invalid", text) from fault
    seconds = (when - _EPOCH) // timedelta(seconds=1) - ahead
    return seconds * SECOND + int(text[14:] or 0) * 10**6


def write(at: int, ahead: int = BEIJING, *, milliseconds: bool = False) -> str:
    """The instant as 14 digits, or 17; what is finer is cut off."""
    when = _EPOCH + timedelta(seconds=at // SECOND + ahead)
    return f"{when:%Y%m%d%H%M%S}".rjust(14, "0") + (f"{at % SECOND // 10**6:03d}" if milliseconds else "")


def spoken(at: int, ahead: int = BEIJING) -> str:
    """The instant in ISO 8601 with the device's offset."""
    zone = timezone(timedelta(seconds=ahead))
    when = (_EPOCH + timedelta(microseconds=at // 1000)).astimezone(zone)
    return when.isoformat(timespec="milliseconds" if at % SECOND else "seconds")
