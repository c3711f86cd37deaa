"""A tank of an invented chemical works: filling, drawing, heat of the day, a gas detector beside it."""

from dataclasses import dataclass, replace
from math import exp

from simulators.chance import gauss
from simulators.replay import believable

AIR = 101.3  # kPa
FULL = 62.0  # %, as the tank stands at first
GRAIN = {"level": 0.02, "pressure": 0.05, "tanktemp": 0.02, "gas": 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Valves:
    """Where the valves stand: what flows in and out (% of the tank a second), and what leaks (%LEL that it tends to)."""

    inlet: float = 0.05
    outlet: float = 0.05
    leak: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """The tank's state; one step gives the next."""

    level: float = FULL  # %
    tanktemp: float = 21.0  # °C
    gas: float = 2.0  # %LEL at the detector
    filling: bool = True

    @property
    def pressure(self) -> float:
        """Absolute pressure (kPa): air, the vapour of what is inside, and what the vent holds back as the space above shrinks."""
        vapour = 4.0 * exp(0.045 * (self.tanktemp - 20))
        return AIR + vapour + 6.0 * max(0.0, self.level - 60) / 40

    def after(self, seconds: float, valves: Valves, ambient: float = 22.0) -> "Tank":
        """The tank some seconds later: mass balance, and first-order approach of heat (an hour) and gas (8 s)."""
        level = min(100.0, max(0.0, self.level + (valves.inlet - valves.outlet) * seconds))
        gas_ends = 2.0 + valves.leak
        return replace(
            self,
            level=level,
            tanktemp=ambient + (self.tanktemp - ambient) * exp(-seconds / 3600),
            gas=gas_ends + (self.gas - gas_ends) * exp(-seconds / 8),
            filling=level < 72 if self.filling else level < 52,
        )

    def read(self, seed: int, station: str, at: int) -> dict[str, float]:
        """What the instruments say at an instant (ns since 1970 UTC)."""
        exact = {"level": self.level, "pressure": self.pressure, "tanktemp": self.tanktemp, "gas": self.gas}
        return {q: believable(q, v + GRAIN[q] * gauss(seed, station, q, at)) for q, v in exact.items()}


def valves_of(tank: Tank, *, jammed: bool = False, pumping: bool = False, leak: float = 0.0) -> Valves:
    """Where the valves stand: ordinary filling and drawing, or a jammed inlet, or a pump that brings the level down again."""
    if jammed:
        return Valves(inlet=1.2, outlet=0.05, leak=leak)
    if pumping and tank.level > 66:
        return Valves(inlet=0.0, outlet=1.0, leak=leak)
    return Valves(inlet=0.06, outlet=0.02, leak=leak) if tank.filling else Valves(inlet=0.02, outlet=0.06, leak=leak)
