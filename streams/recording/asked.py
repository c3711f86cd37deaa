"""Which stretch of the store a command is asked for."""

import argparse
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from detectors.domain.errors import Refused
from detectors.domain.site import Site
from ingest.wire import instant
from streams.recording.source import chosen
from streams.recording.stretch import Stretch
from streams.settings import Settings
from streams.whereabouts import there


def options(parser: argparse.ArgumentParser) -> None:
    """--from, --to, --stations and --series."""
    stretch = parser.add_argument_group("a stretch of the store (RIVERWATCH_STORE)")
    stretch.add_argument(
        "--from", dest="start", metavar="INSTANT", help="such as 2026-11-01 or 2026-11-01T06:00, on the site's clock"
    )
    stretch.add_argument("--to", dest="end", metavar="INSTANT", help="up to, and without, this instant (default: now)")
    stretch.add_argument("--stations", default="", metavar="A,B", help="only these stations")
    stretch.add_argument("--series", default="", metavar="A/DO,B/PH", help="only these series")


def stretch(args: argparse.Namespace, settings: Settings, site: Site) -> Stretch:
    """The stretch that is asked for.

    Raises:
        Refused: if an instant is none, or the store has no such series.
    """
    series = chosen(there("STORE", settings.store), settings.store_token, names(args.stations), names(args.series))
    if not series:
        raise Refused("the store has no such series", args.series or args.stations or settings.store.partition("?")[0])
    start, end = instant_of(args.start, site), instant_of(args.end, site) if args.end else time.time_ns()
    return Stretch(url=settings.store, token=settings.store_token, series=series, start=start, end=end)


def names(text: str) -> set[str]:
    """The names in a list with commas."""
    return {name.strip() for name in text.split(",")} - {""}


def instant_of(text: str, site: Site) -> int:
    """Ns since 1970 of a date or an instant in ISO 8601; on the site's clock if it names no offset.

    Raises:
        Refused: if it is none.
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Refused("not an instant in ISO 8601", text) from fault
    return instant.of_text((when if when.tzinfo else when.replace(tzinfo=ZoneInfo(site.timezone))).isoformat())
