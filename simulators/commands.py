"""The commands of `riversim`: each takes its arguments and returns what there is to show."""

import argparse
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread

from simulators import given, retold
from simulators import load as loads
from simulators.broker import broker_of
from simulators.demo import Demo
from simulators.floor import Floor
from simulators.sent import Book
from simulators.truth import Truth
from storage import registry

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
    file, stop = file_of(args.data), stopper()
    site, broker = registry.load(args.site), broker_of(args)
    Demo(site=site, broker=broker, book=Book(file), truth=Truth(file), seed=args.seed, say=tell, floor=Floor(args.data)).run(stop)
    return Shown()


def replay(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Say the rows of a CSV file (series,at,value[,mark]) as devices would."""
    with tempfile.TemporaryDirectory() as folder:
        return _said(args, args.site, Book(file_of(args.data or Path(folder))), retold.rows(args.file), args.speed)


def load(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Publish at a steady rate, and measure how long the broker takes to acknowledge."""
    broker = broker_of(args)
    got = loads.load(
        broker, args.site, rate=args.rate, devices=args.devices, seconds=args.seconds, seed=args.seed, stop=stopper()
    )
    counts = (got.asked, got.achieved, got.published, got.acked, got.refused, got.held_back)
    tables = (
        Table(head=("asked/s", "achieved/s", "published", "acked", "refused", "held back"), rows=[counts]),
        Table(head=[f"PUBACK {name}" for name in got.puback_ms], rows=[[f"{ms} ms" for ms in got.puback_ms.values()]]),
    )
    return Shown(found=asdict(got), tables=tables, code=int(got.acked < got.published))


def sums(args: argparse.Namespace, _tell: Tell) -> Shown:
    """Show what the broker took, by series and by device."""
    return _sums(Book(given.played(file_of(args.data))))


def _said(args: argparse.Namespace, site: str, book: Book, said: Iterable[retold.Said], speed: float) -> Shown:
    teller, stop = retold.Teller(site=site, broker=broker_of(args), book=book), stopper()
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


def file_of(data: Path) -> Path:
    """Where the book of what was said lies in a data folder."""
    return data / "simulators" / "sent.sqlite"


def stopper(*, leashed: bool = False) -> Event:
    """An event that SIGTERM and Ctrl-C set; leashed, the end of standard input sets it too: whoever started us is gone."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if leashed:
        Thread(target=_hold, args=(stop,), daemon=True).start()
    return stop


def _hold(stop: Event) -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would be held when we end
        pass
    stop.set()
