"""`riverwatch up`: a whole site on this machine, with its broker, its Kafka and a river to watch."""

import argparse
import os
from pathlib import Path

from streams.local.stack import ROOT, Wanted
from streams.local.up import up
from streams.settings import Settings, data_folder, site_folder

HELP = "run a whole site on this machine: broker, Kafka, bridge, worker, desk, messenger, simulators"


def options(parser: argparse.ArgumentParser) -> None:
    """Where, which site, for how long."""
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end by itself, so long after all answers")
    parser.add_argument("--port", type=int, help="of the desk (8080)")
    parser.add_argument("--site", type=Path, help="a site folder (sites/qinghe)")
    parser.add_argument("--data", type=Path, help="where everything is kept (the user's state folder)")
    parser.add_argument("--use-installed", action="store_true", help="use mosquitto and influxd where they are installed")
    parser.add_argument("--no-simulators", action="store_true", help="watch a river of your own")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run until Ctrl-C or `--for`."""
    site = _site(args.site or site_folder(os.environ))  # not that of the stack that ran here before
    said = args.data or data_folder({**os.environ, "RIVERWATCH_SITE": str(site)})
    wanted = Wanted(
        site=site,
        data=said.absolute(),
        port=args.port or settings.desk_port,
        use_installed=args.use_installed,
        simulators=not args.no_simulators,
    )
    up(wanted, args.seconds)
    return 0


def _site(folder: Path) -> Path:
    """The folder, or the one of that name that lies beside this program."""
    here = folder.absolute()
    beside = ROOT / "sites" / folder.name
    return beside if not here.is_dir() and beside.is_dir() else here
