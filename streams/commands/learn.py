"""riverwatch learn: a minimal site folder out of recordings, for a person to review."""

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.quantity import quantities
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Station, Title
from detectors.quality.drift import TEMPERATURE
from detectors.quality.learning import Learnt, learn, neighbours_of
from storage.registry.draft import NOWHERE, drafted, put
from streams.recording import Recording
from streams.recording.gathering import Columns, Gathered, gather
from streams.settings import Settings

HELP = "draft a site folder with quality thresholds learnt from recordings (CSV: series,at,value[,mark])"
OF_A_TANK = frozenset({"level", "pressure", "tanktemp", "gas"})
OF_A_CAMERA = "riverwatch vision"  # the source of such a quantity
SILENT_AFTER = 4  # sampling intervals
SHORTEST = 60.0  # seconds; a station is not called silent sooner
_NAME = re.compile(r"[a-z0-9_-]+")


def options(parser: argparse.ArgumentParser) -> None:
    """FILE ..., --out, --force and --json."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV as `riverwatch judge` reads it, perhaps packed")
    parser.add_argument("--out", type=Path, required=True, metavar="SITE", help="the folder to write")
    parser.add_argument("--force", action="store_true", help="write over files that are there already")
    parser.add_argument("--json", action="store_true", help="what was learnt and written, as one JSON object")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Learn, write, and say every file written."""
    gathered = gather(Recording(path) for path in args.files)
    left_out = {series: why for series in gathered.series if (why := _why_not(series))}
    found = _learnt({series: columns for series, columns in gathered.series.items() if series not in left_out})
    if not found:
        raise Refused("the recordings hold no series to learn from", left_out or f"{gathered.rows} rows; {gathered.why}")
    name = "-".join(_NAME.findall(args.out.resolve().name.lower())) or "learnt"
    neighbours = tuple(neighbours_of({series: one.believed for series, one in found.items()}))
    thresholds, usual = ([getattr(one, what) for one in found.values()] for what in ("thresholds", "usual"))
    texts = drafted(name, _stations(found), thresholds, usual, neighbours)
    written = put(args.out, texts, force=args.force)
    print(_json(gathered, found, left_out, written) if args.json else _summary(gathered, found, left_out, written))
    return 0


def _learnt(series: Mapping[str, Columns]) -> dict[str, Learnt]:
    """What each series teaches, the temperatures first: oxygen is held against those of its station."""
    found: dict[str, Learnt] = {}
    for name in sorted(series, key=lambda name: quantity_of(name) != TEMPERATURE):
        columns, water = series[name], found.get(f"{station_of(name)}/{TEMPERATURE}")
        found[name] = learn(name, columns.at, columns.value, columns.mark, water=water.believed if water else None)
    return {name: found[name] for name in series}


def _why_not(series: str) -> str:
    """Why a series has no place in a draft; nothing if it has one."""
    quantity = quantity_of(series)
    if not _NAME.fullmatch(station_of(series)):
        return "the station's name may hold only a-z, 0-9, - and _"
    if quantity not in quantities():
        return "the quantity is unknown" if "." not in quantity else "the quantity has a part, which a draft cannot hold"
    return "a camera's quantity: it needs cameras.toml" if quantities()[quantity].source == OF_A_CAMERA else ""


def _stations(found: Mapping[str, Learnt]) -> Iterable[Station]:
    for name in dict.fromkeys(map(station_of, found)):
        mine = {quantity_of(series): learnt for series, learnt in found.items() if station_of(series) == name}
        intervals = [learnt.interval for learnt in mine.values() if learnt.interval > 0]  # NaN is none
        yield Station(
            name=name,
            title=Title(zh=name, en=name),
            kind="tank" if OF_A_TANK.issuperset(mine) else "water",
            place=NOWHERE,
            quantities=tuple(mine),
            silent_after=float(round(max(SHORTEST, SILENT_AFTER * min(intervals)))) if intervals else 0.0,
        )


def _json(gathered: Gathered, found: Mapping[str, Learnt], left_out: Mapping[str, str], written: Iterable[Path]) -> str:
    facts = {
        "rows": gathered.rows,
        "refused": gathered.refused,
        "series": {
            name: {
                "readings": one.readings,
                "used": one.used,
                "interval": one.interval if one.interval > 0 else None,
                "source": one.thresholds.source,
            }
            for name, one in found.items()
        },
        "left_out": left_out,
        "files": [str(path) for path in written],
    }
    return json.dumps(facts, ensure_ascii=False)


def _summary(gathered: Gathered, found: Mapping[str, Learnt], left_out: Mapping[str, str], written: Iterable[Path]) -> str:
    width = max(map(len, [*found, *left_out, "series"]))
    return "\n".join(
        [
            f"{gathered.rows} rows read, {gathered.refused} of them without a reading" + (gathered.why and f" ({gathered.why})"),
            f"{'series':{width}}  {'readings':>9}  {'used':>9}  every",
            *(f"{name:{width}}  {one.readings:9}  {one.used:9}  {one.interval:.4g} s" for name, one in found.items()),
            *(f"{name:{width}}  left out: {why}" for name, why in left_out.items()),
            *(f"written: {path}" for path in written),
            "It is a draft: site.toml says what to review before it runs.",
        ]
    )
