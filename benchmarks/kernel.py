"""The court alone, no Kafka and no Arrow: beside a plain loop of Python over the same rules, beside ioos_qc, and beside itself.

Each figure is the best of several turns in CPU seconds of one core, so that whatever else runs on the machine disturbs little.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from itertools import cycle

import numpy as np
from ioos_qc import qartod

from detectors.court import Court
from detectors.domain.batch import MOST_ROWS, Batch
from detectors.domain.quality import Habits, Neighbour, Quality, Relation, Season
from detectors.domain.section import Section
from detectors.domain.series import station_of
from detectors.domain.site import Limit, Site, Title
from detectors.domain.thresholds import Thresholds

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
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


def _thresholds(series: str) -> Thresholds:
    return Thresholds(
        series=series,
        fail_low=-5,
        fail_high=50,
        suspect_low=0,
        suspect_high=40,
        spike_suspect=2,
        spike_fail=4,
        rate=0.5,
        flat_tolerance=0.05,
        flat_suspect=1800,
        flat_fail=3600,
    )


def _quality(names: tuple[str, ...]) -> Quality:
    """Every test that a series can ask for beside its thresholds, on every series; positions alone are left to buoys."""
    beside = [name if i % 6 == 5 else names[min(i + 1, len(names) - 1)] for i, name in enumerate(names)]
    near = [(one, two) for one, two in zip(names, beside, strict=True) if one != two]
    return Quality(
        habits={
            name: Habits(
                series=name,
                gap=600,
                attenuated_over=3600,
                attenuated_suspect=0.01,
                attenuated_fail=0.001,
                stuck_low=0,
                stuck_high=50,
                pattern_suspect=1e-3,
                pattern_fail=1e-4,
            )
            for name in names
        },
        seasons=tuple(Season(series=name, month_from=m, month_to=m, low=0, high=40) for name in names for m in range(1, 13)),
        relations={one: Relation(series=one, related=two, rate=0.4, related_rate=0.01, within=20) for one, two in near},
        neighbours=tuple(Neighbour(series=one, neighbour=two, within=60, low=-5, high=5) for one, two in near),
    )


def _sections(names: tuple[str, ...]) -> dict[str, Section]:
    """Every station is a section; with values about ten, two of its factors are always worse than the target."""
    return {station: Section(station=station, target=3) for station in dict.fromkeys(map(station_of, names))}


def _site(names: tuple[str, ...], *, everything: bool, classes: bool = False) -> Site:
    return Site(
        name="bench",
        title=Title(zh="测", en="bench"),
        thresholds={name: _thresholds(name) for name in names},
        limits=tuple(Limit(name=f"high-{name}", series=name, above=11.5, clear=11.0, delay=60.0) for name in names),
        quality=_quality(names) if everything else Quality(),
        sections=_sections(names) if classes else {},
    )


def _batches(names: tuple[str, ...], random: np.random.Generator) -> Iterator[Batch]:
    """Batches without end: all series in turn, ten seconds apart, a slow wave with noise."""
    n = 0
    while True:
        place = np.arange(n, n + MOST_ROWS)
        own, series = np.unique(place % len(names), return_inverse=True)
        at = START + place // len(names) * 10 * SECOND
        value = np.round(10 + np.sin(place / 1e5) + random.normal(0, 0.2, MOST_ROWS), 2)
        yield Batch(
            names=tuple(names[i] for i in own),
            series=series.astype(np.int32),
            at=at,
            value=value,
            mark=np.zeros(MOST_ROWS, np.uint8),
            seq=place,
            got=at,
        )
        n += MOST_ROWS


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
    court = Court(_site(names, everything=everything, classes=classes))
    memory, batches = court.blank(), _batches(names, np.random.default_rng(1))
    for _ in range(2 + 3 * series // MOST_ROWS):  # every series has been heard of, every kernel is compiled
        court.judge(memory, next(batches))

    def turn() -> int:
        return sum(len(court.judge(memory, batch).judged) for batch in some)

    best = 0.0
    for _ in range(OWN_ROWS // MOST_ROWS // 20):
        some = [next(batches) for _ in range(20)]
        best = max(best, _best(turn, 1))
    return best


def _plain_rate() -> float:
    """The same rules as one would write them in an evening: a dictionary by series, a loop over readings."""
    names = tuple(f"station-{i // 6}/q{i % 6}" for i in range(FEW))
    batch = next(_batches(names, np.random.default_rng(1)))
    rows = [(names[s], int(at), float(v)) for s, at, v in zip(batch.series, batch.at, batch.value, strict=True)]
    memory: dict[str, dict[str, object]] = {name: {} for name in names}
    rules = {name: _thresholds(name) for name in names}
    endless = cycle(rows)
    clock = iter(range(10**9))

    def turn() -> int:
        for _ in range(PLAIN_ROWS // 4):
            name, _, value = next(endless)
            _plain_step(memory[name], rules[name], START + next(clock) * SECOND // 20, value)
        return PLAIN_ROWS // 4

    return _best(turn, 4)


def _plain_step(was: dict, rule: Thresholds, at: int, value: float) -> int:
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
    rule = _thresholds("")

    def turn() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            qartod.gross_range_test(value, (rule.fail_low, rule.fail_high), (rule.suspect_low, rule.suspect_high))
            qartod.spike_test(value, rule.spike_suspect, rule.spike_fail)
            qartod.rate_of_change_test(value, at, rule.rate)
            qartod.flat_line_test(value, at, 1800, 3600, rule.flat_tolerance)
        return ORACLE_ROWS

    return _best(turn, 3)
