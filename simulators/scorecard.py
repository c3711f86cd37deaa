"""Scorecard: what was played against what was found, from wherever it was found; as a table, as JSON and as a picture."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from detectors.domain.judged import TESTS
from detectors.domain.series import quantity_of, station_of
from detectors.domain.site import Site
from simulators.flags import Flags, flags, rows_of
from simulators.incidents import Incident
from simulators.score import Found, Score, score
from simulators.tables import spoken
from simulators.tape import Tape
from simulators.trial import Judgement
from storage.casebook import Casebook
from storage.series import Store

GRACE = 1800.0  # s after an incident in which it may still be found, and still explains what is raised
_MATTERS = {"quality": "instrument", "silence": "silence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The whole result of a scenario."""

    incidents: tuple[Incident, ...]
    found: tuple[Found, ...]
    span: tuple[int, int]  # ns since 1970 UTC
    score: Score
    flags: Flags | None = None  # of a camera none

    @property
    def hourly(self) -> float:
        """False alarms an hour."""
        lasted = self.span[1] - self.span[0]
        return round(len(self.score.false_alarms) * 3600 * SECOND / lasted, 3) if lasted else 0.0

    def told(self) -> dict[str, object]:
        """As JSON may say it."""
        if self.flags is None:
            lasted = round((self.span[1] - self.span[0]) / SECOND / 3600, 4)
            return asdict(self.score) | {"camera_hours": lasted, "false_per_camera_hour": self.hourly}
        return asdict(self.score) | {"quality": asdict(self.flags)}


def card(tape: Tape, incidents: Sequence[Incident], judgement: Judgement, compress: float = 1.0) -> Card:
    """Hold what was said of a tape against its truth."""
    span = (int(tape.rows["got"].min()), int(tape.rows["got"].max())) if len(tape) else (0, 0)
    stations = len({station_of(tape.names[i]) for i in np.unique(tape.rows["series"]).tolist()})
    return Card(
        incidents=tuple(incidents),
        found=judgement.found,
        span=span,
        score=score(incidents, judgement.found, [span], stations, GRACE / compress),
        flags=flags(tape, judgement.flag, judgement.tests),
    )


def of_judged(tape: Tape, judged: Path, site: Site) -> Judgement:
    """What the output of `riverwatch judge` says, row for row.

    Raises:
        Refused: if it is not that of the tape.
    """
    matters = {f"limit:{limit.name}": limit.matter for limit in site.limits}
    flag, tests, found, row = np.zeros(len(tape), np.uint8), np.zeros(len(tape), np.uint16), list[Found](), -1
    bits = {name: 1 << bit for bit, name in enumerate(TESTS)}
    try:
        with judged.open(encoding="utf-8", newline="") as file:
            for row, line in enumerate(csv.DictReader(file)):
                flag[row], tests[row] = int(line["flag"]), sum(bits.get(name, 0) for name in line["tests"].split("+"))
                rules = [said.partition(":")[2] for said in line["findings"].split("+") if said.startswith("raised:")]
                found += [_found(rule, line["series"], int(tape.rows["at"][row]), matters) for rule in rules]
    except (OSError, KeyError, ValueError, IndexError) as fault:
        raise Refused("not the judged rows of this recording", str(judged)) from fault
    if row + 1 != len(tape):
        raise Refused(f"{row + 1} judged rows for {len(tape)} of the recording", str(judged))
    return Judgement(flag=flag, tests=tests, found=tuple(found))


def of_stack(tape: Tape, book: Casebook, store: Store) -> Judgement:
    """What the casebook and the store say of a tape that was told to the stack."""
    rows, judged = tape.rows, list[tuple[str, int, int, int]]()
    for number, name in enumerate(tape.names):
        at = rows["at"][rows["series"] == number]
        if len(at):
            kept = store.read(name, int(at.min()), int(at.max()) + 1)
            judged += zip([name] * len(kept), kept.at.tolist(), kept.flag.tolist(), kept.tests.tolist(), strict=True)
    flag, tests = rows_of(tape, judged)
    stations = {station_of(name) for name in tape.names}
    return Judgement(flag=flag, tests=tests, found=tuple(one for one in raised(book) if one.station in stations))


def raised(book: Casebook) -> Iterable[Found]:
    """The alarms in a casebook that were raised in their time."""
    for one in book.events(limit=100_000):
        if one.raised_at is not None and not one.late:
            yield Found(
                matter=one.matter,
                rule=one.rule,
                station=one.station,
                quantity=one.quantity.partition(".")[0],
                raised_at=one.raised_at,
                zone=one.quantity.partition(".")[2],
            )


def about(seconds: float | None, language: str = "en") -> str:
    """A delay for people."""
    if seconds is None:
        return "–"
    words = spoken(language)
    if seconds < 600:
        return f"{seconds:.0f} {words['s']}"
    return f"{seconds / 60:.0f} {words['min']}" if seconds < 10_800 else f"{seconds / 3600:.1f} {words['h']}"


def moment(at: int) -> str:
    """An instant for people, in UTC."""
    return f"{np.datetime_as_string(np.datetime64(at, 'ns'), unit='m')}Z"


def hours(at: int, start: int) -> float:
    """Hours from one instant to another."""
    return round((at - start) / SECOND / 3600, 2)


def _found(rule: str, series: str, at: int, matters: dict[str, str]) -> Found:
    matter = matters.get(rule) or _MATTERS.get(rule.partition(":")[0], "pollution")
    return Found(
        matter=matter, rule=rule, station=station_of(series), quantity=quantity_of(series).partition(".")[0], raised_at=at
    )
