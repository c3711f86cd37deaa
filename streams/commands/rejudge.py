"""riverwatch rejudge: a stretch of the record judged again, as if all of it had come in time."""

import argparse
import json
import sys
import time
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.instant import DAY, SECOND
from detectors.domain.series import station_of
from storage.registry import load
from streams.parts import Parts
from streams.recording import asked
from streams.rejudging import LEAD, Rejudged, Rejudging
from streams.settings import Settings

HELP = "judge a stretch of the store again after history came in late, and amend the record"


def options(parser: argparse.ArgumentParser) -> None:
    """A stretch, or all that was repaired."""
    parser.add_argument(
        "--repaired", action="store_true", help="every stretch that history has repaired since it was last judged"
    )
    parser.add_argument(
        "--quiet", type=float, default=600.0, metavar="SECONDS", help="with nothing added for so long (default 600)"
    )
    asked.options(parser)
    parser.add_argument("--lead", type=float, default=LEAD / DAY, metavar="DAYS", help="heard before and after it (default 30)")
    parser.add_argument("--site", type=Path, metavar="SITE", help="the site folder with the rules (default: RIVERWATCH_SITE)")
    parser.add_argument("--json", action="store_true", help="what changed, as one JSON object")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Judge again, and say what changed."""
    if args.repaired == (args.start is not None):
        raise Refused("rejudge either --repaired or a stretch: --from INSTANT", args.start or "")
    site = load(args.site or settings.site)
    parts = Parts(site, settings)
    rejudging = Rejudging(site, parts, lead=round(args.lead * DAY))
    began = time.monotonic()
    if args.repaired:
        done = rejudging.repaired(round(args.quiet * SECOND))
    else:
        stretch = asked.stretch(args, settings, site)
        done = rejudging.stretch([station_of(name) for name in stretch.series], stretch.start, stretch.end)
    if args.json:
        print(json.dumps({**facts(done), "seconds": round(time.monotonic() - began, 3)}, ensure_ascii=False))
    else:
        print(sentence(done), file=sys.stdout)
    return 0


def facts(done: Rejudged) -> dict[str, object]:
    """What changed, for a program."""
    late = [{"id": one.id, "rule": one.rule, "series": one.series, "since": one.since} for one in done.late]
    return {"readings": done.readings, "amended": done.amended, "cleared": done.cleared, "late": late}


def sentence(done: Rejudged) -> str:
    """What changed, for a person."""
    return (
        f"{done.readings:,} readings heard, {done.amended:,} amended, {done.cleared:,} of them cleared of suspicion; "
        f"{len(done.late)} late exceedances found"
    )
