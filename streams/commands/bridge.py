"""`riverwatch bridge`: what devices say in MQTT goes into Kafka."""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvloop

from detectors.domain.instant import SECOND
from ingest.bridge import Crossing, Tally
from ingest.bridge import run as cross
from ingest.mqtt import READERS, Broker, Session
from ingest.topics import subscriptions
from ingest.wire.bounds import Bounds
from storage.ledger import Ledger
from storage.registry import load
from streams.loaded import keep_loaded
from streams.settings import Settings

HELP = "bring what devices say in MQTT into Kafka"


def options(parser: argparse.ArgumentParser) -> None:
    """How several bridges share a site."""
    parser.add_argument("--share", default="", metavar="GROUP", help="share the site's messages with other bridges of this group")
    parser.add_argument("--linger", type=float, default=50.0, metavar="MS", help="how long a reading waits for company, at most")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop; acknowledge nothing that Kafka does not have."""
    site = load(settings.site)
    broker = Broker.of(settings.mqtt, settings.mqtt_ca)
    client = f"riverwatch-bridge-{site.name}-{settings.instance}"
    session = Session(client=client, topics=subscriptions(site.name, args.share))
    crossing = Crossing(
        site=site.name,
        stations=frozenset(site.stations),
        partitions=site.partitions,
        beside={name: one.beside for name, one in site.stations.items() if one.beside},
        bounds=Bounds(future_tolerance=int(site.future_tolerance * SECOND)),
        linger=args.linger / 1000,
    )
    settings.data.mkdir(parents=True, exist_ok=True)
    logging.getLogger("ingest").setLevel(logging.INFO)
    with ThreadPoolExecutor(1, "ledger") as clerk:  # one thread owns the file, and the event loop never waits for it
        ledger = clerk.submit(Ledger, settings.ledger).result()

        def tally(device: str, outcome: str, n: int) -> None:
            clerk.submit(ledger.note, "bridge", device, outcome, n)

        keep_loaded()
        uvloop.run(_until_told(crossing, settings, broker, session, tally))
    return 0


async def _until_told(crossing: Crossing, settings: Settings, broker: Broker, session: Session, tally: Tally) -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    reader = READERS[settings.reader](broker, session)
    with saying_ready(settings.data / f"bridge-{settings.instance}.ready", reader.subscribed):
        await cross(crossing, reader=reader, kafka=settings.kafka, tally=tally, stop=stop)


@contextmanager
def saying_ready(file: Path, subscribed: asyncio.Event) -> Iterator[None]:
    """A file with our process id, there from the broker's first word that it keeps what comes for us until the end.

    Brokers acknowledge and drop what nobody has subscribed to: whoever must not lose a reading speaks only then.
    """
    file.unlink(missing_ok=True)
    saying = asyncio.create_task(_say(file, subscribed))
    try:
        yield
    finally:
        saying.cancel()
        file.unlink(missing_ok=True)


async def _say(file: Path, subscribed: asyncio.Event) -> None:
    await subscribed.wait()
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{os.getpid()}\n", encoding="ascii")
    fresh.replace(file)
