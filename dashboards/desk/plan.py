"""The plan of the river: where things stand on a drawing of a given shape, in shares of its width and height."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians

from detectors.domain.site import Point, Site

Spot = tuple[float, float]  # shares of width and height, 0..1, from the upper left corner
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A flat drawing: degrees of longitude are shortened by the cosine of the middle latitude."""

    west: float
    north: float
    wide: float  # degrees of latitude that the drawing's width stands for
    tall: float
    squeeze: float

    @classmethod
    def of(cls, site: Site, aspect: float, margin: float = 0.1) -> "Plan":
        """The drawing of everything the site has a place for; `aspect` is width by height."""
        points = list(_points(site)) or [(0.0, 0.0)]
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        squeeze = cos(radians((south + north) / 2))
        wide, tall = max((east - west) * squeeze, 1e-4), max(north - south, 1e-4)
        wide, tall = max(wide, tall * aspect), max(tall, wide / aspect)
        wide, tall = wide * (1 + 2 * margin), tall * (1 + 2 * margin)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(west=middle_x - wide / 2 / squeeze, north=middle_y + tall / 2, wide=wide, tall=tall, squeeze=squeeze)

    def spot(self, point: Point) -> Spot:
        """Where a point of the earth lies on the drawing."""
        return (point[0] - self.west) * self.squeeze / self.wide, (self.north - point[1]) / self.tall

    def metres(self) -> float:
        """What the drawing's whole width measures on the ground."""
        return self.wide * METRES_PER_DEGREE


def _points(site: Site) -> Iterable[Point]:
    for station in site.stations.values():
        yield station.place
    for reach in site.reaches.values():
        yield from reach.line
    for cell in site.cells.values():
        yield from cell.outline


def arrows(spots: Sequence[Spot], aspect: float, apart: float = 0.16) -> list[tuple[Spot, float]]:
    """Spots along a line and the direction of flow there (degrees, clockwise from east), about `apart` widths apart."""
    marks: list[tuple[Spot, float]] = []
    travelled, due = 0.0, apart / 2
    for (x0, y0), (x1, y1) in pairwise(spots):
        dx, dy = x1 - x0, (y1 - y0) / aspect
        length = hypot(dx, dy)
        while length and due <= travelled + length:
            share = (due - travelled) / length
            marks.append(((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), degrees(atan2(dy, dx))))
            due += apart
        travelled += length
    return marks


def scale(metres: float) -> tuple[float, str]:
    """A round length for the scale bar: its share of the width, and its text."""
    for length in (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20):
        if length <= metres / 4:
            return length / metres, f"{length // 1000} km" if length >= 1000 else f"{length} m"
    return 0.1, f"{metres / 10:.1f} m"


def freest(line: Sequence[Spot], marks: Sequence[Spot]) -> Spot:
    """The spot of a line that lies farthest from every mark, its ends left out."""
    inner = line[1:-1] or line
    return max(inner, key=lambda spot: min((hypot(spot[0] - x, spot[1] - y) for x, y in marks), default=0.0))


SIDES = ("right", "left", "below", "above")
LINE = 0.05  # height of a label


def sides(spots: Sequence[Spot], lengths: Sequence[float], line: float = LINE, busy: Sequence[Spot] = ()) -> list[str]:
    """For each mark the side its label stands on, so that labels meet as few marks and labels as may be.

    `lengths` are the labels' widths and `line` their height, in shares of the drawing; first come, first served.
    `busy` are spots that had better stay in sight: points of the river.
    """
    water = [(x - 0.008, y - 0.012, x + 0.008, y + 0.012) for x, y in busy]
    taken = [(x - 0.02, y - 0.03, x + 0.02, y + 0.03) for x, y in spots]
    chosen = []
    for index, (spot, length) in enumerate(zip(spots, lengths, strict=True)):
        others = taken[:index] + taken[index + 1 :]
        boxes = [_box(spot, length, line, side) for side in SIDES]
        costs = [sum(_overlap(box, other) for other in (*others, *water)) + _outside(box) for box in boxes]
        best = costs.index(min(costs))
        chosen.append(SIDES[best])
        taken.append(boxes[best])
    return chosen


Box = tuple[float, float, float, float]


def _box(spot: Spot, length: float, line: float, side: str) -> Box:
    x, y = spot
    if side == "right":
        return x + 0.02, y - line / 2, x + 0.02 + length, y + line / 2
    if side == "left":
        return x - 0.02 - length, y - line / 2, x - 0.02, y + line / 2
    top = y + 0.03 if side == "below" else y - 0.03 - line
    return x - length / 2, top, x + length / 2, top + line


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0


def _outside(box: Box) -> float:
    left, top, right, bottom = box
    return max(0.0, -left) + max(0.0, -top) + max(0.0, right - 1) + max(0.0, bottom - 1)


def apart(spots: Sequence[Spot], aspect: float, least: float = 0.034, rounds: int = 40) -> list[Spot]:
    """The same spots, pushed from each other until no two lie nearer than `least` widths."""
    places = [(x, y / aspect) for x, y in spots]
    for _ in range(rounds):
        for i in range(len(places)):
            for j in range(i):
                places[i], places[j] = _pushed(places[i], places[j], least)
    return [(x, y * aspect) for x, y in places]


def _pushed(one: Spot, other: Spot, least: float) -> tuple[Spot, Spot]:
    dx, dy = one[0] - other[0], one[1] - other[1]
    far = hypot(dx, dy)
    if far >= least:
        return one, other
    ux, uy = (dx / far, dy / far) if far else (1.0, 0.0)
    step = (least - far) / 2
    return (one[0] + ux * step, one[1] + uy * step), (other[0] - ux * step, other[1] - uy * step)
