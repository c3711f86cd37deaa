"""The command `riversim`: a river that does not exist."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Event

import msgspec

from detectors.domain.errors import RiverwatchError
from simulators.broker import Broker
from simulators.demo import Demo
from simulators.sent import Book
from simulators.truth import Truth
from storage.registry import load

Command = Callable[[argparse.Namespace], int]
tell = partial(print, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong is said in a sentence, with 1 as the exit code."""
    args = _parser().parse_args(arguments)
    command: Command = args.command
    try:
        return command(args)
    except RiverwatchError as fault:
        print(f"riversim: {fault}", file=sys.stderr)
        return 1


def demo(args: argparse.Namespace) -> int:
    """Play a site with history, live readings and incidents, until stopped."""
    book, truth = _book(args.data), Truth(_file(args.data))
    Demo(site=load(args.site), broker=Broker.of(args.mqtt, args.mqtt_ca), book=book, truth=truth, seed=args.seed, say=tell).run(
        _stop()
    )
    return 0


def sums(args: argparse.Namespace) -> int:
    """Show what the broker took, by series and by device."""
    book = _book(args.data)
    if args.json:
        _json(
            {
                "series": [asdict(one) for one in book.sums()],
                "devices": [asdict(one) for one in book.tallies()],
                "unacked": book.unacked(),
            }
        )
        return 0
    _table(
        ("series", "count", "sum", "first_at", "last_at"),
        [(o.series, o.count, f"{o.sum:.6f}", o.first_at, o.last_at) for o in book.sums()],
    )
    _table(("device", "said", "acked", "skipped", "seq"), [(o.device, o.said, o.acked, o.skipped, o.seq) for o in book.tallies()])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="riversim", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _options(commands, "demo", demo, "site", "mqtt", "data", "seed")
    _options(commands, "sums", sums, "data", "json")
    return parser


def _options(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Command, *options: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
    parser.set_defaults(command=run)
    if "site" in options:
        parser.add_argument("--site", type=Path, required=True, help="the site's folder")
    if "mqtt" in options:
        parser.add_argument("--mqtt", required=True, help="the broker, as mqtt://user:password@host:1883 or mqtts://…")
        parser.add_argument("--mqtt-ca", type=Path, help="the certificate that signs the broker's")
    if "data" in options:
        parser.add_argument(
            "--data", type=Path, required=True, help="the folder of all data; the truth is kept in its simulators/sent.sqlite"
        )
    if "seed" in options:
        parser.add_argument("--seed", type=int, default=1, help="of all chance; the same seed, the same river")
    if "json" in options:
        parser.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _file(data: Path) -> Path:
    return data / "simulators" / "sent.sqlite"


def _book(data: Path) -> Book:
    return Book(_file(data))


def _stop() -> Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _json(found: object) -> None:
    tell(msgspec.json.encode(found).decode())


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        tell("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
