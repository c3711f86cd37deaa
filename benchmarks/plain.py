"""Plain thresholds: ioos_qc with quantiles of another record as its thresholds, for what ours is held against."""

import numpy as np
from ioos_qc import qartod

LOW, HIGH = 0.001, 0.999
FLAT = 12 * 3600  # seconds


def ioos(taught_at: np.ndarray, taught: np.ndarray, at: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Which readings the range, spike, rate and flat line tests call suspect or worse."""
    low, high = np.quantile(taught, [LOW, HIGH])
    heights = np.abs(taught[1:-1] - (taught[:-2] + taught[2:]) / 2)
    rates = np.abs(np.diff(taught)) / (np.diff(taught_at) / 1e9)
    when = at.astype("datetime64[ns]")
    said = [
        qartod.gross_range_test(value, (low, high)),
        qartod.spike_test(value, suspect_threshold=np.quantile(heights, HIGH), fail_threshold=3 * np.quantile(heights, HIGH)),
        qartod.rate_of_change_test(value, when, threshold=np.quantile(rates, HIGH)),
        qartod.flat_line_test(value, when, suspect_threshold=FLAT, fail_threshold=2 * FLAT, tolerance=1e-6),
    ]
    worst: np.ndarray = np.max([np.ma.filled(flags, 0) for flags in said], axis=0)
    return (
        np.isin(worst, (3, 4)) if worst.max() < 9 else np.any([np.isin(np.ma.filled(flags, 0), (3, 4)) for flags in said], axis=0)
    )
