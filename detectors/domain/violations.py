"""Violations that a camera sees, as data: in zones of which kind what is measured, from where on and when it is one, its code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from detectors.domain import schedule
from detectors.domain.event import Level
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Camera, Limit, Title
from detectors.domain.table import rows


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation: a limit on what is measured in zones of some kinds."""

    limit: Limit  # its series is the quantity alone
    title: Title
    kinds: frozenset[str]
    detector: str  # of the cameras that measure it; "" = all


@cache
def violations() -> tuple[Violation, ...]:
    """The violations of `violations.csv`."""
    return tuple(_violation(row) for row in rows(__name__, "violations.csv"))


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
        schedule=schedule.read(row["hours"] or "", row["months"] or ""),
    )
    title = Title(zh=row["zh"], en=row["en"])
    return Violation(limit, title, frozenset(row["kinds"].split()), row["detector"] or "")


@cache
def titles() -> Mapping[str, Title]:
    """What each violation is called, by its name."""
    return {one.limit.name: one.title for one in violations()}


@cache
def kinds_of(quantity: str) -> frozenset[str]:
    """The kinds of zone that a quantity is measured in."""
    return frozenset().union(*(one.kinds for one in violations() if one.limit.series == quantity))


def limits(cameras: Iterable[Camera], own: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits of `violations.csv` on each camera's zones of their kinds.

    A limit of the site's `own` stands instead if it has the same name and is on the same zone, whatever it measures there.
    """
    taken = {(*_zone_of(limit.series), limit.name) for limit in own}
    every = (
        replace(one.limit, series=f"{camera.name}/{one.limit.series}.{zone.name}")
        for camera in cameras
        for zone in camera.zones
        for one in violations()
        if zone.kind in one.kinds and one.detector in {"", camera.detector}
    )
    return tuple(limit for limit in every if (*_zone_of(limit.series), limit.name) not in taken)


def _zone_of(series: str) -> tuple[str, str]:
    """The camera and the zone of a series."""
    return station_of(series), quantity_of(series).partition(".")[2]
