"""`riverwatch ledger`: does everything that was received stand somewhere?"""

import argparse

import msgspec

from detectors.domain.errors import Misconfigured
from storage.balance import Account, Balance
from storage.ledger import Ledger
from streams.settings import Settings

HELP = "the closing equation: received = judged + history + repeated + refused, and all of it stored; exit code 1 if not"
HEAD = ("device", "received", "judged", "history", "repeated", "refused", "stored", "in flight", "")


def options(parser: argparse.ArgumentParser) -> None:
    """Table or JSON."""
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the balance; 0 if it closes."""
    if not settings.data.is_dir():
        raise Misconfigured([f"RIVERWATCH_DATA: there is no folder {settings.data}; start riverwatch first, or name its data"])
    balance = Ledger(settings.ledger).balance()
    print(msgspec.json.encode(balance).decode() if args.json else table(balance))
    return 0 if balance.closes else 1


def table(balance: Balance) -> str:
    """The balance for people: a row a device, a row a camera, the total."""
    lines = [HEAD, *(_cells(account) for account in (*balance.devices.values(), balance.total))]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    readings = "\n".join(
        "  ".join(cell.ljust(w) if cell == line[0] else cell.rjust(w) for cell, w in zip(line, widths, strict=True))
        for line in lines
    )
    frames = [
        f"{one.camera}: {one.received} frames received = {one.looked} looked at + {one.skipped} skipped + {one.refused} refused"
        f" + {one.in_flight} in flight{'' if one.closes else ': DOES NOT CLOSE'}"
        for one in balance.cameras.values()
    ]
    return "\n".join([readings, *frames, *_notes(balance)])


def _notes(balance: Balance) -> list[str]:
    """What stages counted beside the equation: a data logger's warnings, a bridge's messages."""
    return [
        f"{stage}: {device}: {', '.join(f'{outcome} {n:,}' for outcome, n in sorted(counts.items()))}"
        for stage, devices in sorted(balance.notes.items())
        for device, counts in sorted(devices.items())
    ]


def _cells(account: Account) -> tuple[str, ...]:
    numbers = (account.received, account.judged, account.history, account.repeated, account.refused, account.stored)
    said = "closes" if account.closes else f"DOES NOT CLOSE at {account.stage}"
    return (account.device, *(f"{n:,}" for n in (*numbers, account.in_flight)), said)
