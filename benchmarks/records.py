"""The real records that quality is measured on, and how a court learns and judges them: as `riverwatch learn` and `judge` do it.

They are those of `../shared/realdata`; docs/learning.md says what they are, and what was tuned on them.
"""

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Turn
from detectors.domain.judged import Flag
from detectors.domain.quality import Quality
from detectors.domain.site import Site, Title
from detectors.quality.drift import TEMPERATURE
from detectors.quality.learning import Learnt, learn, neighbours_of

ALONE = "x"  # a station of which nothing but its readings matters
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
        quantity: record(
            at,
            [row[quantity] for row in rows],
            [row[f"{quantity}_qual"] for row in rows],
            [row[f"{quantity}_cor"] for row in rows],
        )
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


def taught(stations: Mapping[str, Station]) -> Site:
    """A site that knows what stations teach that were recorded together: each alone, and the one of the other."""
    found: dict[str, Learnt] = {}
    for name, station in stations.items():
        for quantity in sorted(station, key=lambda quantity: quantity != TEMPERATURE):
            own, water, series = station[quantity], found.get(f"{name}/{TEMPERATURE}"), f"{name}/{quantity}"
            found[series] = learn(
                series, own.at, own.value, np.zeros(len(own.at), np.uint8), water=water.believed if water else None
            )
    beside = tuple(neighbours_of({series: one.believed for series, one in found.items()}))
    return Site(
        name="bench",
        title=Title(zh="bench", en="bench"),
        thresholds={series: one.thresholds for series, one in found.items()},
        quality=Quality(usual={series: one.usual for series, one in found.items()}, neighbours=beside),
    )


def judged(site: Site, stations: Mapping[str, Station]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Which readings of each series the court flags, and the instants at which it raises an instrument matter."""
    parts = {f"{name}/{quantity}": one for name, station in stations.items() for quantity, one in station.items()}
    sizes = [len(one.at) for one in parts.values()]
    at, value = (np.concatenate([getattr(one, name) for one in parts.values()]) for name in ("at", "value"))
    order, series = np.argsort(at, kind="stable"), np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
    columns = {"series": series[order], "at": at[order], "value": value[order], "got": at[order], "seq": order}
    court = Court(site)
    verdict = court.judge(court.blank(), Batch(names=tuple(parts), mark=np.zeros(len(at), np.uint8), **columns))
    flag = np.zeros(len(at), np.uint8)
    flag[verdict.judged.readings.seq] = verdict.judged.flag  # what is amended comes last
    raised = np.array([event.at for event in verdict.events if event.turn is Turn.RAISED], np.int64)
    return dict(zip(parts, np.split(flag >= Flag.SUSPECT, np.cumsum(sizes)[:-1]), strict=True)), raised
