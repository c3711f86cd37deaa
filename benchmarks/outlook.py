"""Early warning on records it did not see: forecasts against two baselines, and notices against what came.

A table, then one JSON object a line. It needs the real records of `../shared/realdata` (docs/learning.md says what they are).
Constants were chosen on Franklin Basin 2014 and 2020; what is scored is Water Lab and Main Street 2019, in one causal pass,
on the readings that no technician labelled, after the first week. Two baselines: the value stays (persistence), and the value
is that of the same hour yesterday. MAE and RMSE are those of the forecast as a share of the better baseline's; all three are
scored on the same readings. "holds" is the share of values within the interval, which means to hold 90 %.

Notices: no limit of a law lies where this clean river passes it, so each series gets two that it does pass: the levels that
a tenth of its readings lie above and a tenth below, cleared a tenth of its range back, warned of 6 h ahead. A crossing is the
limit's rise; announced means that its notice was there before; a notice is false if no reading passes the limit within 6 h.
"""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numba import njit

from benchmarks.notices import WEEK, Score, notices
from detectors.domain.instant import HOUR
from detectors.domain.site import Limit, Site, Title
from detectors.water import forecast, outlook

RECORDS = Path(__file__).resolve().parents[2] / "shared" / "realdata" / "logan_river"
TESTED = ("WaterLab2019", "MainStreet2019")
QUANTITIES = ("temp", "do", "ph", "cond", "stage")
SLOT, DAY = HOUR // 4, 96  # the record's step; slots
MISSING = -9000.0


