"""`riverwatch gateway`: data loggers call over TCP in HJ 212; what they say goes to MQTT."""

import argparse
import asyncio
import logging
import os
import resource
import signal
from concurrent.futures import ThreadPoolExecutor

import msgspec
import uvloop

from detectors.domain.errors import Misconfigured
from ingest.gateway import Calls, PahoPublisher, Patience, Refuse, Tally, load, serve
from ingest.mqtt import Broker
from ingest.refused import Refusal
from storage import registry
from storage.ledger import Ledger
from storage.refused import RefusedBox
from streams.settings import Settings

HELP = "let data loggers call over TCP (HJ 212), and bring what they say to MQTT"
_STAGE = "gateway"
_OTHER_FILES = 256


def options(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how patiently."""
    parser.add_argument("--listen", default="0.0.0.0:9212", metavar="HOST:PORT", help="default: 0.0.0.0:9212")
    parser.add_argument("--idle", type=float, default=3900.0, metavar="S", help="part from a logger that is silent for so long")
    parser.add_argument("--inside", type=float, default=10.0, metavar="S", help="wait so long for the rest of a frame")
    parser.add_argument("--connections", type=int, default=10_000, metavar="N", help="at most so many at a time")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop; answer nothing that the broker does not have."""
    site = registry.load(settings.site)
    links = load(settings.site, frozenset(site.stations))
    calls = Calls(
        address=_address(args.listen),
        site=site.name,
        links=links,
        patience=Patience(idle=args.idle, inside=args.inside, connections=args.connections),
    )
    client = f"riverwatch-gateway-{site.name}-{settings.instance}-{os.getpid()}"
    publisher = PahoPublisher(Broker.of(settings.mqtt, settings.mqtt_ca), client)
    _allow(args.connections)
    settings.data.mkdir(parents=True, exist_ok=True)
    logging.getLogger("ingest").setLevel(logging.INFO)
    with ThreadPoolExecutor(1, "clerk") as clerk:  # one thread owns the files, and the event loop never waits for them
        ledger = clerk.submit(Ledger, settings.ledger).result()
        box = clerk.submit(RefusedBox, settings.refused).result()

        def tally(device: str, outcome: str, n: int) -> None:
            clerk.submit(ledger.note, _STAGE, device, outcome, n)

        uvloop.run(_until_told(calls, publisher, lambda refusal: clerk.submit(keep, box, refusal), tally))
    return 0


async def _until_told(calls: Calls, publisher: PahoPublisher, refuse: Refuse, tally: Tally) -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with publisher:
        await serve(calls, publisher=publisher, refuse=refuse, tally=tally, stop=stop)


def keep(box: RefusedBox, refusal: Refusal) -> None:
    """Put a refusal into the box; its place is made of its cause, so that a second time changes nothing."""
    fields = {name: value for name, value in msgspec.structs.asdict(refusal).items() if name != "size"}
    box.put(**fields, log=_STAGE, partition=0, offset=int(refusal.id[:15], 16))


def _allow(connections: int) -> None:
    """Ask for as many open files as there may be connections, as far as this system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if wanted > soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise Misconfigured([f"--listen: {text!r} is not HOST:PORT such as 0.0.0.0:9212"])
    return host.strip("[]"), int(port)
