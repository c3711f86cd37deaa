"""Stations and cameras: `site.toml`, `stations.csv` and `cameras.toml` as values, each with its row."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from detectors.domain.site import Camera, Station, Title, Zone
from detectors.vision.picture import decode
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, Row
from storage.registry.sheets import csv_rows, toml_row

LANGUAGES = ("zh", "en")
STATION_KINDS = ("water", "outfall", "tank", "camera")
ZONE_KINDS = ("water", "bank", "road", "gate", "tank", "closed", "building", "outfall", "gauge")
DETECTORS = ("movers", "objects")
_STATION_COLUMNS = ("name", "title_zh", "title_en", "kind", "lon", "lat", "quantities", "cell", "reach", "silent_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What `site.toml` says: the site without its parts."""

    name: str
    title: Title
    language: str
    timezone: str
    partitions: int
    told_within: float
    future_tolerance: float


def read_head(folder: Path, mistakes: Mistakes) -> Head | None:
    """The head of the site."""
    row = toml_row(folder, "site.toml", mistakes)
    if row is None:
        return None
    fields = Fields(row, mistakes)
    head = Head(
        name=fields.name(),
        title=fields.title(),
        language=fields.one_of("language", LANGUAGES, "zh"),
        timezone=fields.text("timezone", "Asia/Shanghai"),
        partitions=fields.whole("partitions", 12, least=1, most=10_000),
        told_within=fields.number("told_within", 3600.0, least=0.0),
        future_tolerance=fields.number("future_tolerance", 300.0, least=0.0),
    )
    if not _is_timezone(head.timezone):
        fields.wrong("timezone", f"the time zone {head.timezone!r} is unknown; one such as Asia/Shanghai is meant")
    return head if fields.done() else None


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a path out of the database, a folder of it
        return False
    return True


def read_stations(folder: Path, mistakes: Mistakes) -> list[Placed[Station]]:
    """The stations, in the order of the file."""
    rows = csv_rows(folder, "stations.csv", _STATION_COLUMNS, mistakes, optional=("beside",))
    return [Placed(station, row) for row in rows if (station := _station(Fields(row, mistakes)))]


def _station(fields: Fields) -> Station | None:
    station = Station(
        name=fields.name(),
        title=fields.title(),
        kind=fields.one_of("kind", STATION_KINDS),
        place=(fields.number("lon", least=-180, most=180), fields.number("lat", least=-90, most=90)),
        quantities=fields.texts("quantities"),
        cell=fields.text("cell", ""),
        reach=fields.text("reach", ""),
        silent_after=fields.number("silent_after", 0.0, least=0.0),
        beside=fields.text("beside", ""),
    )
    for quantity in station.quantities:
        if quantity.partition(".")[0] not in quantities():
            fields.wrong("quantities", f"the quantity {quantity!r} of station {station.name!r} is unknown")
    return station if fields.done() else None


def read_cameras(folder: Path, mistakes: Mistakes) -> list[Placed[Camera]]:
    """The cameras, in the order of the file."""
    document = toml_row(folder, "cameras.toml", mistakes)
    if document is None:
        return []
    Fields(document, mistakes).done("camera")
    rows = document.inside.get("camera", ())
    return [Placed(camera, row) for row in rows if (camera := _camera(folder, row, mistakes))]


def _camera(folder: Path, row: Row, mistakes: Mistakes) -> Camera | None:
    fields = Fields(row, mistakes)
    zones = [_zone(Fields(inner, mistakes)) for inner in row.inside.get("zone", ())]
    seen: set[str] = set()
    for zone, inner in zip(zones, row.inside.get("zone", ()), strict=True):
        if zone and zone.name in seen:
            mistakes.say(inner.file, inner.line_of("name"), f"the camera has the zone {zone.name!r} twice")
        seen.add(zone.name if zone else "")
    camera = Camera(
        name=fields.name(),
        zones=tuple(zone for zone in zones if zone),
        person_height=_span(fields, "person_height"),
        detector=fields.one_of("detector", DETECTORS, "movers"),
        source=fields.text("source", ""),
        fps=fields.number("fps", 2.0, least=0.01, most=60.0),
        reference=_reference(folder, fields),
        reference_date=_day(fields, "reference_date"),
    )
    return camera if fields.done("zone") else None


def _reference(folder: Path, fields: Fields) -> bytes:
    """The reference picture, a JPEG in the site's folder."""
    name = fields.text("reference", "")
    if not name:
        return b""
    try:
        picture = (folder / name).read_bytes()
        decode(picture)
    except OSError:
        fields.wrong("reference", f"the reference picture {name!r} cannot be read")
    except Refused as fault:
        fields.wrong("reference", f"the reference picture {name!r} is {fault.reason}")
    else:
        return picture
    return b""


def _day(fields: Fields, key: str) -> str:
    said = fields.text(key, "")
    try:
        return said and date.fromisoformat(said).isoformat()
    except ValueError:
        fields.wrong(key, f"{key} is {said!r}, not a day such as 2026-05-01")
        return ""


def _span(fields: Fields, key: str) -> tuple[float, float]:
    said = fields.anything(key) if key in fields.row.fields else [0.06, 0.35]
    pair = pair_of(said)
    if pair is None or not 0 < pair[0] < pair[1] <= 1:
        fields.wrong(key, f"{key} is {said!r}, not two rising shares of the picture's height")
        return (0.06, 0.35)
    return pair


def _zone(fields: Fields) -> Zone | None:
    name, kind = fields.name(), fields.one_of("kind", ZONE_KINDS)
    said = fields.anything("corners")
    corners = [pair_of(corner) for corner in said] if isinstance(said, list) else [None]
    if said is not None and not all(corners):
        fields.wrong("corners", f"the corners of zone {name!r} are not a list of pairs of numbers")
    given = fields.anything("marks") if "marks" in fields.row.fields else []
    marks = [_mark(one) for one in given] if isinstance(given, list) else [None]
    if not all(marks):
        fields.wrong("marks", f"the marks of zone {name!r} are not a list of x, y (shares) and cm")
    if not fields.done():
        return None
    try:
        return Zone(name=name, kind=kind, corners=tuple(filter(None, corners)), marks=tuple(filter(None, marks)))
    except Refused as fault:
        fields.refused("corners", fault)
        return None


def _mark(said: Any) -> tuple[float, float, float] | None:
    place, level = pair_of(said), pair_of(said[1:]) if isinstance(said, list) and len(said) == 3 else None
    return (*place, level[1]) if place and level else None


def pair_of(said: Any) -> tuple[float, float] | None:
    """Two numbers, or None when it is something else."""
    if not isinstance(said, list) or len(said) < 2 or any(isinstance(x, bool) or not isinstance(x, (int, float)) for x in said):
        return None
    try:
        return float(said[0]), float(said[1])
    except OverflowError:  # hundreds of digits
        return None
