"""The river and the grid: `river.geojson` and `cells.geojson` as values, and whether the water can flow."""

import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from detectors.domain.errors import Refused
from detectors.domain.pace import GAUGES, Pace
from detectors.domain.site import Cell, Point, Reach
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed
from storage.registry.sheets import geojson_rows
from storage.registry.stations import pair_of

CODE_DIGITS = 15  # GB/T 30428.1: 6 division + 3 street + 3 community + 3 sequence
_PACE = {
    "speed": "speed_m_s",
    "at": "speed_at",
    "exponent": "speed_exponent",
    "spread": "speed_spread",
    "width": "width_m",
    "roughness": "roughness",
    "slope": "slope",
}
JOIN_METRES = 50.0  # how far the end of a reach may be from the head of the next


def read_reaches(folder: Path, mistakes: Mistakes) -> list[Placed[Reach]]:
    """The reaches of the river, in the order of the file."""
    rows = geojson_rows(folder, "river.geojson", mistakes)
    return [Placed(reach, row) for row in rows if (reach := _reach(Fields(row, mistakes)))]


def _reach(fields: Fields) -> Reach | None:
    name = fields.name()
    if not isinstance(fields.row.fields.get("into"), str):
        fields.wrong("into", f"the reach {name!r} flows nowhere: `into` names the next reach, or is empty at the mouth")
    line = _points(fields, "LineString", fields.row.fields["geometry"].get("coordinates"), least=2)
    reach = Reach(name=name, title=fields.title(), line=line, into=fields.text("into", ""), pace=_pace(fields))
    return reach if fields.sound else None


def _pace(fields: Fields) -> Pace:
    """What the properties of a reach say of its speed; each may be left out."""
    said = {name: fields.number(key, math.nan) for name, key in _PACE.items()}
    try:
        return Pace(
            **said,
            bed=fields.number("bed_cm", 0.0),
            gauge=fields.one_of("speed_by", GAUGES, ""),
            source=fields.text("speed_source", ""),
        )
    except Refused as fault:
        fields.refused("name", fault)
        return Pace()


def read_cells(folder: Path, mistakes: Mistakes) -> list[Placed[Cell]]:
    """The cells of the grid, in the order of the file."""
    rows = geojson_rows(folder, "cells.geojson", mistakes)
    return [Placed(cell, row) for row in rows if (cell := _cell(Fields(row, mistakes)))]


def _cell(fields: Fields) -> Cell | None:
    code = fields.text("code")
    if code and not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
        fields.wrong("code", f"the cell code {code!r} is not {CODE_DIGITS} digits (GB/T 30428.1)")
    rings = fields.row.fields["geometry"].get("coordinates")
    outer = rings[0] if isinstance(rings, list) and rings else None
    outline = _points(fields, "Polygon", outer, least=4)
    if outline and outline[0] != outline[-1]:
        fields.wrong("geometry", f"the outline of cell {code!r} does not end where it began")
    cell = Cell(code=code, title=fields.title(), outline=outline)
    return cell if fields.sound else None


def _points(fields: Fields, kind: str, said: Any, *, least: int) -> tuple[Point, ...]:
    found = fields.row.fields["geometry"].get("type")
    if found != kind:
        fields.wrong("geometry", f"the geometry is {found!r}, a {kind} is meant")
        return ()
    points = [pair_of(one) for one in said] if isinstance(said, list) else []
    if len(points) < least or not all(points):
        fields.wrong("geometry", f"the {kind} needs at least {least} points [longitude, latitude]")
        return ()
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in filter(None, points)):
        fields.wrong("geometry", "a point lies outside longitude -180..180, latitude -90..90")
    return tuple(filter(None, points))


def check_flow(reaches: Mapping[str, Placed[Reach]], mistakes: Mistakes) -> None:
    """Every reach flows into one that exists, begins where it ends, and nowhere in a circle."""
    for name, placed in reaches.items():
        into = placed.value.into
        if not into:
            continue
        if into not in reaches:
            mistakes.say(placed.row.file, placed.row.line, f"the reach {name!r} flows into {into!r}, which does not exist")
        elif _is_in_circle(name, reaches):
            mistakes.say(placed.row.file, placed.row.line, f"the reach {name!r} flows in a circle")
        elif (gap := metres(placed.value.line[-1], reaches[into].value.line[0])) > JOIN_METRES:
            sentence = f"the reach {name!r} ends {gap:.0f} m from where {into!r} begins; is its direction of flow right?"
            mistakes.say(placed.row.file, placed.row.line, sentence)


def _is_in_circle(name: str, reaches: Mapping[str, Placed[Reach]]) -> bool:
    at = reaches[name].value.into
    for _ in reaches:
        if at == name:
            return True
        if at not in reaches:
            return False
        at = reaches[at].value.into
    return False  # it runs into a circle of others, which are named themselves


def metres(a: Point, b: Point) -> float:
    """The distance of two near points, on a sphere of 6,371 km laid flat."""
    degree = math.pi * 6_371_000 / 180
    return math.hypot((b[0] - a[0]) * degree * math.cos(math.radians(a[1])), (b[1] - a[1]) * degree)


def contains(outline: tuple[Point, ...], point: Point) -> bool:
    """Whether a point lies inside an outline (even-odd rule)."""
    inside = False
    for (x0, y0), (x1, y1) in pairwise(outline):
        if (y0 > point[1]) != (y1 > point[1]) and point[0] < x0 + (point[1] - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside
