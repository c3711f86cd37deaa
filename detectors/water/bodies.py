"""Bodies: the black-odorous waters of a site, each with its points in the order of the water, graded by what these said."""

from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.domain.rating import Indicator
from detectors.domain.section import Section
from detectors.domain.series import series_of
from detectors.domain.site import Site
from detectors.water import blackodour
from detectors.water.blackodour import MILD, SEVERE
from detectors.water.network import Network

FEWEST_POINTS, FEWEST_DATA = 3, 3  # of a water, and of an indicator at a point (工作指南 2015, one source)


class Indicated(msgspec.Struct, frozen=True, kw_only=True):
    """What one indicator said at a point."""

    quantity: str
    data: int
    mild: float  # share of the data that is mild or worse
    severe: float  # share of it that is severe


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A point of a water: 0 is none, 1 mild, 2 severe."""

    station: str
    grade: int | None  # None where nothing was measured
    stretch: int | None  # the grade of the stretch that it stands for
    indicators: tuple[Indicated, ...]


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A whole water."""

    name: str
    grade: int | None
    points: tuple[Point, ...]  # downstream
    few: bool  # fewer points or data than the guide asks for


def watched(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The points of each black-odorous water, as its water meets them."""
    network, found = Network(site), dict[str, list[str]]()
    for name, section in site.sections.items():
        if section.black_odorous:
            found.setdefault(section.body or section.basin, []).append(name)
    return {body: _downstream(network, points) for body, points in found.items()}


def series(site: Site) -> tuple[str, ...]:
    """The series that decide."""
    names = [one.quantity for one in _indicators(site)]
    return tuple(series_of(point, name) for points in watched(site).values() for point in points for name in names)


def graded(site: Site, said: Mapping[str, NDArray[np.float64]]) -> tuple[Body, ...]:
    """Grade the waters of a site by all good values of their series."""
    return tuple(_body(name, [_point(site, station, said) for station in points]) for name, points in watched(site).items())


def _indicators(site: Site) -> Iterable[Indicator]:
    return site.indicators or blackodour.indicators()


def _downstream(network: Network, points: list[str]) -> tuple[str, ...]:
    """Points in the order of the water; those that the network does not know, or that lie side by side, by the site's order."""
    above = {one: sum(one in network.below(other) for other in points) for one in points}
    return tuple(sorted(points, key=above.__getitem__))


def _point(site: Site, station: str, said: Mapping[str, NDArray[np.float64]]) -> Point:
    found = {one.quantity: _grades(one, site.sections[station], said) for one in _indicators(site)}
    known = {name: grades for name, grades in found.items() if len(grades)}
    grade = blackodour.point(known) if known else None
    told = tuple(
        Indicated(quantity=name, data=len(of), mild=float((of >= MILD).mean()), severe=float((of >= SEVERE).mean()))
        for name, of in known.items()
    )
    return Point(station=station, grade=grade, stretch=grade, indicators=told)


def _grades(indicator: Indicator, section: Section, said: Mapping[str, NDArray[np.float64]]) -> NDArray[np.uint8]:
    values = said.get(series_of(section.station, indicator.quantity), np.zeros(0))
    return blackodour.grades(indicator, values, section.depth)


def _body(name: str, points: list[Point]) -> Body:
    """The water, its stretches graded; a point where nothing was measured is passed over."""
    known = [one.grade for one in points if one.grade is not None]
    along = iter(blackodour.stretches(known))
    told = tuple(msgspec.structs.replace(one, stretch=None if one.grade is None else next(along)) for one in points)
    few = len(known) < FEWEST_POINTS or any(one.data < FEWEST_DATA for point in told for one in point.indicators)
    return Body(name=name, grade=blackodour.body(known) if known else None, points=told, few=few)
