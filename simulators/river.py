"""River incidents: what they do to the basin, and where, when and in which quantities they are felt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detectors.domain.instant import SECOND
from detectors.domain.series import series_of
from detectors.domain.site import Site
from detectors.water.standard import items
from simulators.basin import Basin, Course, Release
from simulators.basin.basin import OUTFALL_FLOW, STEP
from simulators.basin.weather import wander
from simulators.incidents import Incident, Kind
from simulators.scenario import Cause, Scenario
from simulators.tables import sensors

Floats = NDArray[np.float64]
Values = Mapping[str, Mapping[str, Floats]]  # by place and quantity
RIVERS = frozenset((Kind.SPILL, Kind.DISCHARGE, Kind.ALGAE, Kind.LOWFLOW))
WASTE = {  # what a spill of full strength adds to the river where it falls in, in each quantity's unit
    "cond": 360.0, "turb": 60.0, "codmn": 14.0, "cod": 45.0, "bod": 25.0, "nh3n": 4.0, "tp": 0.6, "tn": 5.0, "debt": 7.0,
}  # fmt: skip
EFFLUENT = {"nh3n": 6.0, "cod": 60.0, "bod": 15.0, "tn": 12.0, "tp": 0.4, "cond": 900.0}  # of a works that keeps its limits, mg/L
NIGHT = 7.0  # times as much in an illegal discharge
NIGHT_FLOW = 5.0  # times the outfall's flow
BLOOM = 5.5  # times the ordinary algae, at full strength
RAMP = 600.0  # s until a spill flows in full
FELT = 1.5  # times what a sensor's tolerance is: from there on an incident shows


@dataclass(frozen=True, slots=True, kw_only=True)
class River:
    """The true water of a scenario, and its river incidents station by station."""

    seconds: NDArray[np.int64]
    values: Values
    incidents: tuple[Incident, ...]


def river(scenario: Scenario, site: Site) -> River:
    """Run the basin with all that happens to it; once more without each incident, to see where it is felt."""
    basin = Basin(
        course=Course.of(site),
        seed=scenario.seed,
        start=scenario.start // SECOND,
        end=scenario.end // SECOND,
        wetness=scenario.wetness,
    )
    causes = [cause for cause in scenario.causes if cause.incident.kind in RIVERS]
    values = _run(basin, causes, site)
    felt: list[Incident] = []
    for cause in causes:
        without = _run(basin, [other for other in causes if other is not cause], site)
        felt += _felt(cause.incident, basin.seconds, values, without, scenario, site)
    return River(seconds=basin.seconds, values=values, incidents=tuple(felt))


def _run(basin: Basin, causes: Sequence[Cause], site: Site) -> Values:
    dry, bloom = np.zeros(len(basin.seconds)), np.ones(len(basin.seconds))
    releases: list[Release] = []
    pipes = {name: _effluent(basin, name) for name in basin.course.to_mouth if site.stations[name].kind == "outfall"}
    for cause in causes:
        one = cause.incident
        share = _share(one, basin.seconds)
        if one.kind is Kind.SPILL:
            adds = {quantity: amount * one.strength for quantity, amount in WASTE.items()}
            releases.append(Release(place=one.station, above=cause.above, adds=adds, share=share))
        elif one.kind is Kind.LOWFLOW:
            dry = np.maximum(dry, one.strength * np.clip(3 * share, 0, 1))
        elif one.kind is Kind.ALGAE:
            bloom = bloom + BLOOM * one.strength * _growth(one, basin.seconds)
        elif one.station in pipes:
            most = dict.fromkeys(EFFLUENT, NIGHT) | {"flow": NIGHT_FLOW, "cond": 1.5}
            pipes[one.station] = {q: v * (1 + (most[q] - 1) * one.strength * share) for q, v in pipes[one.station].items()}
    for name, water in pipes.items():
        flow = water.pop("flow")
        releases += [Release(place=name, above=0.0, adds={q: 1.0}, share=v, flow=flow) for q, v in water.items()]
        pipes[name] = water | {"flow": flow}
    values = basin.run(releases, dry=dry, bloom=bloom).values
    return values | {name: values[name] | water for name, water in pipes.items()}


def _effluent(basin: Basin, name: str) -> dict[str, Floats]:
    local = basin.seconds + basin.utc_offset
    stray = {q: 1 + 0.15 * wander(local, basin.seed, f"{name}/{q}", 21_600) for q in EFFLUENT}
    return {q: EFFLUENT[q] * np.clip(stray[q], 0.3, 2) for q in EFFLUENT} | {"flow": np.full(len(local), OUTFALL_FLOW)}


def _share(one: Incident, seconds: NDArray[np.int64]) -> Floats:
    """How much of it there is: it comes within minutes, stays, and goes."""
    since, until = one.since / SECOND, one.until / SECOND
    ramp = min(RAMP, (until - since) / 4) if one.kind is not Kind.LOWFLOW else (until - since) / 2
    return np.asarray(np.clip(np.minimum(seconds - since, until - seconds) / ramp, 0, 1), np.float64)


def _growth(one: Incident, seconds: NDArray[np.int64]) -> Floats:
    """Algae grow for most of the time, and go within the rest."""
    age = (seconds - one.since / SECOND) / ((one.until - one.since) / SECOND)
    curve: Floats = np.where(
        (age > 0) & (age < 1), np.minimum(np.clip(age / 0.6, 0, 1) ** 2, np.clip((1 - age) / 0.15, 0, 1)), 0.0
    )
    return curve


def _felt(
    one: Incident, seconds: NDArray[np.int64], values: Values, without: Values, scenario: Scenario, site: Site
) -> list[Incident]:
    """An incident for each station that feels it, from when to when it does, and whether a limit is passed because of it."""
    felt: list[Incident] = []
    playing = (seconds >= scenario.start // SECOND) & (seconds < scenario.end // SECOND)
    for place in (place for place in scenario.places if place.name in values):
        moved = {q: np.abs(values[place.name][q] - without[place.name][q]) for q in place.quantities if q in values[place.name]}
        shows = {q: playing & (gap > FELT * sensors()[q].tolerance) for q, gap in moved.items()}
        named = tuple(q for q, where in shows.items() if where.any())
        if not named:
            continue
        steps = np.flatnonzero(np.logical_or.reduce([shows[q] for q in named]))
        passed = [
            _passed(bound, q, values[place.name][q], without[place.name][q], playing, scenario)
            for q in named
            for bound in _bounds(site, place.name, q)
        ]
        felt.append(
            replace(
                one,
                id=f"{one.id}-{place.name}",
                station=place.name,
                quantities=named,
                faint=not any(passed),
                since=int(seconds[steps[0]]) * SECOND,
                until=int(seconds[steps[-1]] + STEP) * SECOND,
            )
        )
    return felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a value may not leave for longer than `delay` seconds."""

    low: float
    high: float
    delay: float


