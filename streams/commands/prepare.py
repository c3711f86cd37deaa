"""`riverwatch prepare`: what Kafka and InfluxDB must hold before a site can run."""

import argparse
import asyncio

from ingest.topics import create
from storage.registry import load
from streams.settings import Settings

HELP = "make a site's Kafka topics, and InfluxDB's bucket with its InfluxQL name; what is there stays as it is"
DAY = 86_400  # seconds


def options(parser: argparse.ArgumentParser) -> None:
    """How long InfluxDB keeps points."""
    parser.add_argument(
        "--keep", type=int, default=0, metavar="DAYS", help="for how many days InfluxDB keeps points (0: for ever)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Make what is missing."""
    site = load(settings.site)
    asyncio.run(create(settings.kafka, site.name, site.partitions))
    print(f"Kafka at {settings.kafka} has the topics of {site.name}")
    if settings.store.startswith("http"):
        from storage.series.http import Address  # noqa: PLC0415  a machine with SQLite need not load an HTTP client
        from storage.series.prepare import prepare  # noqa: PLC0415

        address = Address.of(settings.store, settings.store_token)
        prepare(address, args.keep * DAY)
        print(f"InfluxDB at {address.url} has the bucket {address.bucket}")
    return 0
