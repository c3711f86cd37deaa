"""A small site, and what the court says there: the stand on which tests hear it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.court import Court, Memory, Verdict
from detectors.domain.batch import Batch
from detectors.domain.event import GridEvent
from detectors.domain.judged import Outcome, names_of
from detectors.domain.site import Limit, Site, Station, Title
from detectors.domain.thresholds import Thresholds

SECOND = 10**9
START = 1_700_000_000 * SECOND
SERIES = "weir/do"


def station(name: str, **facts: object) -> Station:
    return Station(name=name, title=Title(zh=name, en=name), kind="water", place=(111.8, 41.7), quantities=("do",), **facts)


def site(
    *limits: Limit, thresholds: Sequence[Thresholds] = (), stations: Iterable[Station] = (station("weir"),), **facts: object
) -> Site:
    return Site(
        name="stand",
        title=Title(zh="台", en="stand"),
        limits=limits,
        thresholds={given.series: given for given in thresholds},
        stations={one.name: one for one in stations},
        **facts,
    )


def limit(name: str = "high", series: str = SERIES, **facts: object) -> Limit:
    return Limit(name=name, series=series, **({"above": 8.0, "clear": 7.5} | facts))


def of_quality(series: str = SERIES, **numbers: float) -> Thresholds:
    return Thresholds(series=series, **numbers)


def series_of(values: Sequence[float], *, every: float = 1.0, series: str = SERIES, marks: str = "", start: int = START) -> Batch:
    """Readings of one series, `every` so many seconds."""
    at = start + np.round(np.arange(len(values)) * every * SECOND).astype(np.int64)
    return with_marks(Batch.of([(series, int(t), value) for t, value in zip(at, values, strict=True)]), marks)


def with_marks(batch: Batch, marks: str) -> Batch:
    mark = np.array([0 if mark == "." else ord(mark) for mark in marks], np.uint8) if marks else batch.mark
    return Batch(
        names=batch.names,
        series=batch.series,
        at=batch.at,
        value=batch.value,
        mark=mark,
        seq=np.arange(len(batch)),
        got=batch.got,
    )


@dataclass
class Hearing:
    """A court with one memory, and all it has said."""

    site: Site
    verdicts: list[Verdict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.court = Court(self.site)
        self.memory: Memory = self.court.blank()

    def judge(self, batch: Batch) -> "Hearing":
        self.verdicts.append(self.court.judge(self.memory, batch))
        return self

    def tick(self, instant: int) -> "Hearing":
        self.verdicts.append(self.court.tick(self.memory, instant))
        return self

    @property
    def final(self) -> dict[tuple[str, int], tuple[int, str]]:
        """Flag and tests of every series and instant, as a store would have them in the end."""
        said = {}
        for verdict in self.verdicts:
            judged = verdict.judged
            for i in range(len(judged)):
                name = judged.readings.names[judged.readings.series[i]]
                said[name, int(judged.readings.at[i])] = (int(judged.flag[i]), names_of(int(judged.tests[i])))
        return said

    @property
    def flags(self) -> list[int]:
        return [flag for flag, _ in self.final.values()]

    @property
    def tests(self) -> list[str]:
        return [tests for _, tests in self.final.values()]

    @property
    def events(self) -> list[GridEvent]:
        return [event for verdict in self.verdicts for event in verdict.events]

    @property
    def turns(self) -> list[str]:
        return [f"{event.turn}:{event.rule}@{(event.at - START) / SECOND:g}" for event in self.events]

    @property
    def outcomes(self) -> list[str]:
        return [Outcome(o).name for verdict in self.verdicts for o in verdict.judged.outcome]
