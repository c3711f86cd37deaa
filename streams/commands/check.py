"""riverwatch check: every mistake of a site folder with its file and line, or a short summary."""

import argparse
import json
from collections import Counter
from pathlib import Path

from detectors.domain.errors import Misconfigured
from detectors.domain.site import Site
from storage.registry import load
from storage.registry.rules import OF_A_CHIEF
from streams.settings import Settings

HELP = "check a site folder and print every mistake with file and line"


def options(parser: argparse.ArgumentParser) -> None:
    """SITE and --json."""
    parser.add_argument("site", nargs="?", type=Path, metavar="SITE", help="the folder (default: RIVERWATCH_SITE)")
    parser.add_argument("--json", action="store_true", help="one JSON object: ok, mistakes, and counts of what the site holds")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print what is wrong and return 1, or what is there and return 0."""
    folder = args.site or settings.site
    try:
        site = load(folder)
    except Misconfigured as wrong:
        print(_json(ok=False, mistakes=wrong.mistakes) if args.json else f"{wrong}\n{_number(len(wrong.mistakes), 'mistake')}")
        return 1
    print(_json(ok=True, mistakes=(), name=site.name, **_counts(site)) if args.json else _summary(folder, site))
    return 0


def _json(**facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False)


def _counts(site: Site) -> dict[str, int]:
    return {
        "stations": len(site.stations),
        "series": sum(len(station.quantities) for station in site.stations.values()),
        "cameras": len(site.cameras),
        "zones": sum(len(camera.zones) for camera in site.cameras.values()),
        "limits": len(site.limits),
        "quality_rows": len(site.thresholds),
        "reaches": len(site.reaches),
        "cells": len(site.cells),
        "chiefs": len(site.chiefs),
    }


def _summary(folder: Path, site: Site) -> str:
    kinds = Counter(station.kind for station in site.stations.values())
    held = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in _counts(site).items())
    told = [name for name in site.stations if not any(site.chief_of(name, matter) for matter in OF_A_CHIEF)]
    lines = [
        f"{folder}: {site.title.zh} ({site.title.en}) is sound.",
        f"  holds     {held}",
        f"  stations  {', '.join(f'{n} {kind}' for kind, n in kinds.items())}",
        f"  mouth     {', '.join(name for name, reach in site.reaches.items() if not reach.into)}",
    ]
    return "\n".join([*lines, f"  nobody is told of {', '.join(told)}"] if told else lines)


def _number(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
