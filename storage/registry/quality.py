"""What a site asks of quality beyond `quality.csv`: five files, each of them optional, as one value."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from detectors.domain.partition import partition_of
from detectors.domain.quality import NAN, Habits, Mooring, Neighbour, Quality, Relation, Season
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Station
from detectors.quality import climatology, neighbour
from storage.registry.fields import Fields
from storage.registry.rows import Mistakes, Placed, Row, T, unique
from storage.registry.sheets import csv_rows
from storage.registry.stations import Head

_HABITS = (
    "series", "gap", "attenuated_by", "attenuated_over", "attenuated_suspect", "attenuated_fail", "attenuated_readings",
    "stuck_low", "stuck_high", "stuck_after", "pattern_suspect", "pattern_fail", "source",
)  # fmt: skip
_SEASONS = ("series", "month_from", "month_to", "hour_from", "hour_to", "low", "high", "source")
_RELATIONS = ("series", "rate", "related", "related_rate", "within", "source")
_NEIGHBOURS = ("series", "neighbour", "within", "low", "high", "source")
_FAILS, _APART = ("fail_low", "fail_high"), ("drift_low", "drift_high")
_MOORINGS = ("station", "step", "away", "source")
_LEAST = 1e-9
Stations = Mapping[str, Placed[Station]]


def read_quality(folder: Path, stations: Stations, head: Head | None, mistakes: Mistakes) -> Quality:
    """Everything that the five files ask, checked against the stations."""
    seasons = _read(folder, "climatology.csv", _SEASONS, _season, mistakes, optional=_FAILS)
    habits = unique(_read(folder, "habits.csv", _HABITS, _habits, mistakes), lambda one: one.series, "series", mistakes)
    relations = _read(folder, "relations.csv", _RELATIONS, _relation, mistakes)
    related = unique(relations, lambda one: one.series, "series", mistakes)
    neighbours = _read(folder, "neighbours.csv", _NEIGHBOURS, _neighbour, mistakes, optional=_APART)
    moorings = unique(_read(folder, "moorings.csv", _MOORINGS, _mooring, mistakes), lambda one: one.station, "station", mistakes)
    asking: list[tuple[str, Row]] = [(one.value.series, one.row) for part in (seasons, habits.values()) for one in part]
    asking += [(one.value.series, one.row) for part in (relations, neighbours) for one in part]
    for series, row in asking:
        _reports(series, row, "series", stations, mistakes)
    _count(seasons, climatology.MOST, "seasons", mistakes)
    _count(neighbours, neighbour.MOST, "neighbours", mistakes)
    partition = _partitions(stations, head.partitions if head else 1)
    for link in relations:
        _meets(link.row, link.value.series, link.value.related, "related", partition, stations, mistakes)
    for near in neighbours:
        _meets(near.row, near.value.series, near.value.neighbour, "neighbour", partition, stations, mistakes)
    for moored in moorings.values():
        for axis in ("lon", "lat"):
            _reports(f"{moored.value.station}/{axis}", moored.row, "station", stations, mistakes)
    return Quality(
        habits=_values(habits),
        seasons=tuple(placed.value for placed in seasons),
        relations=_values(related),
        neighbours=tuple(placed.value for placed in neighbours),
        moorings=_values(moorings),
        clock=standard_clock(head.timezone) if head else 0.0,
    )


def standard_clock(timezone: str) -> float:
    """Seconds by which the standard time of a zone is ahead of UTC."""
    now = datetime(2024, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(timezone))
    return ((now.utcoffset() or timedelta()) - (now.dst() or timedelta())).total_seconds()


def _values(placed: Mapping[str, Placed[T]]) -> Mapping[str, T]:
    return MappingProxyType({name: one.value for name, one in placed.items()})


def _read(
    folder: Path,
    file: str,
    columns: Sequence[str],
    make: Callable[[Fields], T],
    mistakes: Mistakes,
    *,
    optional: Sequence[str] = (),
) -> list[Placed[T]]:
    """The sound rows of one file."""
    made = []
    for row in csv_rows(folder, file, columns, mistakes, optional=optional):
        fields = Fields(row, mistakes)
        value = make(fields)
        if fields.done():
            made.append(Placed(value, row))
    return made


def _habits(fields: Fields) -> Habits:
    number = {key: fields.number(key, NAN, least=0.0) for key in ("attenuated_suspect", "attenuated_fail")}
    number |= {key: fields.number(key, NAN, least=_LEAST) for key in ("gap", "attenuated_over")}
    number |= {key: fields.number(key, NAN) for key in ("stuck_low", "stuck_high")}
    number |= {key: fields.number(key, NAN, least=0.0) for key in ("pattern_suspect", "pattern_fail")}
    rising(fields, number, "attenuated_fail", "attenuated_suspect")
    rising(fields, number, "stuck_low", "stuck_high")
    rising(fields, number, "pattern_fail", "pattern_suspect")
    bounds = (number["attenuated_suspect"], number["attenuated_fail"])
    if math.isnan(number["attenuated_over"]) and not all(map(math.isnan, bounds)):
        fields.wrong("attenuated_over", "attenuated_over is missing: nobody knows how long to look for liveliness")
    return Habits(
        series=fields.text("series"),
        attenuated_by=fields.one_of("attenuated_by", ("std", "range"), "std"),
        attenuated_readings=fields.whole("attenuated_readings", 2, least=1),
        stuck_after=fields.number("stuck_after", 0.0, least=0.0),
        source=fields.text("source"),
        **number,
    )


def _season(fields: Fields) -> Season:
    number = {key: fields.number(key, NAN) for key in _FAILS} | {key: fields.number(key) for key in ("low", "high")}
    for low, high in (("fail_low", "low"), ("low", "high"), ("high", "fail_high")):
        rising(fields, number, low, high)
    return Season(
        series=fields.text("series"),
        month_from=fields.whole("month_from", 1, least=1, most=12),
        month_to=fields.whole("month_to", 12, least=1, most=12),
        hour_from=fields.whole("hour_from", 0, least=0, most=23),
        hour_to=fields.whole("hour_to", 23, least=0, most=23),
        source=fields.text("source"),
        **number,
    )


def _relation(fields: Fields) -> Relation:
    return Relation(
        series=fields.text("series"),
        related=fields.text("related"),
        rate=fields.number("rate", least=0.0),
        related_rate=fields.number("related_rate", least=0.0),
        within=fields.number("within", least=0.0),
        source=fields.text("source"),
    )


def _neighbour(fields: Fields) -> Neighbour:
    number = {"low": fields.number("low", -math.inf), "high": fields.number("high", math.inf)}
    number |= {key: fields.number(key, NAN) for key in _APART}
    rising(fields, number, "low", "high")
    rising(fields, number, *_APART)
    return Neighbour(
        series=fields.text("series"),
        neighbour=fields.text("neighbour"),
        within=fields.number("within", least=0.0),
        source=fields.text("source"),
        **number,
    )


def _mooring(fields: Fields) -> Mooring:
    number = {key: fields.number(key, NAN, least=_LEAST) for key in ("step", "away")}
    return Mooring(station=fields.text("station"), source=fields.text("source"), **number)


def rising(fields: Fields, numbers: Mapping[str, float], low: str, high: str) -> None:
    """The one is not above the other, where both are given."""
    if numbers[low] > numbers[high]:
        fields.wrong(high, f"{low} {numbers[low]:g} is above {high} {numbers[high]:g}")


def _reports(series: str, row: Row, key: str, stations: Stations, mistakes: Mistakes) -> None:
    station, quantity = station_of(series), quantity_of(series)
    if station not in stations:
        why = f"speaks of the station {station!r}, which does not exist"
    elif quantity not in stations[station].value.quantities:
        why = f"speaks of the quantity {quantity!r}, which station {station!r} does not report"
    else:
        return
    mistakes.say(row.file, row.line_of(key), f"this row {why}")


def _count(placed: Sequence[Placed[Season]] | Sequence[Placed[Neighbour]], most: int, what: str, mistakes: Mistakes) -> None:
    of_each: dict[str, int] = {}
    for one in placed:
        of_each[one.value.series] = number = of_each.get(one.value.series, 0) + 1
        if number == most + 1:
            mistakes.say(one.row.file, one.row.line, f"{one.value.series!r} has more than {most} {what}")


def _partitions(stations: Stations, partitions: int) -> Callable[[str], int]:
    """The partition of a station by its name."""
    return lambda name: partition_of(stations[name].value.beside or name, partitions)


def _meets(
    row: Row, series: str, other: str, key: str, partition: Callable[[str], int], stations: Stations, mistakes: Mistakes
) -> None:
    """Two series that are held against each other are reported, differ, and are judged by one worker."""
    _reports(other, row, key, stations, mistakes)
    one, two = station_of(series), station_of(other)
    if series == other:
        mistakes.say(row.file, row.line_of(key), f"{series!r} is held against itself")
    elif one in stations and two in stations and partition(one) != partition(two):
        sentence = f"{series!r} and {other!r} are judged apart: let station {two!r} stand beside {one!r} in stations.csv"
        mistakes.say(row.file, row.line_of(key), sentence)
