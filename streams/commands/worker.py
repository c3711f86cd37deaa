"""`riverwatch worker`: the stream processors of a site, all or some of them."""

import argparse
import asyncio
import logging

import faust
import uvloop

from detectors.domain.backoff import backoff
from detectors.domain.errors import Misconfigured, Unreachable
from detectors.domain.site import Site
from ingest.topics import create
from storage.registry import load
from streams.app import AGENTS, build
from streams.loaded import keep_loaded
from streams.parts import Parts
from streams.settings import Settings

log = logging.getLogger(__name__)
HELP = "judge readings, look at frames, open cases, land what was judged"


def options(parser: argparse.ArgumentParser) -> None:
    """Which agents; all of them unless told."""
    parser.add_argument("--only", default=",".join(AGENTS), help=f"a list out of {','.join(AGENTS)}")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop."""
    only = tuple(name.strip() for name in args.only.split(","))
    if strangers := set(only) - set(AGENTS):
        raise Misconfigured([f"--only: no agent is called {', '.join(sorted(strangers))}; there are {', '.join(AGENTS)}"])
    site = load(settings.site)
    settings.data.mkdir(parents=True, exist_ok=True)
    asyncio.run(patiently_create(settings.kafka, site))
    uvloop.install()
    app = build(site, settings, Parts(site, settings), only)
    logging.getLogger("streams").setLevel(logging.INFO)
    logging.disable(logging.DEBUG)  # Faust and aiokafka say a line for each record, and are not heard
    keep_loaded()
    worker = faust.Worker(app, loglevel="WARN", redirect_stdouts=False)
    return _code(worker)


async def patiently_create(kafka: str, site: Site) -> None:
    """Make the site's topics, however long Kafka is away."""
    pauses = backoff()
    while True:
        try:
            return await create(kafka, site.name, site.partitions)
        except Unreachable as away:
            log.warning("%s", away)
            await asyncio.sleep(next(pauses))


def _code(worker: faust.Worker) -> int:
    """Run until a signal; Faust ends by SystemExit, whose code is ours."""
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
