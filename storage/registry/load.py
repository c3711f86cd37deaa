"""Load: every file of a site folder, held against the others, as one frozen `Site`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from detectors.domain import signs, violations
from detectors.domain.errors import Misconfigured
from detectors.domain.quantity import COMPUTED, quantities
from detectors.domain.section import Section
from detectors.domain.site import Camera, Cell, Chief, Limit, Reach, Site, Station
from detectors.domain.thresholds import Thresholds
from detectors.domain.usual import Usual
from detectors.water import notices, targets
from storage.registry import river, rules, stations
from storage.registry.casework import read_deadlines, read_hazards
from storage.registry.quality import read_quality
from storage.registry.rows import Mistakes, Placed, Row, T, unique
from storage.registry.sections import Tables, check_sections, read_sections, read_tables
from storage.registry.usual import read_usual


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the files say, each value with its row."""

    stations: Mapping[str, Placed[Station]]
    cameras: Mapping[str, Placed[Camera]]
    limits: Mapping[str, Placed[Limit]]
    thresholds: Mapping[str, Placed[Thresholds]]
    usual: Mapping[str, Placed[Usual]]
    reaches: Mapping[str, Placed[Reach]]
    cells: Mapping[str, Placed[Cell]]
    chiefs: Mapping[str, Placed[Chief]]
    sections: Mapping[str, Placed[Section]]
    tables: Tables


def load(folder: Path | str) -> Site:
    """The site that a folder describes.

    Raises:
        Misconfigured: with every mistake of every file as "folder/file:line: sentence", not only the first.
    """
    folder, mistakes = Path(folder), Mistakes()
    if not folder.is_dir():
        raise Misconfigured([f"{folder}: there is no such folder; name the site's, or say in RIVERWATCH_SITE where it is"])
    head = stations.read_head(folder, mistakes)
    parts = _read(folder, mistakes)
    _check_stations(parts, mistakes)
    _check_cameras(parts, mistakes)
    _check_rules(parts, mistakes)
    _check_chiefs(parts, mistakes)
    check_sections(parts.sections, parts.stations, parts.tables, mistakes)
    river.check_flow(parts.reaches, mistakes)
    hazards = {one.station: one for one in read_hazards(folder, parts.stations, mistakes)}
    deadlines = tuple(read_deadlines(folder, mistakes))
    quality = read_quality(folder, parts.stations, head, mistakes)
    foreseen = _foreseen(parts, mistakes)
    if mistakes or head is None:
        raise Misconfigured(mistakes.lines(folder))
    own = tuple(placed.value for placed in parts.limits.values())
    return Site(
        name=head.name,
        title=head.title,
        language=head.language,
        timezone=head.timezone,
        partitions=head.partitions,
        told_within=head.told_within,
        future_tolerance=head.future_tolerance,
        stations=_values(parts.stations),
        cameras=(cameras := _values(parts.cameras)),
        foreseen=foreseen,
        limits=(*own, *signs.limits(cameras, own), *violations.limits(cameras.values(), own)),
        thresholds=_values(parts.thresholds),
        quality=replace(quality, usual=_values(parts.usual)),
        reaches=_values(parts.reaches),
        cells=_values(parts.cells),
        chiefs=tuple(placed.value for placed in parts.chiefs.values()),
        sections=_values(parts.sections),
        standard=parts.tables.standard,
        ratings=parts.tables.ratings,
        indicators=parts.tables.indicators,
        profiles=parts.tables.profiles,
        hazards=MappingProxyType(hazards),
        deadlines=deadlines,
    )


def _values(placed: Mapping[str, Placed[T]]) -> Mapping[str, T]:
    return MappingProxyType({name: one.value for name, one in placed.items()})


def _read(folder: Path, mistakes: Mistakes) -> _Parts:
    return _Parts(
        stations=unique(stations.read_stations(folder, mistakes), lambda one: one.name, "name", mistakes),
        cameras=unique(stations.read_cameras(folder, mistakes), lambda one: one.name, "name", mistakes),
        limits=unique(rules.read_limits(folder, mistakes), lambda one: f"{one.name} on {one.series}", "name", mistakes),
        thresholds=unique(rules.read_thresholds(folder, mistakes), lambda one: one.series, "series", mistakes),
        usual=unique(read_usual(folder, mistakes), lambda one: one.series, "series", mistakes),
        reaches=unique(river.read_reaches(folder, mistakes), lambda one: one.name, "name", mistakes),
        cells=unique(river.read_cells(folder, mistakes), lambda one: one.code, "code", mistakes),
        chiefs=unique(rules.read_chiefs(folder, mistakes), lambda one: one.name, "name", mistakes),
        sections=unique(read_sections(folder, mistakes), lambda one: one.station, "station", mistakes),
        tables=read_tables(folder, mistakes),
    )


