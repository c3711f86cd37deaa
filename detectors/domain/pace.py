"""Pace: what a site knows about how fast the water of a reach goes; whatever is not given is NaN."""

from dataclasses import dataclass

from detectors.domain.errors import Refused

NAN = float("nan")
GAUGES = ("flow", "stage")  # the quantities that speed may follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A measured speed and how it follows flow or stage, or the channel that Manning's formula asks for, or nothing."""

    speed: float = NAN  # m/s, measured (a tracer, a float, a current meter)
    gauge: str = ""  # "flow" (m³/s) or "stage" (cm): what `at` is in
    at: float = NAN  # the flow or stage at which `speed` holds
    exponent: float = NAN  # speed goes with (newest / at) to this power
    width: float = NAN  # m
    roughness: float = NAN  # Manning's n, s/m^(1/3)
    slope: float = NAN  # m/m
    bed: float = 0.0  # cm, the stage at which the channel is dry
    spread: float = NAN  # the factor by which the speed may be off, either way
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("speed", "at", "width", "roughness", "slope"):
            if getattr(self, name) <= 0:
                raise Refused("a pace that is not above zero", name)
        if self.spread < 1:
            raise Refused("a spread below 1", self.spread)
        if self.gauge == "stage" and self.at <= self.bed:
            raise Refused("a stage of reference that is not above the bed", self.at)
        if self.gauge not in {"", *GAUGES}:
            raise Refused("a gauge that is neither flow nor stage", self.gauge)
