"""A trial: the tests of quality, by their own code, held over one whole record."""

import numpy as np
from numpy.typing import NDArray

from detectors.domain.judged import Flag
from detectors.domain.thresholds import Thresholds
from detectors.quality import flat, gross, rate, spike
from detectors.quality.learning.record import Record

FAIL, SUSPECT = int(Flag.FAIL), int(Flag.SUSPECT)


def doubted(record: Record, given: Thresholds) -> NDArray[np.bool_]:
    """Say of each reading whether any test flags it as suspect or worse."""
    at, value, row = record.at, record.value, np.zeros(len(record), np.int32)
    in_range = gross.step(np.array([gross.of(given)], gross.RULE), row, value)
    believed = in_range != FAIL
    of_last, _ = spike.step(np.zeros(1, spike.MEMORY), np.array([spike.of(given)], spike.RULE), row, value, believed)
    moved = rate.step(np.zeros(1, rate.MEMORY), np.array([rate.of(given)], rate.RULE), row, at, value, believed)
    still = flat.step(np.zeros(1, flat.MEMORY), np.array([flat.of(given)], flat.RULE), row, at, value, believed)
    found: NDArray[np.bool_] = np.maximum(np.maximum(in_range, moved), still) >= SUSPECT
    heard = np.flatnonzero(believed)
    found[heard[:-1]] |= of_last[heard[1:]] >= SUSPECT  # what is said with a reading is said of the one before
    return found
