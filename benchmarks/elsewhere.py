"""Learnt quality tests where they were not learnt: at stations of another place, and at two stations held against each other.

A table, then one JSON object a line; it needs the real records (see `benchmarks.quality`, whose figures these stand beside).
"foreign": each Logan station-year judged by what every station of another place taught, whose water is another; pooled by
reading. "beside": two stations of one river, learnt on some months together and judged on others, with neighbours.csv and
without; and the false alarms that it adds on the clean record of NEON.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from benchmarks.quality import AIM
from benchmarks.records import ALONE, OTHER, RECORDS, SCORED, Station, judged, logan, neon, taught

Stations = Mapping[str, Station]
LOGAN = (
    (("2019-06-01", "2020-01-01"), ("2019-01-01", "2019-06-01")),
    (("2019-01-01", "2019-06-01"), ("2019-06-01", "2020-01-01")),
    (("2019-04-01", "2019-09-01"), ("2019-01-01", "2019-04-01")),
)  # learnt on the first stretch, judged on the second
NEON = (
    (("2019-07-01", "2019-10-01"), ("2019-10-01", "2020-01-01")),
    (("2019-10-01", "2020-01-01"), ("2019-07-01", "2019-10-01")),
)


def between(stations: Stations, stretch: tuple[str, str]) -> Stations:
    """The readings of a stretch."""
    ends = [int(np.datetime64(end, "ns").astype(np.int64)) for end in stretch]
    return {
        name: {quantity: one.part(slice(*np.searchsorted(one.at, ends))) for quantity, one in station.items()}
        for name, station in stations.items()
    }


def foreign() -> Iterator[dict[str, object]]:
    """Precision and recall where another place taught."""
    stations = {file: logan(file) for file in OTHER}
    sites = {file: taught({ALONE: station}) for file, station in stations.items()}
    count = {quantity: np.zeros(3, int) for quantity in SCORED}
    for file, station in stations.items():
        for site in (sites[other] for other in OTHER if other not in {file, OTHER[file]}):
            said = judged(site, {ALONE: station})[0]
            for quantity, total in count.items():
                label, doubted = station[quantity].labelled, said[f"{ALONE}/{quantity}"]
                total += [np.count_nonzero(one) for one in (label & doubted, doubted, label)]
    for quantity, (hits, doubted, labelled) in count.items():
        for what, of in (("precision", doubted), ("recall", labelled)):
            share = round(float(hits / of), 3)
            row = {"name": f"elsewhere-{quantity}-foreign-{what}", "ours": share, "other": AIM, "ratio": round(share / AIM, 2)}
            yield row | {"goal": 1, "unit": "share of readings", "wrongly": int(doubted - hits), "labelled": int(labelled)}


def beside() -> Iterator[dict[str, object]]:
    """What days held against a neighbour's add: hits and false flags."""
    logan_river = {"mainstreet": logan("MainStreet2019"), "waterlab": logan("WaterLab2019")}
    for river, stations, parts in (("logan", logan_river, LOGAN), ("neon", dict(neon()), NEON)):
        for learnt_on, judged_on in parts:
            site, rest = taught(between(stations, learnt_on)), between(stations, judged_on)
            alone, _ = judged(replace(site, quality=replace(site.quality, neighbours=())), rest)
            for series, said in judged(site, rest)[0].items():
                name, quantity = series.split("/")
                label, was = rest[name][quantity].labelled, alone[series]
                if not (said != was).any() and not any(one.series == series for one in site.quality.neighbours):
                    continue
                hits, before = int((said & label).sum()), int((was & label).sum())
                row = {"name": f"elsewhere-{river}-{series}-{judged_on[0]}", "ours": hits, "other": before}
                row |= {"ratio": round(hits / before, 2) if before else None, "goal": 1, "unit": "labelled readings found"}
                yield row | {"of": int(label.sum()), "wrongly": int((said & ~label).sum()), "before": int((was & ~label).sum())}


def main() -> None:
    """Print what was measured, for a person and then for a program."""
    if not RECORDS.is_dir():
        raise SystemExit(f"lacks {RECORDS}")
    rows = [*foreign(), *beside()]
    for row in rows:
        rest = "  ".join(f"{key} {row[key]}" for key in list(row)[6:])
        print(f"{row['name']:48} {row['ours']!s:>6} {row['other']!s:>6} {row['unit']:24} {rest}")
    for row in rows:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
