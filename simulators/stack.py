"""Stack: a scenario told to a running stack, from now on, and followed in its casebook."""

import argparse
import os
import time
from pathlib import Path

from detectors.domain.errors import Misconfigured
from detectors.domain.instant import SECOND
from detectors.domain.site import Site
from simulators import stage
from simulators.broker import broker_of
from simulators.commands import Tell, file_of, stopper
from simulators.floor import Floor
from simulators.scenario import Scenario
from simulators.scorecard import Card, card, of_stack, raised
from simulators.sent import Book
from simulators.telling import Telling
from storage.casebook import Casebook
from storage.series import Store, open_store

QUIET = 3.0  # s after the last reading, in which what is on its way arrives
HEARTBEAT = 1.0  # s between two looks at the casebook, and two signs that the floor is taken


def to_stack(args: argparse.Namespace, played: Scenario, site: Site, tell: Tell) -> tuple[Card, stage.Report]:
    """Tell a scenario at its pace; what is found is read from the casebook, flags at the end from the store.

    Raises:
        Misconfigured: if there is no data folder.
    """
    if args.data is None:
        raise Misconfigured(["--data: a scenario for a stack needs the folder of the stack's data"])
    folder: Path = args.data / "scenarios" / f"{played.name}-{time.time_ns() // SECOND}"
    made, stop = stage.live(played, site, (time.time_ns() // SECOND + 1) * SECOND), stopper(leashed=args.leash)
    stage.to_file(made, folder / f"{played.name}.csv")
    span = (int(made.tape.rows["got"][0]), int(made.tape.rows["got"][-1]))
    tell(f"{played.name}: {len(made.tape)} readings in {(span[1] - span[0]) / SECOND:.0f} s; the truth is in {folder}")
    report = stage.Report(scenario=played, file=args.status, span=span, incidents=made.incidents)
    book, floor = casebook_of(args, site), Floor(args.data)
    speaks = {place.name: place.speaks for place in played.places}
    broker, gateway = broker_of(args), _gateway(args.gateway)
    telling = Telling(site=site.name, broker=broker, book=Book(file_of(folder)), speaks=speaks, gateway=gateway)
    looked = 0.0

    def progress(at: int) -> None:
        nonlocal looked
        if time.monotonic() - looked > HEARTBEAT:
            looked = time.monotonic()
            floor.take(speaks)
            report.say("playing", at, [one for one in raised(book) if one.station in speaks and one.raised_at >= span[0]])

    try:
        telling.tell(made.tape, stop, paced=True, progress=progress)
        stop.wait(QUIET)
    finally:
        telling.leave()
        floor.leave()
    result = card(made.tape, made.incidents, of_stack(made.tape, book, store_of(args)), played.compress)
    report.say("stopped" if stop.is_set() else "done", span[1], result.found, result=result, now=True)
    return result, report


def casebook_of(args: argparse.Namespace, site: Site) -> Casebook:
    """The casebook that the arguments name, or that of the data folder."""
    return Casebook(args.casebook or f"sqlite:///{args.data.absolute()}/casebook.db", site)


def store_of(args: argparse.Namespace) -> Store:
    """The series store that the arguments name, or that of the data folder."""
    return open_store(args.store or f"sqlite:///{args.data.absolute()}/series.db", os.environ.get("RIVERWATCH_STORE_TOKEN", ""))


def _gateway(text: str) -> tuple[str, int] | None:
    host, _, port = text.rpartition(":")
    return (host or "127.0.0.1", int(port)) if port.isdecimal() else None
