"""Violations that a camera sees, as data: in zones of which kind what is measured, from where on it is one, and its code."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from detectors.domain.event import Level
from detectors.domain.site import Camera, Limit


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation: a limit on what is measured in zones of some kinds."""

    limit: Limit  # its series is the quantity alone
    kinds: frozenset[str]


@cache
def violations() -> tuple[Violation, ...]:
    """The violations of `violations.csv`."""
    table = (files(__package__) / "violations.csv").read_text(encoding="utf-8")
    return tuple(_violation(row) for row in csv.DictReader(table.splitlines()))


def _violation(row: dict[str, str]) -> Violation:
    limit = Limit(
        name=row["name"],
        series=row["quantity"],
        above=float(row["above"]),
        clear=float(row["clear"]),
        delay=float(row["delay"]),
        level=Level[row["level"].upper()],
        matter=row["matter"],
        code=row["code"],
        standard=row["standard"],
        source=row["source"],
    )
    return Violation(limit, frozenset(row["kinds"].split()))


@cache
def kinds_of(quantity: str) -> frozenset[str]:
    """The kinds of zone that a quantity is measured in."""
    return frozenset().union(*(one.kinds for one in violations() if one.limit.series == quantity))


def limits(cameras: Iterable[Camera], own: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits of `violations.csv` on each camera's zones of their kinds, but for those that the site has itself."""
    taken = {(limit.series, limit.name) for limit in own}
    every = (
        replace(one.limit, series=f"{camera.name}/{one.limit.series}.{zone.name}")
        for camera in cameras
        for zone in camera.zones
        for one in violations()
        if zone.kind in one.kinds
    )
    return tuple(limit for limit in every if (limit.series, limit.name) not in taken)
