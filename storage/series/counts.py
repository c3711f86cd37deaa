"""Counts: how often the readings of a series carry each flag, and how often each test fired on them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from detectors.domain.judged import TESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one series over a stretch of time; what never occurred is left out."""

    flags: dict[int, int] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)  # a reading on which two fired counts for both

    @property
    def total(self) -> int:
        """How many readings there are."""
        return sum(self.flags.values())


def gathered(rows: Iterable[tuple[int, int, int]]) -> Counts:
    """The counts from rows of a flag, a bit set of tests, and how many readings have both."""
    flags: Counter[int] = Counter()
    tests: Counter[str] = Counter()
    for flag, fired, many in rows:
        flags[flag] += many
        for bit, name in enumerate(TESTS):
            if fired >> bit & 1:
                tests[name] += many
    return Counts(flags=dict(flags), tests=dict(tests))
