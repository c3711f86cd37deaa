"""Judged readings: a batch, with what the court made of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detectors.domain import batch as _batch
from detectors.domain.batch import Batch


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

SCHEMA = pa.schema(
    [*_batch.SCHEMA, ("flag", pa.uint8()), ("tests", pa.uint16()), ("outcome", pa.uint8())],
    metadata={b"riverwatch.judged": b"1"},
)


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
    """The judged readings as one Arrow IPC stream."""
    verdict = [pa.array(judged.flag), pa.array(judged.tests), pa.array(judged.outcome)]
    return _batch.to_ipc(pa.RecordBatch.from_arrays([*_batch.columns(judged.readings), *verdict], schema=SCHEMA))


def read(data: bytes) -> Judged:
    """The judged readings of `write`.

    Raises:
        Refused: if the bytes are something else.
    """
    record = _batch.from_ipc(data, SCHEMA)
    return Judged(
        readings=_batch.from_columns(record),
        flag=record.column(6).to_numpy(),
        tests=record.column(7).to_numpy(),
        outcome=record.column(8).to_numpy(),
    )