def _check_stations(parts: _Parts, mistakes: Mistakes) -> None:
    for name, placed in parts.stations.items():
        station, row = placed.value, placed.row
        if station.reach and station.reach not in parts.reaches:
            mistakes.say(row.file, row.line, f"the reach {station.reach!r} of station {name!r} does not exist")
        if station.cell and station.cell not in parts.cells:
            mistakes.say(row.file, row.line, f"the cell {station.cell!r} of station {name!r} does not exist")
        elif station.cell and not river.contains(parts.cells[station.cell].value.outline, station.place):
            mistakes.say(row.file, row.line, f"the station {name!r} does not lie in its cell {station.cell!r}")
        if station.kind == "camera" and name not in parts.cameras:
            mistakes.say(row.file, row.line, f"the camera {name!r} does not stand in cameras.toml")
        if station.beside:
            _check_beside(placed, parts, mistakes)
        for quantity in station.quantities:
            _, dot, zone = quantity.partition(".")
            if dot and zone not in _zones(parts, name):
                mistakes.say(row.file, row.line, f"the quantity {quantity!r} names no zone of camera {name!r}")


def _check_beside(placed: Placed[Station], parts: _Parts, mistakes: Mistakes) -> None:
    """A station stands beside another one that stands by itself."""
    name, other, row = placed.value.name, placed.value.beside, placed.row
    if other not in parts.stations or other == name:
        mistakes.say(row.file, row.line, f"the station {name!r} stands beside {other!r}, which is no other station")
    elif parts.stations[other].value.beside:
        mistakes.say(row.file, row.line, f"the station {name!r} stands beside {other!r}, which stands beside another one itself")


def _zones(parts: _Parts, camera: str) -> tuple[str, ...]:
    return tuple(zone.name for zone in parts.cameras[camera].value.zones) if camera in parts.cameras else ()


def _check_cameras(parts: _Parts, mistakes: Mistakes) -> None:
    for name, placed in parts.cameras.items():
        if name not in parts.stations:
            mistakes.say(placed.row.file, placed.row.line, f"the camera {name!r} is no station in stations.csv")
        elif parts.stations[name].value.kind != "camera":
            mistakes.say(placed.row.file, placed.row.line, f"the station {name!r} is not of kind camera")


def _check_rules(parts: _Parts, mistakes: Mistakes) -> None:
    for limit in parts.limits.values():
        _check_series(limit.value.series, f"the limit {limit.value.name!r}", limit.row, parts, mistakes)
    for threshold in parts.thresholds.values():
        _check_series(threshold.value.series, "this row", threshold.row, parts, mistakes)
    for usual in parts.usual.values():
        _check_series(usual.value.series, "this row", usual.row, parts, mistakes)


def _check_series(series: str, who: str, row: Row, parts: _Parts, mistakes: Mistakes) -> None:
    station, _, quantity = series.partition("/")
    if station not in parts.stations:
        mistakes.say(row.file, row.line_of("stations"), f"{who} speaks of the station {station!r}, which does not exist")
    elif quantity not in parts.stations[station].value.quantities and quantity.partition(".")[0] not in COMPUTED:
        known = quantity.partition(".")[0] in quantities()
        why = f"which station {station!r} does not report" if known else "which is unknown"
        mistakes.say(row.file, row.line_of("quantity"), f"{who} speaks of the quantity {quantity!r}, {why}")


def _foreseen(parts: _Parts, mistakes: Mistakes) -> tuple[Limit, ...]:
    """The targets of sections that are warned of; a series has room for a few outlooks only."""
    number = Counter(one.value.series for one in parts.limits.values() if one.value.outlook)
    found: list[Limit] = []
    for name, placed in parts.sections.items():
        if name not in parts.stations:
            continue
        found += (wanted := targets.foreseen(placed.value, parts.stations[name].value, parts.tables.standard))
        number.update(limit.series for limit in wanted)
        for series in dict.fromkeys(limit.series for limit in wanted if number[limit.series] > notices.MOST):
            sentence = f"{series} has more than {notices.MOST} limits with an outlook, counting those of the target"
            mistakes.say(placed.row.file, placed.row.line_of("outlook"), sentence)
    return tuple(found)


def _check_chiefs(parts: _Parts, mistakes: Mistakes) -> None:
    for name, placed in parts.chiefs.items():
        for reach in placed.value.reaches:
            if reach not in parts.reaches:
                mistakes.say(
                    placed.row.file, placed.row.line_of("reaches"), f"the chief {name!r} has the unknown reach {reach!r}"
                )
        for station in placed.value.stations:
            if station not in parts.stations:
                sentence = f"the chief {name!r} has the unknown station {station!r}"
                mistakes.say(placed.row.file, placed.row.line_of("stations"), sentence)
