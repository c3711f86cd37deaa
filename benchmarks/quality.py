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

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.plain import ioos
from benchmarks.records import ALONE, OTHER, RECORDS, Record, judged, logan, neon, taught
from detectors.domain.instant import DAY, HOUR

AIM, MOST = 0.9, 1.0  # precision and recall; false alarms per station and week
WEEK = 7 * DAY


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
        pooled: dict[str, list[dict[str, Any]]] = {}
        for file, other in OTHER.items():
            mine, third = stations[file], how == "third"
            rest = {name: slice(len(one.at) // 3 if third else 0, None) for name, one in mine.items()}
            lesson = {name: one.part(slice(rest[name].start)) for name, one in mine.items()} if third else stations[other]
            ours = judged(taught({ALONE: lesson}), {ALONE: mine})[0]
            for name, one in mine.items():
                part = one.part(rest[name])
                found = shares(ours[f"{ALONE}/{name}"][rest[name]], part)
                plain = shares(ioos(lesson[name].at, lesson[name].value, part.at, part.value), part)
                pooled.setdefault(name, []).append({**found, "plain": plain})
                yield from _rows(f"{file.lower()}-{name}-{how}", found, plain)
        for name, parts in pooled.items():
            yield from _rows(f"all-{name}-{how}", _pooled(parts), _pooled([part["plain"] for part in parts]))


def _pooled(parts: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    total = {key: sum(part[key] for part in parts) for key in ("readings", "labelled", "kept", "offset", "flagged", "hits")}
    hits, flagged, labelled = total["hits"], total["flagged"], total["labelled"]
    weekly = round(float(np.mean([part["false_alarms_a_week"] for part in parts])), 2)
    shares_of = {"precision": hits / flagged if flagged else None, "recall": hits / labelled if labelled else None}
    f1 = 2 * hits / (flagged + labelled) if flagged + labelled else None
    return {**shares_of, "f1": f1, **total, "false_alarms_a_week": weekly}


def _rows(name: str, found: Mapping[str, Any], plain: Mapping[str, Any]) -> Iterator[dict[str, object]]:
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
        site = taught({ALONE: {name: one.part(slice(quarter[name])) for name, one in station.items()}})
        said, raised = judged(site, {ALONE: station})
        total, plainly = 0.0, 0.0
        for name, one in station.items():
            rest = one.part(slice(quarter[name], None))
            weeks = float(np.ptp(rest.at)) / WEEK
            mine = said[f"{ALONE}/{name}"][quarter[name] :]
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
