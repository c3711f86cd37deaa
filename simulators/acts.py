"""The commands of `riversim` about scenarios: list them, run one, score it."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from detectors.domain.errors import Misconfigured
from detectors.domain.instant import SECOND
from detectors.domain.site import Site
from simulators import given, stage
from simulators import scenario as scenarios_
from simulators import score as scores
from simulators.commands import Shown, Table, Tell, file_of, stopper
from simulators.incidents import Incident
from simulators.picture import picture
from simulators.play import play
from simulators.scenes import seen
from simulators.scorecard import Card, about, card, hours, moment, of_judged, of_stack, raised
from simulators.sent import Book
from simulators.stack import casebook_of, store_of, to_stack
from simulators.tables import sorts
from simulators.trial import trial
from simulators.truth import Truth
from storage import registry

QUIET = 2.0  # s after the last reading, in which what is on its way arrives
HEARTBEAT = 1.0  # s between two looks at the casebook, and two signs that the floor is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A shipped scenario, as a list shows it."""

    name: str
    title: dict[str, str]
    about: dict[str, str]
    site: str
    seed: int
    hours: float
    stations: tuple[str, ...]
    kinds: tuple[str, ...]
    named: dict[str, list[str]]  # the kinds, by language


def scenarios(_args: argparse.Namespace, _tell: Tell) -> Shown:
    """List the scenarios that come with riverwatch."""
    found = [_listed(scenarios_.read(path, 0)) for path in scenarios_.shipped().values()]
    head = ("name", "hours", "incidents", "about")
    rows = [(one.name, one.hours, " ".join(one.kinds), one.about["en"]) for one in found]
    return Shown(found=[asdict(one) for one in found], tables=[Table(head=head, rows=rows)])


def run(args: argparse.Namespace, tell: Tell) -> Shown:
    """Play a scenario: to a file, to a stack, or (with neither) before the court in this process; the truth is written beside."""
    compress = args.compress if args.mqtt else 1.0
    played = scenarios_.read(scenarios_.find(str(args.scenario)), time.time_ns(), seed=args.seed, compress=compress)
    site = registry.load(args.site or Path("sites") / played.site)
    if args.to:
        made = play(played, site)
        stage.to_file(made, args.to)
        _unfelt(played, made.incidents, tell)
        tell(f"{played.name}: {len(made.tape)} readings, {len(made.incidents)} incidents; the truth lies beside {args.to}")
        return Shown(found={"readings": len(made.tape), "incidents": [asdict(one) for one in made.incidents]})
    if args.mqtt:
        result, report = to_stack(args, played, site, tell)
        return shown(result, args.svg, report.drawn(result, args.language))
    stop = stopper(leashed=args.leash)
    result, report = stage.before_court(played, site, args.status, stop, args.seconds)
    if not stop.is_set():
        _unfelt(played, result.incidents, tell)
    else:
        tell(
            f"stopped after {hours(result.span[1], played.start)} of {played.seconds / 3600:g} hours: the score is of these alone"
        )
    return shown(result, args.svg, report.drawn(result, args.language))


def _unfelt(played: scenarios_.Scenario, incidents: Sequence[Incident], tell: Tell) -> None:
    """Say which incidents no station feels: the score knows nothing of them."""
    felt = {one.id.partition("-")[0] for one in incidents}
    for one in (cause.incident for cause in played.causes if cause.incident.id not in felt):
        tell(f"{one.kind} at {one.station}, {hours(one.since, played.start)} h after the start: no station feels it")


def score(args: argparse.Namespace, tell: Tell) -> Shown:
    """Hold what was found against what was played: of a recording or a scene and its truth, or of the demo in a data folder."""
    site = registry.load(args.site)
    given.of_stack(None if args.judged else args.data, args.casebook)
    if args.recording is None:
        return _demo(args, site)
    if args.recording.is_dir():
        result = seen.of_folder(args, site)
        return shown(result, args.svg, picture(result, args.recording.name, args.language))
    made = stage.from_file(args.recording)
    if args.judged:
        judgement = of_judged(made.tape, args.judged, site)
    elif args.casebook or args.data:
        judgement = of_stack(made.tape, casebook_of(args, site), store_of(args))
    else:
        tell("judging")
        judgement = trial(made.tape, site)
    result = card(made.tape, made.incidents, judgement, args.compress)
    return shown(result, args.svg, picture(result, args.recording.stem, args.language, args.compress))


def _demo(args: argparse.Namespace, site: Site) -> Shown:
    if args.data is None:
        raise Misconfigured(["a recording, or --data of a demo, must say what was played"])
    file = given.played(file_of(args.data))
    tallies, truth, book = Book(file).tallies(), Truth(file), casebook_of(args, site)
    now = max((tally.last_at or 0 for tally in tallies), default=0)
    got = scores.score(truth.incidents(), list(raised(book)), truth.sessions(now), len(tallies))
    return Shown(found=asdict(got), tables=_tables(got), words=_false(got))


def shown(result: Card, svg: Path | None, drawn: str) -> Shown:
    """A score as tables and JSON; its picture goes to the file that is asked for."""
    if svg:
        svg.write_text(drawn, encoding="utf-8")
    told = result.flags
    tables = _tables(result.score)
    if told is None:
        return Shown(found=result.told(), tables=tables, words=_hourly(result))
    if told.kinds:
        tables.append(
            Table(head=("bad readings", "", "flagged", "recall"), rows=[(o.kind, o.bad, o.flagged, o.recall) for o in told.kinds])
        )
    if told.tests:
        rows = [(o.test, o.fired, o.rightly, o.precision, o.recall) for o in told.tests]
        tables.append(Table(head=("test", "fired", "rightly", "precision", "recall"), rows=rows))
    by_reading = f"flags: {told.bad} bad of {told.readings} readings, precision {told.precision}, recall {told.recall}"
    words = f"{_false(result.score)}\n{by_reading}"
    return Shown(found=result.told(), tables=tables, words=words)


def _tables(got: scores.Score) -> list[Table]:
    head = ("kind", "played", "found", "recall", "delay p50", "delay p90", "call for none")
    kinds = [
        (o.kind, o.played, o.found, "–" if o.recall is None else o.recall, about(o.delay_p50), about(o.delay_p90), o.faint)
        for o in got.kinds
    ]
    idle = [(moment(one.raised_at), one.station, one.quantity, one.rule) for one in got.false_alarms]
    return [
        Table(head=head, rows=kinds),
        *([Table(head=("raised at", "station", "quantity", "rule"), rows=idle)] if idle else []),
    ]


def _false(got: scores.Score) -> str:
    return f"false alarms: {len(got.false_alarms)} in {got.station_days} station-days ({got.false_per_station_day} a day)"


def _hourly(result: Card) -> str:
    idle, lasted = len(result.score.false_alarms), (result.span[1] - result.span[0]) / SECOND / 3600
    return f"false alarms: {idle} in {lasted:.3f} camera-hours ({result.hourly} an hour)"


def _listed(one: scenarios_.Scenario) -> Listed:
    kinds = tuple(dict.fromkeys(str(cause.incident.kind) for cause in one.causes))
    return Listed(
        name=one.name,
        title=dict(one.title),
        about=dict(one.about),
        site=one.site,
        seed=one.seed,
        hours=one.seconds / 3600,
        stations=tuple(place.name for place in one.places),
        kinds=kinds,
        named={"zh": [sorts()[kind].zh for kind in kinds], "en": [sorts()[kind].en for kind in kinds]},
    )
