"""Judged readings: a batch, with what the court made of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from detectors.domain import arrow
from detectors.domain import batch as _batch
from detectors.domain.batch import COLUMNS, Batch
from detectors.domain.layout import Layout


class Flag(IntEnum):
    """QARTOD's primary flags (manual for real-time quality control, flag table)."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class Outcome(IntEnum):
    """Which way a reading went; the ledger counts these."""

    JUDGED = 0  # newer than all before it in its series: it can raise and clear
    HISTORY = 1  # late: stored with its flag, without effect on live alarms
    REPEATED = 2  # one of the newest judged ones again: the same series, instant and value
    AMENDED = 3  # an earlier reading said again with a flag its successor gave it; never counted as received
    DERIVED = 4  # computed from readings of the batch, such as a section's class; stored, never counted as received


TESTS = (  # bit i of `tests` is TESTS[i]
    "gross_range",
    "spike",
    "rate_of_change",
    "flat_line",
    "mark",
    "limit",
    "gap",
    "location",
    "climatology",
    "multi_variate",
    "attenuated_signal",
    "neighbour",
    "drift",
    "stuck_at_limit",
    "pattern_loss",
    "unlikely",
)

_LAYOUT = Layout(b"rwjudge2", {**COLUMNS, "flag": "u1", "tests": "<u2", "outcome": "u1"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Readings with their flag, the tests that fired and the outcome; one entry a row in each column."""

    readings: Batch
    flag: NDArray[np.uint8]
    tests: NDArray[np.uint16]  # bit set over TESTS
    outcome: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.readings)


def concat(parts: Sequence[Judged]) -> Judged:
    """Several judged batches as one, rows in order; at least one must be given."""
    return Judged(
        readings=_batch.concat([part.readings for part in parts]),
        flag=np.concatenate([part.flag for part in parts]),
        tests=np.concatenate([part.tests for part in parts]),
        outcome=np.concatenate([part.outcome for part in parts]),
    )


def names_of(tests: int) -> str:
    """The names of the tests in a bit set, joined by "+"."""
    return "+".join(name for bit, name in enumerate(TESTS) if tests >> bit & 1)


def write(judged: Judged) -> bytes:
    """The judged readings as bytes."""
    readings = judged.readings
    return _LAYOUT.write(readings.names, lambda name: getattr(readings if name in COLUMNS else judged, name))


def read(data: bytes) -> Judged:
    """The judged readings of `write`, or of the first version.

    Raises:
        Refused: if the bytes are something else.
    """
    names, columns = arrow.read(data, arrow.JUDGED) if data.startswith(arrow.BEGINS) else _LAYOUT.read(data)
    flag, tests, outcome = (columns.pop(name) for name in ("flag", "tests", "outcome"))
    return Judged(readings=Batch(names=names, **columns), flag=flag, tests=tests, outcome=outcome)
