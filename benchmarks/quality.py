"""Learnt quality tests on records that they did not see: precision and recall on Logan, false alarms on NEON.

A table, then one JSON object a line. It needs the real records of `../shared/realdata` (docs/learning.md says what they are, and
what was tuned on them). Each station is learnt and judged as `riverwatch learn` and `riverwatch judge` do it: without labels,
all its quantities together, in one causal pass.

Logan: a technician's labels, reading by reading. "other": learnt on the other year of the same place (Franklin Basin) or on the
other station of the same river (WaterLab, MainStreet), judged on all of this one. "third": learnt on the first third of its rows,
judged on the rest. Beside it ioos_qc with quantiles of the same readings as thresholds. Of the labels, "kept" says how many
readings the technician labelled and left as they were, "offset" how many carry the code 10, most of them weeks that were moved by
a constant afterwards. NEON: anomalies were taken out of it, so every flag is a false alarm; learnt on the first quarter of the
rows, judged on the rest. Flags of one series less than an hour apart are one alarm.
"""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.plain import ioos
from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Turn
from detectors.domain.judged import Flag
from detectors.domain.quality import Quality
from detectors.domain.site import Site, Title
from detectors.quality.drift import TEMPERATURE
from detectors.quality.learning import learn

RECORDS = Path(__file__).resolve().parents[2] / "shared" / "realdata"
OTHER = {
    "FranklinBasin2014": "FranklinBasin2020",
    "FranklinBasin2020": "FranklinBasin2014",
    "MainStreet2019": "WaterLab2019",
    "WaterLab2019": "MainStreet2019",
}
SCORED = ("do", "ph", "cond", "temp")
NEON = {
    "temp": ("temperature", 1), "cond": ("conductance", 1), "ph": ("pH", 1), "do": ("dissolvedOxygen", 1),
    "turb": ("turbidity", 1), "chla": ("chlorophyll", 1), "stage": ("level", 100),
}  # fmt: skip
OFFSET = "10"  # the technician's code
AIM, MOST = 0.9, 1.0  # precision and recall; false alarms per station and week
HOUR, WEEK = 3600 * 10**9, 7 * 86_400 * 10**9  # ns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """The readings of one quantity, and what a technician said of them."""

    at: np.ndarray
    value: np.ndarray
    labelled: np.ndarray
    kept: np.ndarray  # labelled, and left as it was
    offset: np.ndarray

    def part(self, rows: slice) -> "Record":
        """Some of its readings."""
        return Record(**{name: getattr(self, name)[rows] for name in self.__slots__})


Station = Mapping[str, Record]


def record(at: list[str], value: list[str], label: list[str], corrected: list[str], scale: float = 1) -> Record:
    """A record without the rows that have no number."""
    numbers, right = (
        scale * np.array([text if text not in {"", "NA", "NULL"} else "nan" for text in of], float) for of in (value, corrected)
    )
    there = np.isfinite(numbers)
    said = np.array([text not in {"", "NULL"} for text in label])
    found = Record(
        at=np.array(at, "datetime64[ns]").astype(np.int64),
        value=numbers,
        labelled=said,
        kept=said & (numbers == right),
        offset=said & np.array([text == OFFSET for text in label]),
    )
    return Record(**{name: getattr(found, name)[there] for name in Record.__slots__})


