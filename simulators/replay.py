"""Replay: a record as a function of time, moved as a whole so that its thirtieth day ends when the demo first began."""

from collections.abc import Iterator
from dataclasses import dataclass

from detectors.domain.instant import DAY, SECOND, on_clock
from simulators.chance import gauss
from simulators.records import SPAN, Record

HISTORY = 30 * DAY
GRAIN = {"temp": 0.01, "ph": 0.004, "do": 0.015, "cond": 0.25, "stage": 0.05, "nh3n": 0.01}  # a good sensor's noise, in its unit
TURB_GRAIN = 0.01  # as a share of the value
MAY_BE_NEGATIVE = frozenset({"temp", "tanktemp"})


def shift_for(first_start: int, timezone: str) -> int:
    """How far records are moved (ns) so that 30 days of them lie before the first start, at the same time of day.

    Args:
        first_start: when the demo first began, ns since 1970 UTC.
        timezone: the site's; the records are in local time.
    """
    second = first_start // SECOND
    local = on_clock(first_start, timezone)
    since_midnight = (local.hour * 60 + local.minute) * 60 + local.second
    return second * SECOND - (HISTORY + since_midnight * SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A station that measures again what its record holds."""

    record: Record
    seed: int
    shift: int  # ns: instant = moment of the record + shift

    def history(self, until: int) -> Iterator[tuple[int, dict[str, float]]]:
        """The recorded rows of the 30 days up to `until`, as they were recorded: (instant, values)."""
        end = until - self.shift
        return ((moment + self.shift, values) for moment, values in self.record.rows(end - HISTORY, end))

    def read(self, at: int) -> dict[str, float]:
        """What the sensors say at an instant: the record between its points, with a sensor's noise."""
        values = self.record.between(at - self.shift)
        return {quantity: self._noisy(quantity, at, value) for quantity, value in values.items()}

    def rounds(self, at: int) -> int:
        """How often the record has begun anew by an instant."""
        return (at - self.shift) // SPAN

    def _noisy(self, quantity: str, at: int, value: float) -> float:
        grain = TURB_GRAIN * value if quantity == "turb" else GRAIN.get(quantity, 0.0)
        return believable(quantity, value + grain * gauss(self.seed, self.record.station, quantity, at))


def believable(quantity: str, value: float) -> float:
    """The value as a logger would say it: three decimals, and not below zero where that cannot be."""
    return round(value if quantity in MAY_BE_NEGATIVE else max(0.0, value), 3)
