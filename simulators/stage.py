"""Stage: a scenario played into a file, before the court in this process, or to a stack; with its truth beside it."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event

import msgspec
import numpy as np

from detectors.domain.instant import SECOND
from detectors.domain.site import Site
from simulators.incidents import Incident
from simulators.picture import picture
from simulators.play import Played, play
from simulators.scenario import Scenario
from simulators.score import Found, explaining
from simulators.scorecard import GRACE, Card, card
from simulators.tables import sorts, spoken
from simulators.tape import Tape
from simulators.trial import Judgement, trial
from simulators.truth import read_incidents, write_incidents
from storage.folders import made

EVERY = 0.5  # s between two reports
Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Report:
    """A run's progress, in a file that others may read while it goes on."""

    scenario: Scenario
    file: Path | None
    span: tuple[int, int]
    incidents: tuple[Incident, ...]
    language: str = "en"
    written: float = 0.0
    told: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.told = {
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "process": os.getpid(),
            "start": self.span[0],
            "end": self.span[1],
        }

    def say(self, state: str, at: int, found: Iterable[Found], *, result: Card | None = None, now: bool = False) -> None:
        """Write where the run stands, at most every half second unless it matters now."""
        if self.file is None or not (now or time.monotonic() - self.written > EVERY):
            return
        self.written = time.monotonic()
        late = round(GRACE / self.scenario.compress * SECOND)
        begun = [one for one in self.incidents if one.since <= at]
        told = self.told | {
            "state": state,
            "at": at,
            "truth": [_played(one) for one in begun],
            "found": [asdict(one) | {"explained": bool(explaining(self.incidents, one, late))} for one in found],
        }
        if result:
            told |= {"score": result.told(), "svg": {n: self.drawn(result, n) for n in ("zh", "en")}}
        part = self.file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(told))
        part.replace(self.file)

    def drawn(self, result: Card, language: str) -> str:
        """The picture of the result."""
        title = f"{self.scenario.title[language]} · {spoken(language)['seed']} {self.scenario.seed}"
        return picture(result, title, language, self.scenario.compress)


def _played(one: Incident) -> dict[str, object]:
    sort = sorts()[one.kind]
    return asdict(one) | {"zh": sort.zh, "en": sort.en, "calls": bool(sort.matters) and not one.faint}


def to_file(played: Played, path: Path) -> None:
    """Write a recording for `riverwatch judge`, and the truth beside it: of readings, row for row, and of incidents."""
    made(path.parent)
    played.tape.write(path)
    played.tape.write_truth(beside(path, "readings"))
    write_incidents(beside(path, "incidents"), played.incidents)


def beside(path: Path, what: str) -> Path:
    """Where the truth of a recording lies."""
    return path.with_name(f"{path.stem}.{what}.csv")


def from_file(path: Path) -> Played:
    """What `to_file` wrote.

    Raises:
        Refused: if it cannot be read.
    """
    return Played(tape=Tape.read(path, beside(path, "readings")), incidents=tuple(read_incidents(beside(path, "incidents"))))


def before_court(scenario: Scenario, site: Site, status: Path | None, stop: Event, least: float) -> tuple[Card, Report]:
    """Play a scenario before the court in this process, in at least so many seconds so that a person can watch."""
    played = play(scenario, site)
    report = Report(scenario=scenario, file=status, span=(scenario.start, scenario.end), incidents=played.incidents)
    began, whole, reached = time.monotonic(), scenario.end - scenario.start, 0

    def progress(at: int, found: list[Found]) -> bool:
        nonlocal reached
        reached = at
        report.say("playing", at, found)
        wait = (at - scenario.start) / whole * least - (time.monotonic() - began)
        return stop.wait(wait) if wait > 0 else stop.is_set()

    judgement = trial(played.tape, site, progress)
    if stop.is_set():
        played, judgement = until(reached, played, judgement)
    result = card(played.tape, played.incidents, judgement)
    report.say("stopped" if stop.is_set() else "done", scenario.end, judgement.found, result=result, now=True)
    return result, report


def until(instant: int, played: Played, judgement: Judgement) -> tuple[Played, Judgement]:
    """What had arrived, begun and been said before an instant, at which somebody stopped."""
    n = int(np.searchsorted(played.tape.rows["got"], instant))
    incidents = tuple(replace(one, until=min(one.until, instant)) for one in played.incidents if one.since < instant)
    tape = replace(played.tape, rows=played.tape.rows[:n])
    return Played(tape=tape, incidents=incidents), replace(judgement, flag=judgement.flag[:n], tests=judgement.tests[:n])


def live(scenario: Scenario, site: Site, now: int) -> Played:
    """A scenario whose first instant is now, on a clock as much faster as it says."""
    played = play(scenario, site)

    def moved(at: int) -> int:
        return now + round((at - scenario.start) / scenario.compress)

    incidents = tuple(replace(one, since=moved(one.since), until=moved(one.until)) for one in played.incidents)
    return Played(tape=played.tape.moved(scenario.start, now, scenario.compress), incidents=incidents)
