"""`riverwatch status`: one look at the whole."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from detectors.domain.errors import Misconfigured
from storage.casebook import Casebook
from storage.ledger import Ledger
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
    print(json.dumps(said, ensure_ascii=False) if args.json else lines(said))
    return 0 if said["well"] else 1


def look(settings: Settings) -> dict[str, Any]:
    """How it stands, as plain values."""
    site = load(settings.site)
    newest = open_store(settings.store, settings.store_token).newest()
    book = Casebook(settings.casebook, site)
    balance = Ledger(settings.ledger).balance()
    processes = _processes(settings.data / "processes.json")
    last = max((reading.at for reading in newest.values()), default=None)
    return {
        "site": site.name,
        "processes": processes,
        "series": len(newest),
        "newest_age": None if last is None else round(time.time() - last / 1e9, 1),
        "open_events": len(book.open_events()),
        "outbox": {state.value: n for state, n in book.outbox_counts().items()},
        "received": balance.total.received,
        "in_flight": balance.total.in_flight,
        "ledger_closes": balance.closes,
        "well": balance.closes and all(one["state"] == "running" for one in processes),
    }


def lines(said: dict[str, Any]) -> str:
    """How it stands, for people."""
    states = ", ".join(f"{one['name']} {one['state']}" for one in said["processes"]) or "none under `riverwatch up`"
    age = "no reading yet" if said["newest_age"] is None else f"{said['newest_age']} s old"
    waiting = ", ".join(f"{n} {state}" for state, n in said["outbox"].items()) or "empty"
    closes = "closes" if said["ledger_closes"] else "DOES NOT CLOSE: see `riverwatch ledger`"
    return "\n".join(
        [
            f"site       {said['site']}",
            f"processes  {states}",
            f"readings   {said['received']:,} in {said['series']} series, the newest {age}; {said['in_flight']:,} in flight",
            f"events     {said['open_events']} open",
            f"outbox     {waiting}",
            f"ledger     {closes}",
        ]
    )


def _processes(path: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found
