"""Incidents: what goes wrong, where, from when to when, and what the sensors say meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from detectors.domain.instant import SECOND
from simulators.replay import believable

Reader = Callable[[int], dict[str, float]]


class Kind(StrEnum):
    """What can go wrong on this river."""

    SPILL = "spill"
    DISCHARGE = "discharge"
    ALGAE = "algae"
    LOWFLOW = "lowflow"
    FOULING = "fouling"
    DRIFT = "drift"
    STUCK = "stuck"
    SPIKES = "spikes"
    SILENT = "silent"
    BATTERY = "battery"
    CLOCK = "clock"
    DUPLICATES = "duplicates"
    ORDER = "order"
    BACKFILL = "backfill"
    OVERFILL = "overfill"
    GAS = "gas"
    PERSON = "person"
    BOAT = "boat"
    LITTER = "litter"
    LEFT = "left"
    BANK = "bank"
    DOOR = "door"
    HUT = "hut"
    FIRE = "fire"
    SMOKE = "smoke"
    COVERED = "covered"
    BLURRED = "blurred"
    TURNED = "turned"
    FROZEN = "frozen"
    CLOUD = "cloud"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident at one station; the truth that findings are scored against."""

    id: str
    kind: Kind
    station: str
    quantities: tuple[str, ...]
    since: int  # ns since 1970 UTC
    until: int
    strength: float = 1.0
    faint: bool = False  # it explains an alarm, but calls for none: no limit of the site is passed
    zones: tuple[str, ...] = ()  # of a camera, where it happens; empty = anywhere

    def holds(self, at: int) -> bool:
        """Whether the instant lies in the incident."""
        return self.since <= at < self.until

    def swell(self, at: int) -> float:
        """How much of a pollution cloud is at the station, 0 to 1: it comes within a minute, stays, and goes."""
        length = self.until - self.since
        rise = min(60 * SECOND, length // 3)
        fall = length // 3
        come = min(1.0, max(0.0, (at - self.since) / rise))
        gone = min(1.0, max(0.0, (self.until - at) / fall))
        return _smooth(min(come, gone))


OXYGEN_EATEN, SALT_ADDED, MUD_ADDED, ACID_ADDED, AMMONIA_ADDED = (
    0.75,
    1.1,
    9.0,
    0.6,
    8.0,
)  # by a full spill, as shares; pH in units
JUMP = {
    "temp": 15.0,
    "ph": -2.5,
    "do": -7.0,
    "cond": 700.0,
    "turb": 900.0,
    "stage": 120.0,
    "nh3n": 40.0,
}  # a leap, in its unit: far, but not out of range
FLICKER = 20 * SECOND  # a loose contact: of the readings of 10 s, every other one leaps


def disturbed(incident: Incident, at: int, values: dict[str, float], read: Reader) -> dict[str, float]:
    """What the sensors say at an instant of the incident; `values` are those without it, `read` gives those of other instants."""
    if not incident.holds(at):
        return values
    match incident.kind:
        case Kind.SPILL:
            return _spilled(incident, at, values)
        case Kind.STUCK:
            return values | {q: v for q, v in read(incident.since).items() if q in incident.quantities}
        case Kind.SPIKES:
            return values | {
                q: believable(q, values[q] + JUMP[q]) for q in incident.quantities if _spiking(incident, at) and q in values
            }
        case Kind.SILENT:
            return {q: v for q, v in values.items() if q not in incident.quantities}
        case _:
            return values  # the others happen to the tank, in the picture, or in a scenario's columns


def _spilled(incident: Incident, at: int, values: dict[str, float]) -> dict[str, float]:
    cloud = incident.swell(at) * incident.strength
    changed = {
        "do": lambda v: v * (1 - OXYGEN_EATEN * cloud),
        "cond": lambda v: v * (1 + SALT_ADDED * cloud),
        "turb": lambda v: v * (1 + MUD_ADDED * cloud),
        "ph": lambda v: v - ACID_ADDED * cloud,
        "nh3n": lambda v: v + AMMONIA_ADDED * cloud,
    }
    return {q: believable(q, changed[q](v)) if q in changed else v for q, v in values.items()}


def _spiking(incident: Incident, at: int) -> bool:
    return (at - incident.since) % FLICKER >= FLICKER // 2


def _smooth(share: float) -> float:
    return share * share * (3 - 2 * share)
