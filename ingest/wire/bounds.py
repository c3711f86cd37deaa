"""Bounds: how much a message may say, and about which times."""

from dataclasses import dataclass
from datetime import UTC, datetime

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND

EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a site lets a message of telemetry be."""

    future_tolerance: int = 300 * SECOND  # ns that a device's clock may be ahead of ours
    most_bytes: int = 1 << 20
    most_rows: int = 16_384

    def check_instant(self, at: int, got: int) -> None:
        """Refuse an instant before 2000, or ahead of our clock by more than a clock may go wrong."""
        if at < EARLIEST:
            raise Refused("ts: before the year 2000", at)
        if at > got + self.future_tolerance:
            raise Refused(f"ts: {(at - got) / SECOND:.0f} s ahead of our clock", at)

    def check_size(self, size: int) -> None:
        """Refuse a payload that is too long to be looked at."""
        if size > self.most_bytes:
            raise Refused(f"oversized: more than {self.most_bytes} bytes", size)

    def check_rows(self, rows: int) -> None:
        """Refuse a message of too many readings, or of none."""
        if rows > self.most_rows:
            raise Refused(f"too many rows: more than {self.most_rows}", rows)
        if rows == 0:
            raise Refused("values: empty", rows)


ORDINARY = Bounds()
