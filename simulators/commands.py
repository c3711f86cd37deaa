"""The commands of `riversim`: each takes its arguments and returns what there is to show."""

import argparse
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event

from simulators import load as loads
from simulators import retold, scenario
from simulators import score as scores
from simulators.broker import Broker
from simulators.demo import Demo
from simulators.records import SECOND
from simulators.sent import Book
from simulators.truth import Truth
from storage import registry
from storage.casebook import Casebook

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head."""

    head: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a command has found: for programs, for people, and the exit code."""

    found: object = None
    tables: Sequence[Table] = ()
    words: str = ""
    code: int = 0


def demo(args: argparse.Namespace, tell: Tell) -> Shown:
    """Play a site with history, live readings and incidents, until stopped."""
    file, stop = _file(args.data), _stop()
    site, broker = registry.load(args.site), Broker.of(args.mqtt, args.mqtt_ca)
    Demo(site=site, broker=broker, book=Book(file), truth=Truth(file), seed=args.seed, say=tell).run(stop)
    return Shown()


def run(args: argparse.Namespace, tell: Tell) -> Shown:
    """Play a scenario file; the truth about its incidents is written beside, as truth.csv."""
    played, file = scenario.read(args.scenario, time.time_ns()), _file(args.data)
    truth, book = Truth(file), Book(file)
    truth.open(played.start)
    truth.begin(played.incidents)
    tell(f"{played.name}: {len(played.stations)} stations, {played.seconds} s, {len(played.incidents)} incidents")
    shown = _said(args, played.site, book, played.said(), played.speed)
    truth.cut(played.start + played.seconds * SECOND)
    truth.to_csv(file.with_name("truth.csv"))
    return shown


def replay(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Say the rows of a CSV file (series,at,value[,mark]) as devices would."""
    with tempfile.TemporaryDirectory() as folder:
        return _said(args, args.site, Book(_file(args.data or Path(folder))), retold.rows(args.file), args.speed)


def load(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Publish at a steady rate, and measure how long the broker takes to acknowledge."""
    broker = Broker.of(args.mqtt, args.mqtt_ca)
    got = loads.load(broker, args.site, rate=args.rate, devices=args.devices, seconds=args.seconds, seed=args.seed, stop=_stop())
    counts = (got.asked, got.achieved, got.published, got.acked, got.refused, got.held_back)
    tables = (
        Table(head=("asked/s", "achieved/s", "published", "acked", "refused", "held back"), rows=[counts]),
        Table(head=[f"PUBACK {name}" for name in got.puback_ms], rows=[[f"{ms} ms" for ms in got.puback_ms.values()]]),
    )
    return Shown(found=asdict(got), tables=tables, code=int(got.acked < got.published))


def score(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Hold what was found against what was played: recall, delay, false alarms."""
    file = _file(args.data)
    tallies = Book(file).tallies()
    now = max((tally.last_at or 0 for tally in tallies), default=0)
    cases = Casebook(args.casebook or f"sqlite:///{args.data.absolute()}/casebook.db", registry.load(args.site))
    truth = Truth(file)
    got = scores.score(truth.incidents(), _found(cases), truth.sessions(now), len(tallies))
    head = ("kind", "played", "found", "recall", "delay p50", "delay p90")
    kinds = [(one.kind, one.played, one.found, one.recall, one.delay_p50, one.delay_p90) for one in got.kinds]
    idle = [(one.raised_at, one.station, one.quantity, one.rule) for one in got.false_alarms]
    words = f"false alarms: {len(idle)} in {got.station_days} station-days ({got.false_per_station_day} a day)"
    tables = [
        Table(head=head, rows=kinds),
        *([Table(head=("raised at", "station", "quantity", "rule"), rows=idle)] if idle else []),
    ]
    return Shown(found=asdict(got), tables=tables, words=words)


def sums(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Show what the broker took, by series and by device."""
    return _sums(Book(_file(args.data)))


def _said(args: argparse.Namespace, site: str, book: Book, said: Iterable[retold.Said], speed: float) -> Shown:
    teller, stop = retold.Teller(site=site, broker=Broker.of(args.mqtt, args.mqtt_ca), book=book), _stop()
    try:
        teller.tell(said, speed, stop)
    finally:
        teller.leave()
    return _sums(book)


def _sums(book: Book) -> Shown:
    series, devices = [asdict(one) for one in book.sums()], [asdict(one) for one in book.tallies()]
    tables = [Table(head=list(rows[0]), rows=[list(row.values()) for row in rows]) for rows in (series, devices) if rows]
    unacked = book.unacked()
    found = {"series": series, "devices": devices, "unacked": unacked}
    return Shown(found=found, tables=tables, words=f"unacknowledged messages: {unacked}", code=0)


def _found(cases: Casebook) -> list[scores.Found]:
    """The alarms in the casebook that were raised in their time."""
    return [
        scores.Found(
            matter=one.matter,
            rule=one.rule,
            station=one.station,
            quantity=one.quantity.partition(".")[0],
            raised_at=one.raised_at,
        )
        for one in cases.events(limit=100_000)
        if one.raised_at is not None and not one.late
    ]


def _file(data: Path) -> Path:
    return data / "simulators" / "sent.sqlite"


def _stop() -> Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
