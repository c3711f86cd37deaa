"""Learnt quality thresholds on records that they did not see: precision and recall on Logan, false alarms on NEON.

A table, then one JSON object a line. It needs the real records of `../shared/realdata` (docs/learning.md says what they are).
Nothing here was tuned on these records: the constants were chosen on Franklin Basin 2014 and 2020 alone.

Logan: a technician's labels, reading by reading. "own third": thresholds learnt on the first third of the station's rows, said
of the rest. "other station": learnt on all rows of the other station. NEON: anomalies were taken out of it, so every flag is
a false alarm; learnt on the first quarter of each station's rows, said of the rest. Flags of one series less than an hour
apart are one alarm. The court judges each whole record in one pass, as the stream would; only the rest is counted.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detectors.court import Court
from detectors.domain.batch import Batch
from detectors.domain.event import Turn
from detectors.domain.judged import Flag, Outcome
from detectors.domain.site import Site, Title
from detectors.quality.learning import learn

RECORDS = Path(__file__).resolve().parents[2] / "shared" / "realdata"
LOGAN = ("WaterLab2019", "MainStreet2019")
SCORED = ("do", "ph", "cond", "temp")
NEON = {
    "temp": ("temperature", 1), "cond": ("conductance", 1), "ph": ("pH", 1), "do": ("dissolvedOxygen", 1),
    "turb": ("turbidity", 1), "chla": ("chlorophyll", 1), "stage": ("level", 100),
}  # fmt: skip
AIM, MOST = 0.9, 1.0  # precision and recall; false alarms per station and week
HOUR, WEEK = 3600 * 10**9, 7 * 86_400 * 10**9  # ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One series, and which of its readings a technician labelled."""

    series: str
    at: np.ndarray
    value: np.ndarray
    labelled: np.ndarray

    def part(self, rows: slice) -> "Record":
        """Some of its readings."""
        return Record(series=self.series, at=self.at[rows], value=self.value[rows], labelled=self.labelled[rows])


def record(series: str, at: Iterable[str], value: Iterable[str], labelled: Iterable[bool], scale: float = 1) -> Record:
    """A record without the rows that have no number."""
    numbers = scale * np.array([text if text not in {"", "NA", "NULL"} else "nan" for text in value], float)
    there = np.isfinite(numbers)
    instants = np.array(list(at), "datetime64[ns]").astype(np.int64)
    return Record(series=series, at=instants[there], value=numbers[there], labelled=np.array(list(labelled))[there])


