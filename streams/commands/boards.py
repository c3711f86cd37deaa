"""`riverwatch boards`: the Grafana board of the site, as JSON or straight into a Grafana."""

import argparse
import json
import os
from pathlib import Path

from dashboards.boards.board import render, uid
from dashboards.boards.push import push
from detectors.domain.errors import Misconfigured
from storage.folders import made
from storage.registry import load
from streams.settings import Settings

HELP = "the Grafana board: `render` writes its JSON, `push` hands it to a Grafana"


def options(parser: argparse.ArgumentParser) -> None:
    """What to do with the board, and where."""
    ways = parser.add_subparsers(dest="way", required=True)
    for name, does in (("render", "write the board's JSON"), ("push", "put the board into a Grafana")):
        way = ways.add_parser(name, help=does, description=does)
        way.add_argument("--language", choices=("zh", "en"), help="of titles; the site's own if not given")
        way.add_argument("--json", action="store_true", help="say what was done as one JSON object")
        if name == "render":
            way.add_argument("--out", type=Path, metavar="DIR", help="a folder for <uid>.json; standard output if not given")
        else:
            way.add_argument("--grafana", required=True, metavar="URL", help="its address, such as http://localhost:3000")
            way.add_argument(
                "--token", default="", help="of a service account; better in GRAFANA_TOKEN, where no list of processes shows it"
            )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Render the board of the site and write or push it."""
    site = load(settings.site)
    text = render(site, args.language or site.language)
    if args.way == "push":
        _say(args, "url", push(args.grafana, _token(args.token), text))
    elif args.out is None:
        print(text, end="")
    else:
        path: Path = args.out / f"{uid(site)}.json"
        made(path.parent)
        path.write_text(text, encoding="utf-8")
        _say(args, "file", str(path))
    return 0


def _token(given: str) -> str:
    token = given or os.environ.get("GRAFANA_TOKEN", "")
    if not token:
        raise Misconfigured(["GRAFANA_TOKEN: it is not set, and no --token was given"])
    return token


def _say(args: argparse.Namespace, name: str, value: str) -> None:
    print(json.dumps({name: value}, ensure_ascii=False) if args.json else value)
