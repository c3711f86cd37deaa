"""riverwatch messenger: carries what is due in the casebook's outbox, until it is told to stop."""

import argparse
import logging
import signal
import threading
import time

from dashboards.notify import Messenger
from detectors.domain.errors import Unreachable
from storage.casebook import Casebook
from storage.casebook.alone import alone
from storage.registry import load
from streams.settings import Settings

HELP = "send the messages that are due to the chiefs; SIGTERM stops it"

log = logging.getLogger("riverwatch.messenger")


def options(parser: argparse.ArgumentParser) -> None:
    """How often it looks, and whether it stays."""
    parser.add_argument("--every", type=float, default=0.25, metavar="SECONDS", help="how often to look for due messages")
    parser.add_argument("--once", action="store_true", help="send what is due now, and stop")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Look, send, wait; a casebook that does not answer is asked again."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    site = load(settings.site)
    book = Casebook(settings.casebook, site)
    messenger = Messenger(book, site, settings.desk_url, time.time_ns)
    with alone(book.path):
        _work(messenger, stop, args)
    book.close()
    return 0


def _work(messenger: Messenger, stop: threading.Event, args: argparse.Namespace) -> None:
    while not stop.is_set():
        try:
            tried = messenger.round(go_on=lambda: not stop.is_set())
        except Unreachable as fault:
            if args.once:
                raise
            log.warning("%s", fault)
            tried = 0
        if not tried:
            if args.once:
                return
            stop.wait(args.every)
