"""The court alone, no Kafka and no Arrow: beside a plain loop of Python over the same rules, beside ioos_qc, and beside itself.

Each figure is the best of several turns in CPU seconds of one core, so that whatever else runs on the machine disturbs little.
"""

import time
import warnings
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np
from ioos_qc import qartod

from benchmarks.demanding import START, batches, site, thresholds
from detectors.court import Court
from detectors.domain.batch import MOST_ROWS
from detectors.domain.instant import SECOND
from detectors.domain.thresholds import Thresholds

FEW, MANY = 200, 20_000
FACTORS = ("do", "cod", "nh3n", "tp", "coliform", "cond")
PLAIN_ROWS, OWN_ROWS, ORACLE_ROWS = 40_000, 2_000_000, 200_000


def main() -> list[dict[str, object]]:
    """Readings a CPU-second of one core, in three ratios."""
    few = _court_rate(FEW)
    return [
        _row("court-all-tests-vs-goal", _court_rate(FEW, everything=True), 5_000_000, 1),
        _row("court-all-tests-and-class-vs-goal", _court_rate(FEW, everything=True, classes=True), 5_000_000, 1),
        _row("court-vs-python-loop", few, _plain_rate(), 10),
        _row("court-vs-ioos_qc", _court_rate(1), _oracle_rate(), 1),
        _row("hundredfold-series-vs-half-the-rate", _court_rate(MANY), few / 2, 1),
    ]


def _row(name: str, ours: float, other: float, goal: float) -> dict[str, object]:
    ratio = round(ours / other, 2)
    return {"name": name, "ours": round(ours), "other": round(other), "ratio": ratio, "goal": goal, "unit": "readings/CPU-second"}


def _best(turn: Callable[[], int], turns: int) -> float:
    """Rows a CPU-second in the best of some turns."""
    best = 0.0
    for _ in range(turns):
        began = time.process_time()
        rows = turn()
        best = max(best, rows / (time.process_time() - began))
    return best


def _court_rate(series: int, *, everything: bool = False, classes: bool = False) -> float:
    quantities = FACTORS if classes else tuple(f"q{i}" for i in range(6))
    names = tuple(f"station-{i // 6}/{quantities[i % 6]}" for i in range(series))
    court = Court(site(names, everything=everything, classes=classes))
    memory, endless = court.blank(), batches(names, np.random.default_rng(1))
    for _ in range(2 + 3 * series // MOST_ROWS):  # every series has been heard of, every kernel is compiled
        court.judge(memory, next(endless))

    def turn() -> int:
        return sum(len(court.judge(memory, batch).judged) for batch in some)

    best = 0.0
    for _ in range(OWN_ROWS // MOST_ROWS // 20):
        some = [next(endless) for _ in range(20)]
        best = max(best, _best(turn, 1))
    return best


def _plain_rate() -> float:
    """The same rules as one would write them in an evening: a dictionary by series, a loop over readings."""
    names = tuple(f"station-{i // 6}/q{i % 6}" for i in range(FEW))
    batch = next(batches(names, np.random.default_rng(1)))
    rows = [(names[s], int(at), float(v)) for s, at, v in zip(batch.series, batch.at, batch.value, strict=True)]
    memory: dict[str, dict[str, Any]] = {name: {} for name in names}
    rules = {name: thresholds(name) for name in names}
    endless = cycle(rows)
    clock = iter(range(10**9))

    def turn() -> int:
        for _ in range(PLAIN_ROWS // 4):
            name, _, value = next(endless)
            _plain_step(memory[name], rules[name], START + next(clock) * SECOND // 20, value)
        return PLAIN_ROWS // 4

    return _best(turn, 4)


def _plain_step(was: dict[str, Any], rule: Thresholds, at: int, value: float) -> int:
    flag = 1
    if value < rule.fail_low or value > rule.fail_high:
        flag = 4
    elif value < rule.suspect_low or value > rule.suspect_high:
        flag = 3
    last, before = was.get("last"), was.get("before")
    if last is not None:
        if before is not None:
            height = abs(last[1] - (before[1] + value) / 2)
            was["spike"] = 4 if height > rule.spike_fail else 3 if height > rule.spike_suspect else 1
        if at > last[0] and abs(value - last[1]) / ((at - last[0]) / SECOND) > rule.rate:
            flag = max(flag, 3)
    was["before"], was["last"] = last, (at, value)
    low, high, since = min(was.get("low", value), value), max(was.get("high", value), value), was.get("flat", at)
    if high - low >= rule.flat_tolerance:  # forgets the whole run: quicker than the true window, and not as right
        low, high, since = value, value, at
    was["low"], was["high"], was["flat"] = low, high, since
    if at - since >= rule.flat_suspect * SECOND:
        flag = max(flag, 3)
    if value > 11.5:
        was.setdefault("since", at)
        was["raised"] = at - was["since"] >= 60 * SECOND
    elif not was.get("raised") or value < 11.0:
        was.pop("since", None)
        was["raised"] = False
    return flag


def _oracle_rate() -> float:
    """The four tests of ioos_qc over one whole recording."""
    random = np.random.default_rng(1)
    value = np.round(10 + np.sin(np.arange(ORACLE_ROWS) / 1e5) + random.normal(0, 0.2, ORACLE_ROWS), 2)
    at = (START + np.arange(ORACLE_ROWS) * 10 * SECOND).astype("datetime64[ns]")
    rule = thresholds("")

    def turn() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            qartod.gross_range_test(value, (rule.fail_low, rule.fail_high), (rule.suspect_low, rule.suspect_high))
            qartod.spike_test(value, rule.spike_suspect, rule.spike_fail)
            qartod.rate_of_change_test(value, at, rule.rate)
            qartod.flat_line_test(value, at, 1800, 3600, rule.flat_tolerance)
        return ORACLE_ROWS

    return _best(turn, 3)
