"""Decided: what bore a breach out, as the facts of an event."""

from collections.abc import Sequence

import numpy as np

from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Site
from detectors.water.confirm import ABOVE, BELOW, settings
from detectors.water.related import UP
from detectors.water.witnesses import GAUGES, others


def facts(site: Site, series: str, entry: np.void, way: int) -> dict[str, str | float]:
    """What decided, of one row of `confirm.EVIDENCE` and a breach up (1) or down (-1)."""
    side = "up" if way == UP else "down"
    sooner = int(entry["sooner"]) & (ABOVE if way == UP else BELOW)
    held, crept = (_agreed(site, series, int(entry[name])) for name in (side, f"slow_{side}"))
    together = not sooner and _are_enough(crept, series)
    held = crept if together else held
    beside = [station_of(one) for one in held if station_of(one) != station_of(series)]
    moved = [quantity_of(one) for one in held if station_of(one) == station_of(series)]
    said: dict[str, str | float] = {
        "evidence": "neighbour" if beside else "two_related_quantities" if sooner or together else "alone"
    }
    said |= {"neighbour": " ".join(beside)} if beside else {}
    said |= {"related": " ".join(moved)} if moved else {}
    said |= {"pace": "slow"} if together or (entry["crept"] == way and entry["moved"] == 0) else {}
    said |= {"doubted": "unlikely"} if entry["doubted"] else {}
    return said | {name: float(entry["gauge"][g]) for g, name in enumerate(GAUGES) if entry["known"] >> g & 1}


def _agreed(site: Site, series: str, agree: int) -> Sequence[str]:
    """Who agrees, of a bit each."""
    return [one for k, one in enumerate(others(site, series)) if agree >> k & 1] if agree else []


def _are_enough(held: Sequence[str], series: str) -> bool:
    """Whether those bear a breach out: a neighbour, or so many related quantities."""
    return len(held) >= settings()["related"] or any(station_of(one) != station_of(series) for one in held)
