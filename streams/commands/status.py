"""`riverwatch status`: one look at the whole."""

import argparse
import time

import msgspec

from detectors.domain.errors import Misconfigured
from storage import processes
from storage.casebook import Casebook, Sending
from storage.ledger import Ledger
from storage.processes import Process
from storage.registry import load
from storage.series import open_store
from streams.settings import Settings

HELP = "processes, the age of the newest reading, open events, messages that wait, the ledger; exit code 1 if something is wrong"


def options(parser: argparse.ArgumentParser) -> None:
    """Lines or JSON."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print how it stands; 0 if all is well."""
    if not settings.data.is_dir():
        raise Misconfigured([f"RIVERWATCH_DATA: there is no folder {settings.data}; start riverwatch first, or name its data"])
    said = look(settings)
    print(msgspec.json.encode(said).decode() if args.json else lines(said))
    return 0 if said.well else 1


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands."""

    site: str
    processes: tuple[Process, ...]
    series: int
    newest_age: float | None  # seconds
    open_events: int
    outbox: dict[Sending, int]
    received: int
    in_flight: int
    ledger_closes: bool
    well: bool


def look(settings: Settings) -> Standing:
    """How it stands now."""
    site = load(settings.site)
    newest = open_store(settings.store, settings.store_token).newest()
    book = Casebook(settings.casebook, site)
    balance = Ledger(settings.ledger).balance()
    running = processes.read(settings.data / processes.FILE)
    last = max((reading.at for reading in newest.values()), default=None)
    return Standing(
        site=site.name,
        processes=running,
        series=len(newest),
        newest_age=None if last is None else round(time.time() - last / 1e9, 1),
        open_events=len(book.open_events()),
        outbox=book.outbox_counts(),
        received=balance.total.received,
        in_flight=balance.total.in_flight,
        ledger_closes=balance.closes,
        well=balance.closes and all(one.state == "running" for one in running),
    )


def lines(said: Standing) -> str:
    """How it stands, for people."""
    states = ", ".join(f"{one.name} {one.state}" for one in said.processes) or "none under `riverwatch up`"
    age = "no reading yet" if said.newest_age is None else f"{said.newest_age} s old"
    waiting = ", ".join(f"{n} {state}" for state, n in said.outbox.items()) or "empty"
    closes = "closes" if said.ledger_closes else "DOES NOT CLOSE: see `riverwatch ledger`"
    return "\n".join(
        [
            f"site       {said.site}",
            f"processes  {states}",
            f"readings   {said.received:,} in {said.series} series, the newest {age}; {said.in_flight:,} in flight",
            f"events     {said.open_events} open",
            f"outbox     {waiting}",
            f"ledger     {closes}",
        ]
    )
