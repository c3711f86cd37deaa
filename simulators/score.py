"""Scores: what was played against what was found: recall, delay, and alarms that nothing explains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulators.incidents import Incident, Kind
from simulators.records import DAY, SECOND

GRACE = 180 * SECOND  # after its end an incident may still be found, and still explains what is raised
MATTER = {
    Kind.SPILL: "pollution",
    Kind.STUCK: "instrument",
    Kind.SPIKES: "instrument",
    Kind.SILENT: "silence",
    Kind.OVERFILL: "hazard",
    Kind.GAS: "hazard",
    Kind.PERSON: "vision",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One alarm that was raised."""

    matter: str
    rule: str
    station: str
    quantity: str
    raised_at: int  # ns since 1970 UTC, in the device's time


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How well one kind of incident was found."""

    kind: str
    played: int
    found: int
    recall: float  # 1 where nothing was played
    delay_p50: float | None  # seconds from its beginning to the alarm
    delay_p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The whole score."""

    kinds: tuple[Kept, ...]
    false_alarms: tuple[Found, ...]
    station_days: float
    false_per_station_day: float


def score(incidents: Sequence[Incident], found: Iterable[Found], sessions: Sequence[tuple[int, int]], stations: int) -> Score:
    """Hold alarms against incidents.

    Args:
        incidents: what was played.
        found: the alarms; only those raised in a session count.
        sessions: from when to when live readings were said, ns since 1970 UTC.
        stations: how many stations spoke.
    """
    heard = [one for one in found if any(since <= one.raised_at <= until + GRACE for since, until in sessions)]
    idle = tuple(one for one in heard if not any(_explains(incident, one) for incident in incidents))
    days = stations * sum(until - since for since, until in sessions) / DAY
    return Score(
        kinds=tuple(_kept(kind, incidents, heard) for kind in Kind),
        false_alarms=idle,
        station_days=round(days, 4),
        false_per_station_day=round(len(idle) / days, 3) if days else 0.0,
    )


def _kept(kind: Kind, incidents: Iterable[Incident], found: Sequence[Found]) -> Kept:
    mine = [incident for incident in incidents if incident.kind is kind]
    delays = [delay for incident in mine if (delay := _delay(incident, found)) is not None]
    return Kept(
        kind=kind.value,
        played=len(mine),
        found=len(delays),
        recall=round(len(delays) / len(mine), 3) if mine else 1.0,
        delay_p50=round(float(np.percentile(delays, 50)), 1) if delays else None,
        delay_p90=round(float(np.percentile(delays, 90)), 1) if delays else None,
    )


def _delay(incident: Incident, found: Iterable[Found]) -> float | None:
    """Seconds until the first alarm that is about the incident's matter and quantities."""
    raised = [one.raised_at for one in found if _explains(incident, one) and _is_about(incident, one)]
    return (min(raised) - incident.since) / SECOND if raised else None


def _explains(incident: Incident, found: Found) -> bool:
    return incident.station == found.station and incident.since <= found.raised_at <= incident.until + GRACE


def _is_about(incident: Incident, found: Found) -> bool:
    named = incident.quantities if incident.kind not in {Kind.SILENT, Kind.PERSON} else ()
    return found.matter == MATTER[incident.kind] and (not named or found.quantity in named)
