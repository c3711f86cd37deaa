"""Velocity: how fast water goes down a reach, by what the site and the gauge say, with the interval it may lie in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite, isnan, sqrt

from detectors.domain.pace import Pace
from detectors.domain.table import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A speed in m/s with the interval it lies in, and how it was found."""

    low: float
    likely: float
    high: float
    how: str  # "measured", "ungauged", "channel", "flow" or "nothing"
    gauge: str = ""  # "flow" or "stage", if one was used
    reading: float = float("nan")  # of that gauge: m³/s or cm
    source: str = ""


@cache
def defaults() -> Mapping[str, float]:
    """The values of `velocity.csv`."""
    return {row["name"]: float(row["value"]) for row in _rows()}


@cache
def sources() -> Mapping[str, str]:
    """Where each value of `velocity.csv` comes from."""
    return {row["name"]: row["source"] for row in _rows()}


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    return tuple(rows(__name__, "velocity.csv"))


def speed(pace: Pace, gauges: Mapping[str, float]) -> Speed:
    """The speed of a reach.

    Args:
        pace: what the site knows of it.
        gauges: the newest "flow" (m³/s) and "stage" (cm) of its station, as far as they are known.
    """
    return _measured(pace, gauges) or _channel(pace, gauges) or _of_flow(pace, gauges) or _nothing(pace)


def _measured(pace: Pace, gauges: Mapping[str, float]) -> Speed | None:
    if isnan(pace.speed):
        return None
    reading, at = _wet(pace, gauges), pace.at - (pace.bed if pace.gauge == "stage" else 0.0)
    if reading is None or isnan(at):
        return _within(pace, pace.speed, "ungauged", source=pace.source)
    exponent = defaults()[f"exponent_{pace.gauge}"] if isnan(pace.exponent) else pace.exponent
    return _within(pace, pace.speed * (reading / at) ** exponent, "measured", pace.gauge, gauges[pace.gauge], pace.source)


def _wet(pace: Pace, gauges: Mapping[str, float]) -> float | None:
    """The flow, or the depth above the bed, that the site's speed is to follow; None where none is known or the bed is dry."""
    reading = gauges.get(pace.gauge, float("nan")) - (pace.bed if pace.gauge == "stage" else 0.0)
    return reading if isfinite(reading) and reading > 0 else None


def _channel(pace: Pace, gauges: Mapping[str, float]) -> Speed | None:
    """Manning's formula for a channel much wider than deep: v = h^(2/3) sqrt(S) / n."""
    steep = sqrt(pace.slope) / pace.roughness
    depth, gauge = (gauges.get("stage", float("nan")) - pace.bed) / 100, "stage"
    flow = gauges.get("flow", float("nan"))
    if flow > 0:
        depth, gauge = (flow / (pace.width * steep)) ** 0.6, "flow"
    if isnan(steep) or not depth > 0:
        return None
    return _within(pace, depth ** (2 / 3) * steep, "channel", gauge, gauges[gauge], pace.source)


def _of_flow(pace: Pace, gauges: Mapping[str, float]) -> Speed | None:
    flow = gauges.get("flow", float("nan"))
    if not flow > 0:
        return None
    return _within(pace, defaults()["k_flow"] * flow ** defaults()["exponent_flow"], "flow", "flow", flow, sources()["k_flow"])


def _nothing(pace: Pace) -> Speed:
    return _within(pace, defaults()["speed"], "nothing", source=sources()["speed"])


def _within(pace: Pace, likely: float, how: str, gauge: str = "", reading: float = float("nan"), source: str = "") -> Speed:
    spread = defaults()[f"spread_{how}"] if isnan(pace.spread) else pace.spread
    return Speed(low=likely / spread, likely=likely, high=likely * spread, how=how, gauge=gauge, reading=reading, source=source)
