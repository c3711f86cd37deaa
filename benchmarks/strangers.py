"""A stranger's recordings: how many readings are flagged where a station was never seen, its units, beat and gaps are others'.

A table, then one JSON object a line; it needs the real records (see `benchmarks.records`). Each station is learnt on its first
part and judged on the rest, as `riverwatch learn` and `riverwatch judge` do it, all its quantities together. What a technician
labelled is left out of the count; everything else is taken for good, so each flag is one too many.
"""

import json
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from benchmarks.records import ALONE, RECORDS, Record, Station, judged, logan, neon, taught

MOST = 0.05  # of the good readings of a series
SEED = 5
Change = Callable[[np.ndarray], np.ndarray]


def changed(one: Record, keep: np.ndarray, value: Change = np.array) -> Record:
    """Some readings of a record, in another unit or another rounding."""
    part = {name: getattr(one, name)[keep] for name in Record.__slots__}
    return Record(**part | {"value": value(part["value"])})


def whole(one: Record) -> np.ndarray:
    """Every reading."""
    return np.ones(len(one.at), bool)


def gaps(one: Record, told: np.random.Generator) -> np.ndarray:
    """What sixty outages of up to two days leave."""
    keep = whole(one)
    for first in told.integers(len(keep), size=60).tolist():
        keep[first : first + told.integers(1, 600)] = False
    return keep


def between(one: Record, first: str, end: str) -> np.ndarray:
    """The readings of a stretch."""
    since, until = (int(np.datetime64(instant, "ns").astype(np.int64)) for instant in (first, end))
    return np.asarray((one.at >= since) & (one.at < until))


def tenths(value: np.ndarray) -> np.ndarray:
    """Rounded to tenths."""
    return np.asarray(np.round(value, 1))


def strangers() -> Iterator[tuple[str, float, Station]]:
    """Each with what it is like, and the share of its time that teaches."""
    told, creek = np.random.default_rng(SEED), dict(neon())
    units: Mapping[str, Change] = {"temp": lambda c: c * 1.8 + 32, "cond": lambda us: us / 1000}
    down = creek["downstream"]
    yield "gaps, °F, mS/cm", 0.5, {q: changed(one, gaps(one, told), units.get(q, np.array)) for q, one in down.items()}
    yield (
        "three in ten, at random",
        0.4,
        {q: changed(one, told.random(len(one.at)) < 0.3) for q, one in creek["upstream"].items()},
    )
    yield "four a day", 0.5, {q: changed(one, np.arange(len(one.at)) % 72 == 0) for q, one in down.items()}
    yield (
        "hourly, seven weeks",
        0.25,
        {q: changed(one, np.arange(len(one.at)) % 4 == 0) for q, one in logan("FranklinBasin2014").items()},
    )
    june = ("2019-06-01", "2019-06-29")
    yield "one week in summer", 0.25, {q: changed(one, between(one, *june)) for q, one in logan("MainStreet2019").items()}
    autumn, coarse = ("2019-09-01", "2019-09-29"), {"cond": np.rint}
    lab = logan("WaterLab2019")
    yield "rounded coarsely", 0.5, {q: changed(one, between(one, *autumn), coarse.get(q, tenths)) for q, one in lab.items()}


def rows() -> Iterator[dict[str, object]]:
    """The share of good readings that is flagged, series by series."""
    for name, share, station in strangers():
        first, end = min(one.at[0] for one in station.values()), max(one.at[-1] for one in station.values())
        edge = int(first + share * (end - first))
        lesson = {q: changed(one, one.at < edge) for q, one in station.items()}
        said, _ = judged(taught({ALONE: lesson}), {ALONE: station})
        for quantity, one in station.items():
            good = (one.at >= edge) & ~one.labelled
            flagged = float(said[f"{ALONE}/{quantity}"][good].mean())
            yield {"name": f"stranger-{name}-{quantity}", "ours": round(flagged, 4), "other": MOST, "readings": int(good.sum())}


def main() -> None:
    """Print what was measured, for a person and then for a program."""
    if not RECORDS.is_dir():
        raise SystemExit(f"lacks {RECORDS}")
    found = list(rows())
    for row in found:
        print(f"{row['name']:44} {row['ours']:.4f} of {row['readings']:6} good readings flagged")
    for row in found:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
