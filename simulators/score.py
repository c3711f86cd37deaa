"""Scores: what was played against what was found: recall, delay, and alarms that nothing explains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detectors.domain.instant import DAY, SECOND
from simulators.incidents import Incident, Kind
from simulators.tables import sorts

EXPLAINS = {  # by its cause, the matters that come from an incident: a lying probe is no pollution, a spill no lying probe
    "river": ("pollution", "outlook"),
    "sensor": ("instrument", "silence"),
    "line": ("instrument", "silence"),
    "tank": ("hazard",),
    "picture": ("vision",),
    "flame": ("hazard", "vision"),
    "camera": ("instrument",),
    "sky": (),
}
GRACE = 180.0  # s after its end an incident may still be found, and still explains what is raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One alarm that was raised."""

    matter: str
    rule: str
    station: str
    quantity: str
    raised_at: int  # ns since 1970 UTC, in the device's time
    zone: str = ""  # of a camera


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How well one kind of incident was found."""

    kind: str
    played: int
    found: int
    faint: int  # more that were played, but call for no alarm
    recall: float | None  # None where nothing calls for an alarm
    delay_p50: float | None  # seconds from its beginning to the alarm
    delay_p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The whole score."""

    kinds: tuple[Kept, ...]
    false_alarms: tuple[Found, ...]
    station_days: float
    false_per_station_day: float


def score(
    incidents: Sequence[Incident],
    found: Iterable[Found],
    sessions: Sequence[tuple[int, int]],
    stations: int,
    grace: float = GRACE,
) -> Score:
    """Hold alarms against incidents.

    Args:
        incidents: what was played.
        found: the alarms; only those raised in a session count.
        sessions: from when to when live readings were said, ns since 1970 UTC.
        stations: how many stations spoke.
        grace: s after its end that an incident may still be found.
    """
    late = round(grace * SECOND)
    heard = [one for one in found if any(since <= one.raised_at <= until + late for since, until in sessions)]
    idle = tuple(one for one in heard if not explaining(incidents, one, late))
    days = stations * sum(until - since for since, until in sessions) / DAY
    return Score(
        kinds=tuple(_kept(kind, incidents, heard, late) for kind in Kind if any(one.kind is kind for one in incidents)),
        false_alarms=idle,
        station_days=round(days, 4),
        false_per_station_day=round(len(idle) / days, 3) if days else 0.0,
    )


def _kept(kind: Kind, incidents: Iterable[Incident], found: Sequence[Found], late: int) -> Kept:
    mine = [incident for incident in incidents if incident.kind is kind]
    loud = [incident for incident in mine if sorts()[kind].matters and not incident.faint]
    delays = [delay for incident in loud if (delay := _delay(incident, found, late)) is not None]
    return Kept(
        kind=kind.value,
        played=len(loud),
        found=len(delays),
        faint=len(mine) - len(loud),
        recall=round(len(delays) / len(loud), 3) if loud else None,
        delay_p50=round(float(np.percentile(delays, 50)), 1) if delays else None,
        delay_p90=round(float(np.percentile(delays, 90)), 1) if delays else None,
    )


def _delay(incident: Incident, found: Iterable[Found], late: int) -> float | None:
    """Seconds until the first alarm that is about the incident's matter and quantities."""
    raised = [one.raised_at for one in found if _explains(incident, one, late) and is_about(incident, one)]
    return (min(raised) - incident.since) / SECOND if raised else None


def explaining(incidents: Iterable[Incident], found: Found, late: int) -> list[Incident]:
    """The incidents that an alarm may come from; `late` (ns) after its end one still may be the cause."""
    return [one for one in incidents if _explains(one, found, late)]


def _explains(incident: Incident, found: Found, late: int) -> bool:
    in_time = incident.since <= found.raised_at <= incident.until + late
    there = incident.station == found.station and (not incident.zones or not found.zone or found.zone in incident.zones)
    return in_time and there and found.matter in EXPLAINS[sorts()[incident.kind].cause]


def is_about(incident: Incident, found: Found) -> bool:
    """Whether an alarm says what the incident is: its matter, and for a sensor or in a picture the quantity."""
    sort = sorts()[incident.kind]
    named = incident.quantities if sort.cause in {"sensor", "tank"} else sort.quantities
    return found.matter in sort.matters and (not named or found.quantity in named)
