"""A record: the readings of one series in order, and the sizes in it that thresholds are learnt from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.quality.marks import FLAG_OF

Numbers = NDArray[np.float64]
ORDINARY_GAP = 2.0  # intervals; over a longer one no difference is taken
SECOND = 1e9  # ns
DEAD, DEAD_RUN = 86_400 * SECOND, 24  # ns and readings: whatever moves with the day does not stand still for longer
LARGEST = 1e15  # in any unit; what is larger was never measured in a river


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Readings of one series, each instant once, ascending."""

    at: NDArray[np.int64]  # ns since 1970 UTC
    value: Numbers

    def __len__(self) -> int:
        return len(self.at)

    def where(self, kept: NDArray[np.bool_]) -> "Record":
        """The readings that are kept."""
        return Record(at=self.at[kept], value=self.value[kept])


def record_of(at: NDArray[np.int64], value: Numbers, mark: NDArray[np.uint8]) -> Record:
    """The readings that a river can have and the device itself finds good, in order; of a repeated instant the first."""
    good = (np.abs(value) < LARGEST) & (FLAG_OF[mark] == Flag.GOOD)
    instants, first = np.unique(at[good], return_index=True)
    return Record(at=instants, value=value[good][first])


def moving(record: Record) -> NDArray[np.bool_]:
    """Which readings differ from the one before."""
    found: NDArray[np.bool_] = np.diff(record.value, prepend=np.nan) != 0
    return found


def dead(record: Record) -> NDArray[np.bool_]:
    """Which readings stand in a row of equal ones that no water holds that moves with the day."""
    first = np.flatnonzero(moving(record))
    lengths = np.diff(np.append(first, len(record)))
    still = record.at[first + lengths - 1] - record.at[first]
    found: NDArray[np.bool_] = np.repeat((still > DEAD) & (lengths > DEAD_RUN), lengths)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sizes:
    """What is measured on a record."""

    interval: float  # seconds from one reading to the next, as a rule
    resolution: float  # the smallest usual step, in the unit; 0 if nothing ever moves
    bends: Numbers  # how far each reading lies from the middle of its neighbours, in the unit
    rates: Numbers  # units per second
    runs: NDArray[np.int64]  # readings in each run of equal values


def sizes_of(record: Record) -> Sizes:
    """Measure a record of at least two readings."""
    between, step = np.diff(record.at) / SECOND, np.abs(np.diff(record.value))
    interval = float(np.median(between))
    near = between <= ORDINARY_GAP * interval
    moved = step[step > 0]
    resolution = float(np.quantile(moved, 0.01)) if len(moved) else 0.0
    middle = (record.value[:-2] + record.value[2:]) / 2
    parts = np.concatenate([[True], (step > 0) & (step >= resolution / 2), [True]])
    return Sizes(
        interval=interval,
        resolution=resolution,
        bends=np.abs(record.value[1:-1] - middle)[near[1:] & near[:-1]],
        rates=step[near] / between[near],
        runs=np.diff(np.flatnonzero(parts)),
    )
