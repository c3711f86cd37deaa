"""What casework is told of a site: what a tank holds, and how long the handling of a matter may take."""

from dataclasses import dataclass

STAGES = ("report", "file", "dispatch", "handle", "check")
UNITS = ("minute", "hour", "day", "working_hour", "working_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A tank or plant that would be dangerous if it failed."""

    station: str
    medium_zh: str
    medium_en: str
    threshold: float  # tonnes of the medium from which on GB 18218 calls it a major hazard
    tonnes: float  # that it holds at most
    cubic_metres: float
    people: int  # within 500 m
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """How long a stage of the handling of a matter may take, in one place."""

    code: str  # of the matter, as in `limits.toml`
    stage: str
    amount: float
    unit: str
    place: str  # whose rule it is
    valid_from: str  # "2026-01-31", or "" from ever
    valid_to: str  # the last day, or "" for ever
    source: str

    def holds(self, day: str) -> bool:
        """Whether it is in force on a day such as "2026-01-31"."""
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)