def logan(file: str) -> Station:
    """One station's year, as it came from the probes."""
    with (RECORDS / "logan_river" / f"{file}.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    at = [row["datetime"] for row in rows]
    return {
        quantity: record(at, *([row[f"{quantity}{suffix}"] for row in rows] for suffix in ("", "_qual", "_cor")))
        for quantity in SCORED
    }


def neon() -> Iterator[tuple[str, Station]]:
    """The stations of Pringle Creek; what has no quantity here (fDOM) is left out."""
    with gzip.open(RECORDS / "neon_prin" / "NEON_PRIN_5min_cleaned.csv.gz", "rt") as lines:
        rows = list(csv.DictReader(lines))
    for place in ("upstream", "downstream"):
        mine = [row for row in rows if row["site"] == place]
        at = [row["Timestamp"] for row in mine]
        yield (
            place,
            {
                quantity: record(at, values := [row[column] for row in mine], [""] * len(mine), values, scale)
                for quantity, (column, scale) in NEON.items()
            },
        )


def taught(station: Station) -> Site:
    """A site that knows what the station teaches."""
    found = {}
    for quantity in sorted(station, key=lambda quantity: quantity != TEMPERATURE):
        own, water = station[quantity], found.get(f"x/{TEMPERATURE}")
        marks = np.zeros(len(own.at), np.uint8)
        found[f"x/{quantity}"] = learn(f"x/{quantity}", own.at, own.value, marks, water=water and water.believed)
    return Site(
        name="bench",
        title=Title(zh="bench", en="bench"),
        thresholds={name: one.thresholds for name, one in found.items()},
        quality=Quality(usual={name: one.usual for name, one in found.items()}),
    )


def judged(site: Site, station: Station) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Which readings of each quantity the court flags, and the instants at which it raises an instrument matter."""
    names, sizes = tuple(f"x/{quantity}" for quantity in station), [len(one.at) for one in station.values()]
    at, value = (np.concatenate([getattr(one, name) for one in station.values()]) for name in ("at", "value"))
    series, order = np.repeat(np.arange(len(names), dtype=np.int32), sizes), np.argsort(at, kind="stable")
    batch = Batch(
        names=names,
        series=series[order],
        at=at[order],
        value=value[order],
        mark=np.zeros(len(at), np.uint8),
        seq=order,
        got=at[order],
    )
    court = Court(site)
    verdict = court.judge(court.blank(), batch)
    flag = np.zeros(len(at), np.uint8)
    flag[verdict.judged.readings.seq] = verdict.judged.flag  # what is amended comes last
    parts = np.split(flag >= Flag.SUSPECT, np.cumsum(sizes)[:-1])
    raised = np.array([event.at for event in verdict.events if event.turn is Turn.RAISED], np.int64)
    return dict(zip(station, parts, strict=True)), raised


def episodes(at: np.ndarray) -> int:
    """How many there are, if what is less than an hour apart is one."""
    return int(len(at) > 0) + int(np.count_nonzero(np.diff(at) >= HOUR))


def shares(said: np.ndarray, of: Record) -> dict[str, object]:
    """Precision, recall and F1 by reading, what they rest on, and false alarms."""
    hits, flagged, labelled = (int(np.count_nonzero(one)) for one in (said & of.labelled, said, of.labelled))
    wrong = episodes(of.at[said & ~of.labelled]) / (np.ptp(of.at) / WEEK)
    return {
        "precision": hits / flagged if flagged else None,
        "recall": hits / labelled if labelled else None,
        "f1": 2 * hits / (flagged + labelled) if flagged + labelled else None,
        "readings": len(said),
        "labelled": labelled,
        "kept": int(of.kept.sum()),
        "offset": int((of.offset & ~of.kept).sum()),
        "flagged": flagged,
        "hits": hits,
        "false_alarms_a_week": round(wrong, 2),
    }


def technician() -> Iterator[dict[str, object]]:
    """Flags against labels, learnt in two ways, and pooled over the stations."""
    stations = {file: logan(file) for file in OTHER}
    for how in ("other", "third"):
        pooled: dict[str, list[dict[str, object]]] = {}
        for file, other in OTHER.items():
            mine, third = stations[file], how == "third"
            rest = {name: slice(len(one.at) // 3 if third else 0, None) for name, one in mine.items()}
            lesson = {name: one.part(slice(rest[name].start)) for name, one in mine.items()} if third else stations[other]
            ours = judged(taught(lesson), mine)[0]
            for name, one in mine.items():
                part = one.part(rest[name])
                found = shares(ours[name][rest[name]], part)
                plain = shares(ioos(lesson[name].at, lesson[name].value, part.at, part.value), part)
                pooled.setdefault(name, []).append({**found, "plain": plain})
                yield from _rows(f"{file.lower()}-{name}-{how}", found, plain)
        for name, parts in pooled.items():
            yield from _rows(f"all-{name}-{how}", _pooled(parts), _pooled([part["plain"] for part in parts]))


def _pooled(parts: list) -> dict[str, object]:
    total = {key: sum(part[key] for part in parts) for key in ("readings", "labelled", "kept", "offset", "flagged", "hits")}
    hits, flagged, labelled = total["hits"], total["flagged"], total["labelled"]
    weekly = round(float(np.mean([part["false_alarms_a_week"] for part in parts])), 2)
    shares_of = {"precision": hits / flagged if flagged else None, "recall": hits / labelled if labelled else None}
    f1 = 2 * hits / (flagged + labelled) if flagged + labelled else None
    return {**shares_of, "f1": f1, **total, "false_alarms_a_week": weekly}


def _rows(name: str, found: Mapping, plain: Mapping) -> Iterator[dict[str, object]]:
    facts = {key: found[key] for key in list(found)[3:]}
    for what in ("precision", "recall", "f1"):
        share, beside = (None if one[what] is None else round(one[what], 3) for one in (found, plain))
        ratio = None if share is None else round(share / AIM, 2)
        yield {"name": f"quality-{name}-{what}", "ours": share, "other": AIM, "ratio": ratio, "goal": 1} | {
            "unit": "share of readings", "ioos_qc": beside, **facts}  # fmt: skip


def clean() -> Iterator[dict[str, object]]:
    """False alarms of each series and of each station on a clean record."""
    for place, station in neon():
        quarter = {name: len(one.at) // 4 for name, one in station.items()}
        site = taught({name: one.part(slice(quarter[name])) for name, one in station.items()})
        said, raised = judged(site, station)
        total, plainly = 0.0, 0.0
        for name, one in station.items():
            rest = one.part(slice(quarter[name], None))
            weeks = float(np.ptp(rest.at)) / WEEK
            mine = said[name][quarter[name] :]
            taught_by = one.part(slice(quarter[name]))
            plain = episodes(rest.at[ioos(taught_by.at, taught_by.value, rest.at, rest.value)]) / weeks
            alarms = episodes(rest.at[mine]) / weeks
            total, plainly = total + alarms, plainly + plain
            yield _alarms(f"neon-{place}-{name}", alarms, plain) | {"readings": len(rest.at), "flagged": int(mine.sum())}
        matters = np.count_nonzero(raised >= rest.at[0]) / weeks
        yield _alarms(f"neon-{place}", total, plainly) | {"matters": round(matters, 3)}


def _alarms(name: str, alarms: float, plain: float) -> dict[str, object]:
    ratio = round(MOST / alarms, 2) if alarms else None
    found = {"name": f"quality-{name}-false-alarms", "ours": round(alarms, 3), "other": MOST, "ratio": ratio, "goal": 1}
    return found | {"unit": "a station and week", "ioos_qc": round(plain, 2)}


def main() -> None:
    """Print what was measured, for a person and then for a program."""
    if not RECORDS.is_dir():
        raise SystemExit(f"lacks {RECORDS}")
    parts: tuple[Callable[[], Iterator[dict[str, object]]], ...] = (technician, clean)
    rows = [row for part in parts for row in part()]
    for row in rows:
        rest = "  ".join(f"{key} {row[key]}" for key in list(row)[6:])
        print(f"{row['name']:52} {row['ours']!s:>6} {row['unit']:18} {rest}")
    for row in rows:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
