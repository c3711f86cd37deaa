"""A discharge that grows for two days is told as pollution, however many probes feel it: no test of quality holds it back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.series import quantity_of
from detectors.domain.site import Site
from detectors.quality.learning import Learnt, learn
from storage.registry import load

from .stand import SECOND, START, Hearing

SITE = Path(__file__).resolve().parents[4] / "sites" / "qinghe"
HOUR = 3600 * SECOND
DAYS, DAY = 12, 24  # of calm; readings
CALM = {"temp": (12.0, 2.0), "cond": (400.0, 6.0), "do": (9.5, 0.8), "ph": (8.3, 0.15), "turb": (6.0, 1.0)}  # middle, swing
GROWS = np.linspace(0, 1, 2 * DAY)


def said(station: str, quantities: Iterable[str], grown: Mapping[str, float]) -> list[tuple[str, int, float]]:
    """Days of calm, and two in which some quantities move by so much in the end."""
    random, n = np.random.default_rng(len(station)), (DAYS + 2) * DAY
    at, wave = START + np.arange(n) * HOUR, np.sin(np.arange(n) / DAY * 2 * np.pi)
    rows = []
    for quantity in quantities:
        middle, swing = CALM[quantity]
        value = middle + swing * (wave + random.normal(0, 0.05, n))
        value[DAYS * DAY :] += grown.get(quantity, 0.0) * GROWS
        rows += [(f"{station}/{quantity}", int(t), float(v)) for t, v in zip(at, value, strict=True)]
    return rows


@cache
def taught() -> Site:
    """The demo, with habits that a learner took from the calm."""
    site = load(SITE)
    calm: dict[str, list[tuple[int, float]]] = {}
    for series, at, value in said("mainstreet", CALM, {}):
        calm.setdefault(series, []).append((at, value))
    known = {name: _learnt(name, rows) for name, rows in calm.items()}
    usual = {name: one.usual for name, one in known.items()}
    thresholds = {**site.thresholds, **{name: one.thresholds for name, one in known.items()}}
    return replace(site, thresholds=thresholds, quality=replace(site.quality, usual=usual))


def _learnt(name: str, rows: list[tuple[int, float]]) -> Learnt:
    at, value = (np.array(column) for column in zip(*rows, strict=True))
    return learn(name, at, value, np.zeros(len(at), np.uint8))


def heard(site: Site, grown: Mapping[str, float]) -> list[GridEvent]:
    rows = said("waterlab", ("temp", "do"), {}) + said("mainstreet", CALM, grown)
    found = Hearing(site).judge(Batch.of(sorted(rows, key=lambda row: row[1]))).events
    return [one for one in found if one.turn == "raised" and one.at >= START + DAYS * DAY * HOUR]


SEWAGE = {"cond": 260.0, "do": -6.0, "turb": 30.0}


@pytest.mark.parametrize(
    ("learnt", "grown", "told"),
    [
        pytest.param(False, {"cond": 260.0}, {"cond": "alone"}, id="salt that one probe alone feels"),
        pytest.param(True, {"cond": 260.0}, {"cond": "alone"}, id="the same, with learnt habits"),
        pytest.param(True, {"do": -6.0}, {"do": "alone"}, id="waste that eats oxygen"),
        pytest.param(False, SEWAGE, dict.fromkeys(("cond", "do"), "two_related_quantities"), id="sewage that all of them feel"),
    ],
)
def test_a_slow_discharge_is_told_and_who_felt_it(grown: Mapping[str, float], told: Mapping[str, str], *, learnt: bool) -> None:
    """Pollution by the limits and classes of the demo, at one station and of these quantities; said to have come slowly."""
    events = [one for one in heard(taught() if learnt else load(SITE), grown) if one.matter == "pollution"]

    assert {quantity_of(one.series): one.facts["evidence"] for one in events} == told
    assert all(one.station == "mainstreet" and one.facts["pace"] == "slow" for one in events)
