"""Thresholds: what a site asks of one value and its neighbours in time."""

from dataclasses import dataclass

NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """QARTOD thresholds of one series; NaN switches a test off. Units are those of the quantity."""

    series: str
    fail_low: float = NAN
    fail_high: float = NAN
    suspect_low: float = NAN
    suspect_high: float = NAN
    spike_suspect: float = NAN
    spike_fail: float = NAN
    rate: float = NAN  # units per second
    flat_tolerance: float = NAN
    flat_suspect: float = NAN  # seconds
    flat_fail: float = NAN  # seconds
    flat_readings: int = 3  # and at least so many readings, so that a rounded record every 15 min is not flat after two
    source: str = ""
