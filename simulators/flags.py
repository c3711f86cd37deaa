"""Flags: which readings were bad, and which were said to be: recall by kind of fault, precision and recall by test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import TESTS, Flag
from simulators.tape import Tape

NOTES = frozenset(("limit", "gap"))  # bits that say something of a reading, and no ill of it


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """How many of the bad readings of a kind of incident were flagged."""

    kind: str
    bad: int
    flagged: int
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTest:
    """How often a test fired, and how often rightly."""

    test: str
    fired: int
    rightly: int
    precision: float
    recall: float  # of all bad readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The whole of it, reading by reading; flagged is suspect, fail, or refused."""

    readings: int
    bad: int
    flagged: int
    precision: float | None
    recall: float | None
    kinds: tuple[OfKind, ...]
    tests: tuple[OfTest, ...]


def flags(tape: Tape, flag: NDArray[np.uint8], tests: NDArray[np.uint16]) -> Flags:
    """Hold the flags of a tape's rows against the truth."""
    bad = tape.rows["bad"] > 0
    flagged = np.isin(flag, (Flag.SUSPECT, Flag.FAIL, Flag.MISSING))
    right = int((bad & flagged).sum())
    kind = np.array([one.partition(" ")[0] for one in tape.incidents] or [""])[tape.rows["incident"]]
    return Flags(
        readings=len(tape),
        bad=int(bad.sum()),
        flagged=int(flagged.sum()),
        precision=_share(right, int(flagged.sum())),
        recall=_share(right, int(bad.sum())),
        kinds=tuple(_of_kind(one, bad & (kind == one), flagged) for one in sorted(set(kind[bad].tolist()))),
        tests=tuple(
            _of_test(bit, name, bad, tests) for bit, name in enumerate(TESTS) if (tests >> bit & 1).any() and name not in NOTES
        ),
    )


def _of_kind(kind: str, bad: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> OfKind:
    both = int((bad & flagged).sum())
    return OfKind(kind=kind, bad=int(bad.sum()), flagged=both, recall=_share(both, int(bad.sum())) or 0.0)


def _of_test(bit: int, name: str, bad: NDArray[np.bool_], tests: NDArray[np.uint16]) -> OfTest:
    fired = (tests >> bit & 1).astype(bool)
    right, n = int((fired & bad).sum()), int(fired.sum())
    return OfTest(
        test=name, fired=n, rightly=right, precision=_share(right, n) or 0.0, recall=_share(right, int(bad.sum())) or 0.0
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def rows_of(tape: Tape, judged: Sequence[tuple[str, int, int, int]]) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Flag and tests of each row from what a store holds as (series, at, flag, tests); what it has not is MISSING."""
    known = {(series, at): (flag, tests) for series, at, flag, tests in judged}
    keys = zip(tape.rows["series"].tolist(), tape.rows["at"].tolist(), strict=True)
    pairs = [known.get((tape.names[series], at), (int(Flag.MISSING), 0)) for series, at in keys]
    return np.array([flag for flag, _ in pairs], np.uint8), np.array([tests for _, tests in pairs], np.uint16)