def _bounds(site: Site, station: str, quantity: str) -> list[Bound]:
    """The limits of a series, and what the section's target class allows."""
    series = series_of(station, quantity)
    bounds = [
        Bound(
            low=-np.inf if limit.below is None else limit.below,
            high=np.inf if limit.above is None else limit.above,
            delay=limit.delay,
        )
        for limit in site.limits
        if limit.series == series
    ]
    section = site.sections.get(station)
    item = items(section.waterbody, site.standard).get(quantity) if section and section.held_to else None
    if section and item and item.in_class:
        low, high = item.allowed[section.held_to - 1]
        bounds.append(Bound(low=low, high=high, delay=section.delay))
    return bounds


def _passed(bound: Bound, quantity: str, values: Floats, without: Floats, playing: NDArray[np.bool_], scenario: Scenario) -> bool:
    """Whether a bound is left, for longer than it waits, that would not be without the incident."""
    over = _beyond(bound, values) & ~_beyond(bound, without) & playing
    interval = scenario.lab_every if sensors()[quantity].lab else scenario.every
    needed = int((bound.delay * scenario.compress + 2 * interval) / STEP) + 1
    return bool((np.convolve(over, np.ones(needed), mode="valid") >= needed).any())


def _beyond(bound: Bound, values: Floats) -> NDArray[np.bool_]:
    return (values > bound.high) | (values < bound.low)
