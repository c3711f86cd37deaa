"""The commands of `riversim` about scenarios: list them, run one, score it."""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from detectors.domain.errors import Misconfigured
from detectors.domain.site import Site
from simulators import scenario as scenarios_
from simulators import score as scores
from simulators import stage
from simulators.broker import Broker
from simulators.commands import Shown, Table, Tell, file_of, stopper
from simulators.picture import picture
from simulators.play import play
from simulators.records import SECOND
from simulators.scorecard import Card, about, card, of_judged, of_stack, raised
from simulators.sent import Book
from simulators.tables import sorts
from simulators.telling import Telling
from simulators.trial import trial
from simulators.truth import Truth
from storage import registry
from storage.casebook import Casebook
from storage.series import open_store

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
        tell(f"{played.name}: {len(made.tape)} readings, {len(made.incidents)} incidents; the truth lies beside {args.to}")
        return Shown(found={"readings": len(made.tape), "incidents": [asdict(one) for one in made.incidents]})
    if args.mqtt:
        return _to_stack(args, played, site, tell)
    result, report = stage.before_court(played, site, args.status, stopper(), args.seconds)
    return _shown(result, args.svg, report.drawn(result, args.language))


def score(args: argparse.Namespace, tell: Tell) -> Shown:
    """Hold what was found against what was played: of a recording and its truth, or of the demo in a data folder."""
    site = registry.load(args.site)
    if args.recording is None:
        return _demo(args, site)
    made = stage.from_file(args.recording)
    if args.judged:
        judgement = of_judged(made.tape, args.judged, site)
    elif args.casebook or args.data:
        judgement = of_stack(
            made.tape, _casebook(args, site), open_store(args.store or f"sqlite:///{args.data.absolute()}/series.db", "")
        )
    else:
        tell("judging")
        judgement = trial(made.tape, site)
    result = card(made.tape, made.incidents, judgement, args.compress)
    return _shown(result, args.svg, picture(result, args.recording.stem, args.language, args.compress))


def _to_stack(args: argparse.Namespace, played: scenarios_.Scenario, site: Site, tell: Tell) -> Shown:
    """Tell a scenario to a running stack from now on, at its pace, and follow what it finds."""
    if args.data is None:
        raise Misconfigured(["--data: a scenario for a stack needs the folder of the stack's data"])
    folder: Path = args.data / "scenarios" / f"{played.name}-{time.time_ns() // SECOND}"
    made, stop = stage.live(played, site, time.time_ns() + SECOND), stopper()
    stage.to_file(made, folder / f"{played.name}.csv")
    left = (int(made.tape.rows["got"][-1]) - time.time_ns()) / SECOND
    tell(f"{played.name}: {len(made.tape)} readings in {left:.0f} s; truth in {folder}")
    span = (int(made.tape.rows["got"][0]), int(made.tape.rows["got"][-1]))
    report = stage.Report(scenario=played, file=args.status, span=span, incidents=made.incidents)
    book, floor = _casebook(args, site), Floor(args.data, [place.name for place in played.places])
    telling = Telling(site=site.name, broker=Broker.of(args.mqtt, args.mqtt_ca), book=Book(file_of(folder)),
                      speaks={place.name: place.speaks for place in played.places}, gateway=_gateway(args.gateway))  # fmt: skip
    looked = 0.0

    def progress(at: int) -> None:
        nonlocal looked
        if time.monotonic() - looked > HEARTBEAT:
            looked = time.monotonic()
            floor.take()
            report.say("playing", at, [one for one in raised(book) if one.station in telling.speaks and one.raised_at >= span[0]])

    try:
        telling.tell(made.tape, stop, paced=True, progress=progress)
        stop.wait(QUIET)
    finally:
        telling.leave()
        floor.leave()
    judgement = of_stack(made.tape, book, open_store(args.store or f"sqlite:///{args.data.absolute()}/series.db", ""))
    result = card(made.tape, made.incidents, judgement, played.compress)
    report.say("stopped" if stop.is_set() else "done", span[1], judgement.found, result=result, now=True)
    return _shown(result, args.svg, report.drawn(result, args.language))


class Floor:
    """Stations that a scenario speaks for, told to the demo by a file: while it is young, the demo leaves them alone."""

    def __init__(self, data: Path, stations: list[str]) -> None:
        self._file, self._stations = data / "simulators" / "floor", stations

    def take(self) -> None:
        """Say that the scenario goes on."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text("\n".join(self._stations), encoding="utf-8")

    def leave(self) -> None:
        """Give the stations back."""
        self._file.unlink(missing_ok=True)


def _gateway(text: str) -> tuple[str, int] | None:
    host, _, port = text.rpartition(":")
    return (host or "127.0.0.1", int(port)) if port.isdecimal() else None


def _casebook(args: argparse.Namespace, site: Site) -> Casebook:
    return Casebook(args.casebook or f"sqlite:///{args.data.absolute()}/casebook.db", site)


def _demo(args: argparse.Namespace, site: Site) -> Shown:
    if args.data is None:
        raise Misconfigured(["a recording, or --data of a demo, must say what was played"])
    file = file_of(args.data)
    tallies, truth, book = Book(file).tallies(), Truth(file), _casebook(args, site)
    now = max((tally.last_at or 0 for tally in tallies), default=0)
    got = scores.score(truth.incidents(), list(raised(book)), truth.sessions(now), len(tallies))
    return Shown(found=asdict(got), tables=_tables(got), words=_false(got))


def _shown(result: Card, svg: Path | None, drawn: str) -> Shown:
    if svg:
        svg.write_text(drawn, encoding="utf-8")
    told = result.flags
    tables = _tables(result.score)
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
    idle = [(one.raised_at, one.station, one.quantity, one.rule) for one in got.false_alarms]
    return [
        Table(head=head, rows=kinds),
        *([Table(head=("raised at", "station", "quantity", "rule"), rows=idle)] if idle else []),
    ]


def _false(got: scores.Score) -> str:
    return f"false alarms: {len(got.false_alarms)} in {got.station_days} station-days ({got.false_per_station_day} a day)"


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
