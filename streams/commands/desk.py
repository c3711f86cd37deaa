"""`riverwatch desk`: the pages where people watch and act."""

import argparse
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numba

from streams.settings import Settings

if TYPE_CHECKING:
    from dashboards.desk.player import Player

HELP = "serve the desk: map, charts, events, ledger, and the page that a message's link leads to"


def options(parser: argparse.ArgumentParser) -> None:
    """Where to listen, if not where the settings say."""
    parser.add_argument("--port", type=int, help="instead of RIVERWATCH_DESK_PORT")
    parser.add_argument(
        "--host", help="the address to listen on; else every one if RIVERWATCH_DESK_URL names another machine, or only this one"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop; its kernels are interpreted, for a page asks for few numbers and a compiler takes 100 MB."""
    numba.config.DISABLE_JIT = True  # type: ignore[attr-defined]  # numba makes it when it is imported
    from dashboards.desk import Sources, serve  # noqa: PLC0415  it is asked for each kernel when that is first imported
    from dashboards.desk.faces import Faces  # noqa: PLC0415  likewise
    from storage import processes  # noqa: PLC0415  likewise
    from storage.registry import load  # noqa: PLC0415  likewise
    from streams.parts import Parts  # noqa: PLC0415  likewise

    site = load(settings.site)
    settings.data.mkdir(parents=True, exist_ok=True)
    parts = Parts(site, settings)
    sources = Sources(
        site=site,
        store=parts.store,
        book=parts.book,
        ledger=parts.ledger,
        refused=parts.refused,
        evidence=parts.evidence,
        exhibits=parts.exhibits,
        faces=Faces(settings.faces_key, from_outside=not _is_here(urlsplit(settings.desk_url).hostname or "")),
        processes=settings.data / processes.FILE,
        player=_player(settings),
    )
    serve(sources, port=args.port or settings.desk_port, host=args.host or _host(settings.desk_url))
    return 0


def _player(settings: Settings) -> "Player | None":
    """What plays scenarios, where the settings name a command for it."""
    from dashboards.desk.player import Player  # noqa: PLC0415  likewise

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
