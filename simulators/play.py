"""Play: a scenario as a tape of everything that its stations say, with the truth about readings and incidents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detectors.domain.errors import Misconfigured
from detectors.domain.instant import SECOND
from detectors.domain.series import series_of
from detectors.domain.site import Site
from simulators import line
from simulators.basin.weather import chance
from simulators.faults import FAULTS, Series, disturb
from simulators.incidents import Incident
from simulators.line import LINES
from simulators.records import load
from simulators.replay import HISTORY, MAY_BE_NEGATIVE
from simulators.river import River, river
from simulators.scenario import Place, Scenario
from simulators.stations import Works
from simulators.tables import Sensor, sensors, sorts
from simulators.tape import ROW, Tape

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Played:
    """What was said, in order of arrival, and what happened."""

    tape: Tape
    incidents: tuple[Incident, ...]


def play(scenario: Scenario, site: Site) -> Played:
    """Everything that happens in a scenario: the same file, seed and site, the same readings.

    Raises:
        Misconfigured: if the site has no such station.
    """
    if unknown := [place.name for place in scenario.places if place.name not in site.stations]:
        known = ", ".join(site.stations)
        raise Misconfigured([f"{scenario.name}: the site {site.name} has no station {name}; it has {known}" for name in unknown])
    water = river(scenario, site)
    others = [cause.incident for cause in scenario.causes if sorts()[cause.incident.kind].cause != "river"]
    incidents = (*water.incidents, *(replace(one, id=f"{one.id}-{one.station}") for one in others))
    names = tuple(series_of(place.name, q) for place in scenario.places for q in place.quantities)
    parts = [_station(place, scenario, water, incidents, names) for place in scenario.places]
    told = tuple(f"{one.kind} {one.id}" for one in incidents)
    tape = Tape(names=names, incidents=told, rows=np.concatenate(parts)).arrived()
    return Played(tape=tape, incidents=tuple(sorted(incidents, key=lambda one: (one.since, one.id))))


def _station(
    place: Place, scenario: Scenario, water: River, incidents: Sequence[Incident], names: Sequence[str]
) -> NDArray[np.void]:
    """All rows of a station, in order of arrival."""
    mine = [(number, one) for number, one in enumerate(incidents) if one.station == place.name]
    true = _true(place, scenario, water, [one for _, one in mine])
    parts = [_series(place, q, at, values, scenario, mine, names) for q, (at, values) in true.items()]
    rows = np.concatenate(parts) if parts else line.EMPTY
    rows = rows[np.argsort(rows["got"], kind="stable")]
    for number, one in mine:
        if one.kind in LINES:
            rows = line.upset(rows, one, number, scenario.seed)
    return np.asarray(rows[np.argsort(rows["got"], kind="stable")])


def _true(place: Place, scenario: Scenario, water: River, mine: Sequence[Incident]) -> Mapping[str, tuple[Instants, Floats]]:
    """The true values of a station at the instants at which it measures them."""
    if place.water == "tank":
        return _tank(place, scenario, mine)
    true = {}
    for quantity in place.quantities:
        every = scenario.lab_every if sensors()[quantity].lab else scenario.every
        at = np.arange(scenario.start, scenario.end, every * SECOND, dtype=np.int64)
        if place.water == "record":
            column = load(place.name).columns[quantity]
            since = at - (scenario.start // (86_400 * SECOND) * 86_400 * SECOND - HISTORY)
            true[quantity] = (at, np.interp(since, column.since, column.values))
        elif place.name in water.values:
            true[quantity] = (at, np.interp(at / SECOND, water.seconds, water.values[place.name][quantity]))
        else:
            raise Misconfigured([f"{scenario.name}: {place.name} does not lie on a reach of the site"])
    return true


def _tank(place: Place, scenario: Scenario, mine: Sequence[Incident]) -> Mapping[str, tuple[Instants, Floats]]:
    works = Works(station=place.name, seed=scenario.seed)
    at = np.arange(scenario.start, scenario.end, scenario.every * SECOND, dtype=np.int64)
    said = [works.read(moment, mine) for moment in at.tolist()]
    return {q: (at, np.array([one[q] for one in said])) for q in place.quantities}


def _series(
    place: Place,
    quantity: str,
    at: Instants,
    true: Floats,
    scenario: Scenario,
    mine: Sequence[tuple[int, Incident]],
    names: Sequence[str],
) -> NDArray[np.void]:
    """One series as its sensor says it: good, or with the faults of the station."""
    name = series_of(place.name, quantity)
    rows = np.zeros(len(at), ROW)
    rows["series"], rows["incident"] = names.index(name), -1
    rows["at"] = rows["got"] = at
    rows["true"] = rows["value"] = true
    if place.water == "tank":
        return rows
    sensor = sensors()[quantity]
    said = _said(true, sensor, quantity, chance(scenario.seed, "grain", name)) if place.water == "basin" else true
    rows["value"] = said
    for number, one in mine:
        if one.kind in FAULTS and (not one.quantities or quantity in one.quantities):
            value, bad = disturb(Series(name=name, at=at, said=rows["value"].copy(), sensor=sensor), one, scenario.seed)
            rows["value"] = np.round(value, sensor.decimals)
            rows["bad"][bad], rows["incident"][bad] = 1, number
    if quantity not in MAY_BE_NEGATIVE:
        rows["value"] = np.maximum(rows["value"], 0.0)
    return rows


def _said(true: Floats, sensor: Sensor, quantity: str, told: np.random.Generator) -> Floats:
    """What a good sensor makes of the truth."""
    noise = (sensor.grain + sensor.relative * np.abs(true)) * told.standard_normal(len(true))
    value = true + noise if quantity in MAY_BE_NEGATIVE else np.maximum(true + noise, 0.0)
    return np.asarray(np.round(value, sensor.decimals), np.float64)