def accepted(file: str, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """Instants and values of the readings that no technician labelled."""
    with (RECORDS / f"{file}.csv").open(encoding="utf-8-sig") as lines:
        rows = [row for row in csv.DictReader(lines) if row[f"{quantity}_qual"] in {"", "NULL"}]
    value = np.array([row[quantity] if row[quantity] not in {"", "NULL"} else "nan" for row in rows], float)
    at = np.array([row["datetime"] for row in rows], "datetime64[ns]").astype(np.int64)
    there = value > MISSING
    return at[there], value[there]


@njit
def _foreseen(at: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Value, low and high 1, 3 and 6 hours after each reading, as they were known then."""
    memory, ahead = np.zeros(1, outlook.MEMORY), np.empty((forecast.STEPS, 3))
    said = np.full((len(at), 3, 3), np.nan)
    for i in range(len(at)):
        forecast.take(memory[0], at[i], value[i])
        if forecast.fan(memory[0], at[i], value[i], ahead):
            for j in range(3):
                said[i, j] = ahead[2 * forecast.AHEAD[j] - 1]
    return said


def accuracy(at: np.ndarray, value: np.ndarray) -> Iterator[dict[str, float]]:
    """For each horizon the errors of the forecast and both baselines, on the same readings, and what the interval holds."""
    slot = (at - at[0]) // SLOT
    came, said = np.full(slot[-1] + 1, np.nan), np.full((slot[-1] + 1, 3, 3), np.nan)
    came[slot], said[slot] = value, _foreseen(at, value)
    start = WEEK // SLOT
    for j, hours in enumerate(forecast.AHEAD):
        later = np.arange(start, len(came) - 4 * hours) + 4 * hours
        then = later - 4 * hours
        guesses = {"ours": said[then, j, 0], "persistence": came[then], "yesterday": came[later - DAY]}
        errors = {name: guess - came[later] for name, guess in guesses.items()}
        there = np.isfinite(sum(errors.values()))
        within = (came[later] >= said[then, j, 1]) & (came[later] <= said[then, j, 2])
        mae = {name: float(np.abs(error[there]).mean()) for name, error in errors.items()}
        rmse = {f"{name} rmse": float(np.sqrt(np.square(error[there]).mean())) for name, error in errors.items()}
        yield {"hours": hours, "holds": float(within[there].mean()), **mae, **rmse}


def nanoseconds() -> tuple[float, float]:
    """CPU time a reading, with a limit's notice: of a reading every quarter of an hour, and of one every ten seconds."""
    limit = Limit(name="low", series="s/q", below=6.5, clear=7.0, outlook=6.0)
    site = Site(name="bench", title=Title(zh="bench", en="bench"), limits=(limit,))
    rule, count = np.array([outlook.of(site, "s/q")], outlook.RULE), 200_000
    spent = []
    for every in (SLOT, 10 * 10**9):
        at = np.arange(count, dtype=np.int64) * every
        value = 8 - np.sin(at / HOUR / 24 * 2 * np.pi) + np.random.default_rng(1).normal(0, 0.1, count)
        unit, young, calm = np.zeros(count, np.int32), np.ones(count, np.bool_), np.zeros(count, np.uint8)
        outlook.step(np.zeros(1, outlook.MEMORY), rule, unit[:9], unit[:9], at[:9], value[:9], young[:9], calm[:9])
        began = time.process_time()
        outlook.step(np.zeros(1, outlook.MEMORY), rule, unit, unit, at, value, young, calm)
        spent.append((time.process_time() - began) / count * 1e9)
    return spent[0], spent[1]


def main() -> list[dict[str, object]]:
    """The table, and its rows: the better baseline's error over ours (at least 1), and how the notices did."""
    totals: dict[str, Score] = {}
    rows = [row for file in TESTED for row in _accuracies(file, totals)]
    total = sum(totals.values(), Score())
    _print_notices({**totals, "all": total})
    slow, fast = nanoseconds()
    size = np.dtype(list(forecast.FIELDS), align=True).itemsize
    return [
        *rows,
        {"name": "outlook-announced", "ours": round(total.announced / total.crossings, 3), "unit": "of crossings"},
        {"name": "outlook-lead", "ours": round(float(np.median(total.leads)), 2), "unit": "hours, median"},
        {"name": "outlook-false", "ours": round(total.false / total.months, 3), "unit": "notices a station, month and quantity"},
        {"name": "outlook-memory", "ours": size, "other": 300, "ratio": round(size / 300, 3), "unit": "bytes a series"},
        {"name": "outlook-every-15-min", "ours": round(slow), "unit": "ns a reading"},
        {"name": "outlook-every-10-s", "ours": round(fast), "unit": "ns a reading"},
    ]


def _accuracies(file: str, totals: dict[str, Score]) -> Iterator[dict[str, object]]:
    """A station's part of the table, and its rows; its notices are added to the totals."""
    names = ("MAE", "of stays", "of yesterday", "RMSE of better", "holds")
    print(f"{file:15} {'hours':>5}", *(f"{name:>15}" for name in names))
    for quantity in QUANTITIES:
        at, value = accepted(file, quantity)
        for one in accuracy(at, value):
            better = min(one["persistence rmse"], one["yesterday rmse"])
            shares = (one["ours"] / one["persistence"], one["ours"] / one["yesterday"], one["ours rmse"] / better)
            print(
                f"{quantity:15} {one['hours']:5d} {one['ours']:15.4f}", *(f"{x:15.2f}" for x in shares), f"{one['holds']:15.1%}"
            )
            yield _row(f"outlook-{file[:-4].lower()}-{quantity}-{one['hours']}h", one)
        totals[quantity] = totals.get(quantity, Score()) + notices(at, value)


def _print_notices(totals: dict[str, Score]) -> None:
    names = ("crossings", "announced", "median lead", "notices", "false", "false a month")
    print(f"\n{'notices':12}", *(f"{name:>14}" for name in names))
    for quantity, one in totals.items():
        lead = f"{np.median(one.leads):.1f} h" if one.leads else "-"
        said = (
            one.crossings,
            f"{one.announced / one.crossings:.0%}",
            lead,
            one.notices,
            one.false,
            f"{one.false / one.months:.2f}",
        )
        print(f"{quantity:12}", *(f"{x:>14}" for x in said))


def _row(name: str, one: dict[str, float]) -> dict[str, object]:
    other = min(one["persistence"], one["yesterday"])
    ratio = round(other / one["ours"], 2)
    return {"name": name, "ours": round(one["ours"], 4), "other": round(other, 4), "ratio": ratio, "goal": 1, "unit": "MAE"}


if __name__ == "__main__":
    print(main())
