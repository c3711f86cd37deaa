"""A draft: a site folder as riverwatch proposes it, for a person to review; what `load` reads, written."""

import csv
import io
import json
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.quality import Neighbour
from detectors.domain.series import station_of
from detectors.domain.site import Station
from detectors.domain.thresholds import Thresholds
from detectors.domain.usual import Usual
from storage.registry.load import load
from storage.registry.usual import FILE, written

NOWHERE = (0.0, 0.0)  # in the Gulf of Guinea: no recording says where a station stands
_HEAD = """\
# A draft: riverwatch learnt it from recordings. Review it, then take this comment away:
#   stations.csv  the place of every station is unknown and stands as lon 0, lat 0 (in the sea off Africa): put the true one.
#                 Titles are only the names; kind is a guess (water, or tank where all its quantities are a tank's), silent_after
#                 is four times the sampling interval; cell and reach are empty.
#   quality.csv   every row says in its last column what its thresholds were learnt from; see docs/learning.md.
#   usual.csv     how far each series moves, and where its months and days lie; a row can be changed or taken out by itself.
#   neighbours.csv, if it is there: how far the days of two stations lie apart. The one stands beside the other in stations.csv,
#                 so that the same worker judges both; take out what has nothing to do with each other.
#   limits.toml   holds no limit yet: nothing is raised but instrument matters until you set some.
name = {name}
title_zh = {name}
title_en = {name}
language = "zh"
timezone = "Asia/Shanghai"
"""
_LIMITS = """\
# No limit was learnt: what is too much is said by law and by you, not by a recording. An example to copy:
#
# [[limit]]
# name = "do-low"
# stations = [{station}]
# quantity = "do"
# below = 5.0
# clear = 5.5
# delay = 900
# level = "warning"
# matter = "pollution"
# source = "GB 3838-2002 Table 1, dissolved oxygen, class III: not below 5 mg/L"
"""
_OF_A_STATION = ("name", "title_zh", "title_en", "kind", "lon", "lat", "quantities", "cell", "reach", "silent_after", "beside")
_OF_NEIGHBOURS = ("series", "neighbour", "within", "low", "high", "drift_low", "drift_high", "source")


def drafted(
    name: str,
    stations: Iterable[Station],
    thresholds: Iterable[Thresholds],
    usual: Iterable[Usual] = (),
    neighbours: Sequence[Neighbour] = (),
) -> Mapping[str, str]:
    """The text of each file of a minimal site."""
    stations = list(_beside(stations, neighbours))
    first = stations[0].name if stations else "name"
    texts = {
        "site.toml": _HEAD.format(name=_quoted(name)),
        "stations.csv": _csv([_OF_A_STATION, *map(_station, stations)]),
        "quality.csv": _csv([[field.name for field in fields(Thresholds)], *map(_thresholds, thresholds)]),
        FILE: written(usual),
        "limits.toml": _LIMITS.format(station=_quoted(first)),
    }
    if neighbours:
        texts["neighbours.csv"] = _csv(
            [_OF_NEIGHBOURS, *([_field(getattr(one, key)) for key in _OF_NEIGHBOURS] for one in neighbours)]
        )
    return texts


def _beside(stations: Iterable[Station], neighbours: Iterable[Neighbour]) -> Iterator[Station]:
    """The stations, each beside the first of those that it is held against, so that one worker judges them all."""
    stations = list(stations)
    first = {one.name: one.name for one in stations}
    for pair in neighbours:
        one, other = sorted((first[station_of(pair.series)], first[station_of(pair.neighbour)]))
        first = {name: one if at == other else at for name, at in first.items()}
    yield from (replace(one, beside="" if first[one.name] == one.name else first[one.name]) for one in stations)


def put(folder: Path, texts: Mapping[str, str], *, force: bool = False) -> tuple[Path, ...]:
    """Write the files of a site, all of them sound or none.

    Raises:
        Refused: if one is there already and `force` is not given, or none can be written.
        Misconfigured: if they are no site; nothing is written then.
    """
    there = [file for file in texts if (folder / file).exists()]
    if there and not force:
        raise Refused(f"{folder} has these files already; --force writes over them", ", ".join(there))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as aside:
            for file, text in texts.items():
                (Path(aside) / file).write_text(text, encoding="utf-8")
            load(aside)
            return tuple((Path(aside) / file).replace(folder / file) for file in texts)
    except OSError as fault:
        raise Refused(f"cannot write ({fault.strerror})", str(folder)) from fault


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a text of TOML is one of JSON


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _station(one: Station) -> list[str]:
    place = [f"{degrees:.10g}" for degrees in one.place]
    quantities = " ".join(one.quantities)
    rest = [quantities, one.cell, one.reach, f"{one.silent_after:g}", one.beside]
    return [one.name, one.title.zh, one.title.en, one.kind, *place, *rest]


def _thresholds(one: Thresholds) -> list[str]:
    return [_field(getattr(one, field.name)) for field in fields(Thresholds)]


def _field(value: str | float) -> str:
    """A text as it is; a number so that it is read back as the same; nothing for what is no bound."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if math.isfinite(value) else ""
    return str(value)
