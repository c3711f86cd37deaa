"""`riverwatch desk`: the pages where people watch and act."""

import argparse
from ipaddress import ip_address
from urllib.parse import urlsplit

from dashboards.desk import serve
from dashboards.desk.player import Player
from storage.registry import load
from streams.parts import Parts
from streams.settings import Settings

HELP = "serve the desk: map, charts, events, ledger, and the page that a message's link leads to"


def options(parser: argparse.ArgumentParser) -> None:
    """Where to listen, if not where the settings say."""
    parser.add_argument("--port", type=int, help="instead of RIVERWATCH_DESK_PORT")
    parser.add_argument(
        "--host", help="the address to listen on; else every one if RIVERWATCH_DESK_URL names another machine, or only this one"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop."""
    site = load(settings.site)
    settings.data.mkdir(parents=True, exist_ok=True)
    parts = Parts(site, settings)
    serve(
        site,
        parts.store,
        parts.book,
        parts.ledger,
        parts.refused,
        parts.evidence,
        settings.data / "processes.json",
        args.port or settings.desk_port,
        args.host or _host(settings.desk_url),
        _player(settings),
    )
    return 0


def _player(settings: Settings) -> Player | None:
    """What plays scenarios, where the settings name a command for it."""
    if not settings.scenarios:
        return None
    return Player(command=settings.scenarios, site=settings.site, data=settings.data, mqtt=settings.mqtt)


def _host(url: str) -> str:
    """Only this machine, unless people reach the desk from elsewhere."""
    return "127.0.0.1" if _is_here(urlsplit(url).hostname or "") else "0.0.0.0"  # noqa: S104  phones come from outside


def _is_here(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
