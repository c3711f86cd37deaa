"""Course: how many metres water runs from one place of a site to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from detectors.domain.site import Point, Reach, Site

METRES_A_DEGREE = 111_195.0  # of a great circle: 6,371 km times pi / 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The places of a site along its river; each runs into the next one below."""

    to_mouth: Mapping[str, float]  # metres from a place to the mouth
    from_head: Mapping[str, float]  # metres of the longest way to it
    below: Mapping[str, str]  # the next place downstream, or "" for the last

    @classmethod
    def of(cls, site: Site) -> "Course":
        """The water stations and outfalls of a site that lie on a reach."""
        length = {name: _length(reach.line) for name, reach in site.reaches.items()}
        heads = {name: _above(name, site.reaches, length) for name in site.reaches}
        places = [one for one in site.stations.values() if one.kind in {"water", "outfall"} and one.reach in site.reaches]
        along = {one.name: _along(site.reaches[one.reach].line, one.place) for one in places}
        reach = {one.name: one.reach for one in places}
        to_mouth = {n: _rest(reach[n], site.reaches, length) - along[n] for n in along}
        below = {n: _next(n, reach, to_mouth, site.reaches) for n in along}
        return cls(to_mouth=to_mouth, from_head={n: heads[reach[n]] + along[n] for n in along}, below=below)

    def in_order(self) -> list[str]:
        """Every place, the one farthest from the mouth first."""
        return sorted(self.to_mouth, key=lambda name: (-self.to_mouth[name], name))

    def between(self, upper: str, lower: str) -> float | None:
        """Metres from one place down to another; None where no water runs from one to the other."""
        place = upper
        while place and place != lower:
            place = self.below[place]
        return self.to_mouth[upper] - self.to_mouth[lower] if place else None


def _length(line: tuple[Point, ...]) -> float:
    return sum(_metres(a, b) for a, b in pairwise(line))


def _metres(a: Point, b: Point) -> float:
    return hypot((b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2)), b[1] - a[1]) * METRES_A_DEGREE


def _along(line: tuple[Point, ...], place: Point) -> float:
    """Metres from the head of a line to its point nearest to a place."""
    gone, best = 0.0, (float("inf"), 0.0)
    scale = cos(radians(place[1]))
    for a, b in pairwise(line):
        dx, dy = (b[0] - a[0]) * scale, b[1] - a[1]
        px, py = (place[0] - a[0]) * scale, place[1] - a[1]
        share = min(1.0, max(0.0, (px * dx + py * dy) / ((dx * dx + dy * dy) or 1.0)))
        length = _metres(a, b)
        best = min(best, (hypot(px - share * dx, py - share * dy), gone + share * length))
        gone += length
    return best[1]


def _rest(name: str, reaches: Mapping[str, Reach], length: Mapping[str, float]) -> float:
    """Metres from the head of a reach to the mouth."""
    return sum(length[one] for one in _way(name, reaches))


def _way(name: str, reaches: Mapping[str, Reach]) -> list[str]:
    """A reach and all below it."""
    way: list[str] = []
    while name in reaches and name not in way:
        way.append(name)
        name = reaches[name].into
    return way


def _above(name: str, reaches: Mapping[str, Reach], length: Mapping[str, float]) -> float:
    """Metres of the longest way from a source to the head of a reach."""
    ways = (_way(one, reaches) for one in reaches)
    return max(sum(length[one] for one in way[: way.index(name)]) for way in ways if name in way)


def _next(name: str, reach: Mapping[str, str], to_mouth: Mapping[str, float], reaches: Mapping[str, Reach]) -> str:
    way = _way(reach[name], reaches)
    lower = [one for one in to_mouth if reach[one] in way and (-to_mouth[one], one) > (-to_mouth[name], name)]
    return max(lower, key=lambda one: (to_mouth[one], [-ord(c) for c in one]), default="")