def logan(file: str, quantity: str) -> Record:
    """One quantity of one station's year, as it came from the probe."""
    with (RECORDS / "logan_river" / f"{file}.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    labels = (row[f"{quantity}_qual"] not in {"", "NULL"} for row in rows)
    return record(f"{file.lower()}/{quantity}", (row["datetime"] for row in rows), (row[quantity] for row in rows), labels)


def neon() -> Iterator[Record]:
    """Each series of Pringle Creek; what has no quantity here (fDOM) is left out."""
    with gzip.open(RECORDS / "neon_prin" / "NEON_PRIN_5min_cleaned.csv.gz", "rt") as lines:
        rows = list(csv.DictReader(lines))
    for place in ("upstream", "downstream"):
        mine = [row for row in rows if row["site"] == place]
        for quantity, (column, scale) in NEON.items():
            yield record(
                f"{place}/{quantity}",
                (row["Timestamp"] for row in mine),
                (row[column] for row in mine),
                [False] * len(mine),
                scale,
            )


def judged(taught: Record, heard: Record) -> tuple[np.ndarray, np.ndarray]:
    """Which readings the court flags, and the instants at which it raises an instrument matter."""
    learnt = learn(heard.series, taught.at, taught.value, np.zeros(len(taught.at), np.uint8)).thresholds
    court = Court(Site(name="bench", title=Title(zh="bench", en="bench"), thresholds={heard.series: learnt}))
    rows = len(heard.at)
    batch = Batch(
        names=(heard.series,),
        series=np.zeros(rows, np.int32),
        at=heard.at,
        value=heard.value,
        mark=np.zeros(rows, np.uint8),
        seq=np.arange(rows),
        got=heard.at,
    )
    verdict = court.judge(court.blank(), batch)
    flag = np.zeros(rows, np.uint8)
    judged = verdict.judged
    received = judged.outcome != Outcome.DERIVED
    flag[judged.readings.seq[received]] = judged.flag[received]  # what is amended comes last
    return flag >= Flag.SUSPECT, np.array([event.at for event in verdict.events if event.turn is Turn.RAISED], np.int64)


def episodes(at: np.ndarray) -> int:
    """How many there are, if what is less than an hour apart is one."""
    return int(len(at) > 0) + int(np.count_nonzero(np.diff(at) >= HOUR))


def technician(file: str, other: str, quantity: str) -> Iterator[dict[str, object]]:
    """Flags against labels, learnt in two ways."""
    mine = logan(file, quantity)
    third = len(mine.at) // 3
    for how, taught in (("own third", mine.part(slice(third))), ("other station", logan(other, quantity))):
        rest = slice(third, None) if how == "own third" else slice(None)
        said, is_bad = judged(taught, mine)[0][rest], mine.labelled[rest]
        hits = int(np.count_nonzero(said & is_bad))
        wrong = episodes(mine.at[rest][said & ~is_bad]) / (np.ptp(mine.at[rest]) / WEEK)
        facts = {"readings": len(said), "labelled": int(is_bad.sum()), "flagged": int(said.sum()), "hits": hits}
        for what, of in (("precision", facts["flagged"]), ("recall", facts["labelled"])):
            share = round(hits / of, 3) if of else None
            name = f"quality-{file.lower()}-{quantity}-{how.replace(' ', '-')}-{what}"
            ratio = None if share is None else round(share / AIM, 2)
            yield {"name": name, "ours": share, "other": AIM, "ratio": ratio, "goal": 1, "unit": "share of readings", **facts} | {
                "false_alarms_a_week": round(wrong, 2)
            }


def clean(records: Iterable[Record]) -> Iterator[dict[str, object]]:
    """False alarms of each series and of each station on a clean record."""
    stations: dict[str, list[tuple[float, float]]] = {}
    for one in records:
        quarter = len(one.at) // 4
        said, raised = judged(one.part(slice(quarter)), one)
        rest = one.at[quarter:]
        weeks = float(np.ptp(rest)) / WEEK
        alarms, matters = episodes(rest[said[quarter:]]) / weeks, np.count_nonzero(raised >= rest[0]) / weeks
        stations.setdefault(one.series.split("/")[0], []).append((alarms, matters))
        flagged = int(said[quarter:].sum())
        yield _alarms(f"neon-{one.series.replace('/', '-')}", alarms, matters) | {"readings": len(rest), "flagged": flagged}
    for station, of_each in stations.items():
        yield _alarms(f"neon-{station}", *(sum(column) for column in zip(*of_each, strict=True)))


def _alarms(name: str, alarms: float, matters: float) -> dict[str, object]:
    ratio = round(MOST / alarms, 2) if alarms else None
    found = {"name": f"quality-{name}-false-alarms", "ours": round(alarms, 3), "other": MOST, "ratio": ratio, "goal": 1}
    return found | {"unit": "a station and week", "matters": round(matters, 3)}


def main() -> None:
    """Print what was measured, for a person and then for a program."""
    if not RECORDS.is_dir():
        raise SystemExit(f"lacks {RECORDS}")
    rows = [
        row
        for file, other in zip(LOGAN, reversed(LOGAN), strict=True)
        for quantity in SCORED
        for row in technician(file, other, quantity)
    ]
    rows += clean(neon())
    for row in rows:
        rest = "  ".join(f"{key} {row[key]}" for key in list(row)[6:])
        print(f"{row['name']:56} {row['ours']!s:>6} {row['unit']:20} {rest}")
    for row in rows:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
