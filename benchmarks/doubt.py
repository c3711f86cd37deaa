"""Spills on a learnt site: how long the class of a section waits for oxygen that its habits doubt, with and without evidence.

Each probe's habits are learnt from 45 simulated days without incident. Then the scenario `spill`, 1.8 times as strong and told by
probes alone, is judged twice: as it is, and on a site whose stations are of no kind that can be borne out. Hours from the
water's arrival at a section until its class is told, over the sections at which the two differ; and what a week of lying probes
raises as pollution more than without evidence.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from detectors.domain.series import quantity_of
from detectors.domain.site import Site
from detectors.quality.learning import Learnt, learn
from simulators import scenario
from simulators.play import Played, play
from simulators.scenario import Scenario
from simulators.trial import trial
from storage.registry import load

SITE = Path(__file__).resolve().parents[1] / "sites" / "qinghe"
PROBES, EVERY = ("temp", "cond", "ph", "do", "turb"), 900  # seconds
CALM, SPILL, SEEDS = 45 * 86_400, 1.8, (7, 8, 9)
HOUR = 3_600_000_000_000  # ns


def shipped(name: str, seed: int, strength: float = 1.0) -> Scenario:
    """A scenario at our interval, told by probes alone."""
    found = scenario.read(scenario.find(name), 0, seed=seed)
    causes = [replace(one, incident=replace(one.incident, strength=strength * one.incident.strength)) for one in found.causes]
    places = [replace(one, quantities=PROBES) for one in found.places]
    return replace(found, every=EVERY, places=tuple(places), causes=tuple(causes))


def taught(calm: Played) -> Mapping[str, Learnt]:
    """What each series teaches, the temperatures first."""
    rows, found = calm.tape.rows, dict[str, Learnt]()
    for name in sorted(calm.tape.names, key=lambda name: quantity_of(name) != "temp"):
        own = rows[rows["series"] == calm.tape.names.index(name)]
        water = found.get(f"{name.partition('/')[0]}/temp")
        marks = own["mark"].astype(np.uint8)
        found[name] = learn(name, own["at"], own["value"], marks, water=water.believed if water else None)
    return found


def a_learnt_site() -> Site:
    """The demo, its thresholds and habits learnt from calm days."""
    site, spill = load(SITE), shipped("spill", 31)
    calm = replace(spill, causes=(), seconds=CALM, start=spill.start - CALM * 10**9, wetness=1.0)
    known = taught(play(calm, site))
    usual = {name: one.usual for name, one in known.items()}
    thresholds = {**site.thresholds, **{name: one.thresholds for name, one in known.items()}}
    return replace(site, thresholds=thresholds, quality=replace(site.quality, usual=usual, relations={}))


def unheard(site: Site) -> Site:
    """The same site, but nobody bears anybody out."""
    stations = {name: replace(one, kind="river" if one.kind == "water" else one.kind) for name, one in site.stations.items()}
    return replace(site, stations=stations)


def delays(played: Played, site: Site) -> dict[tuple[str, int], float]:
    """Hours until the class of a section was told, by section and arrival."""
    told = [one for one in trial(played.tape, site).found if one.rule.startswith("class:")]
    found = {}
    for one in played.incidents:
        near = [
            said.raised_at for said in told if said.station == one.station and one.since <= said.raised_at <= one.until + HOUR
        ]
        if near:
            found[one.station, one.since] = (min(near) - one.since) / HOUR
    return found


def main() -> None:
    """Play, judge twice, and print a row for the delay and one for false alarms."""
    site = a_learnt_site()
    ours, other = [], []
    for seed in SEEDS:
        played = play(shipped("spill", seed, SPILL), site)
        with_, without = delays(played, site), delays(played, unheard(site))
        differ = [key for key in with_ if with_[key] != without.get(key)]
        ours += [with_[key] for key in differ]
        other += [without.get(key, np.inf) for key in differ]
    row = {"name": "doubted spill until told", "ours": median(ours), "other": median(other), "unit": "h"}
    print(json.dumps({**row, "ratio": median(other) / median(ours), "goal": 1.0, "sections": len(ours)}))
    lying = play(shipped("probes", 3), site)
    heard, deaf = ([one for one in trial(lying.tape, each).found if one.matter == "pollution"] for each in (site, unheard(site)))
    row = {"name": "pollution raised by lying probes", "ours": len(heard), "other": len(deaf), "unit": "alarms"}
    print(json.dumps({**row, "ratio": len(heard) / max(len(deaf), 1), "goal": 1.0}))


if __name__ == "__main__":
    main()
