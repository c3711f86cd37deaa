"""riverwatch rate: the class of each section over a period, how far targets were kept, and what the basins are called."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from dashboards.sources import spoken
from detectors.domain.instant import SECOND, on_clock
from detectors.domain.section import roman
from detectors.domain.site import Site
from detectors.water.compliance import Share
from storage.rating import BasinRated, Rated, SectionRated, rated
from storage.registry import load
from storage.series import open_store
from streams.recording.asked import instant_of
from streams.settings import Settings
from streams.whereabouts import there

HELP = "rate sections and basins over a period: classes (GB 3838-2002), compliance, black-odorous grades, ecological flow"
DAYS = 30
GRADES = ("none", "mild", "severe")


def options(parser: argparse.ArgumentParser) -> None:
    """SITE, --from, --to and --json."""
    parser.add_argument("site", nargs="?", type=Path, metavar="SITE", help="the site folder (default: RIVERWATCH_SITE)")
    parser.add_argument("--from", dest="start", metavar="INSTANT", help=f"such as 2026-11-01 (default: {DAYS} days before --to)")
    parser.add_argument("--to", dest="end", metavar="INSTANT", help="up to, and without, this instant (default: now)")
    parser.add_argument("--json", action="store_true", help="JSON instead of text")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print how the sections stood, from what is stored."""
    site = load(args.site or settings.site)
    end = instant_of(args.end, site) if args.end else time.time_ns()
    start = instant_of(args.start, site) if args.start else end - DAYS * 86_400 * SECOND
    store = open_store(there("STORE", settings.store), settings.store_token)
    try:
        found = rated(site, store, start, end)
    finally:
        store.close()
    print(as_json(found) if args.json else "\n".join(as_text(found, site)))
    return 0


def as_json(found: Rated) -> str:
    """All that was found; instants in ns since 1970 UTC, classes as numbers (6 is worse than V), shares as kept / of."""
    return msgspec.json.encode(found).decode()


def as_text(found: Rated, site: Site) -> Iterator[str]:
    """A table of sections and one of basins."""
    yield f"{_at(found.start, site)} to {_at(found.end, site)}, {site.timezone}"
    heads = (
        "class",
        "target",
        "days",
        "samples",
        "zone days",
        "flow days",
        "black-odorous",
        "worst factors",
        "over target by",
        "by itself",
        "profile",
    )
    yield from aligned([("section", *heads), *(_section(one) for one in found.sections)])
    yield ""
    named = ("basin", "sections", "I-III", "worse than V", "rating", "by", "black-odorous")
    yield from aligned([named, *(_basin(one) for one in found.basins)])


def _section(one: SectionRated) -> tuple[str, ...]:
    over = ", ".join(f"{name} {times:g}x" for name, times in one.standing.multiples.items())
    flow = _share(one.flow_days) if one.flow_days else "-"
    kept = (_share(one.days) if one.target else "-", _share(one.samples) if one.target else "-")
    zone = _share(one.zone_days) if one.zone_target else "-"
    profile = f"{one.profile}: {one.profile_class or 'none'}" if one.profile else "-"
    target = roman(one.target) if one.target else "-"
    apart = ", ".join(f"{name} {_class(level)}" for name, level in one.standing.apart.items())
    return (one.station, _class(one.standing.level), target, *kept, zone, flow, _grade(one.black_odorous),
            " ".join(one.standing.factors) or "-", over or "-", apart or "-", profile)  # fmt: skip


def _basin(one: BasinRated) -> tuple[str, ...]:
    name, called = spoken(one.name, "en") or "-", one.rating.en if one.rating else "-"
    by = "shares" if one.by_shares else "means"
    return (name, str(one.sections), _share(one.good), _share(one.worse), called, by, _grade(one.black_odorous))


def _class(level: int) -> str:
    return roman(level) if level else "-"


def _grade(grade: int | None) -> str:
    return "-" if grade is None else GRADES[grade]


def _share(share: Share) -> str:
    return f"{share.kept}/{share.of} {share.rate:.1%}" if share.of else "-"


def _at(instant: int, site: Site) -> str:
    return f"{on_clock(instant, site.timezone):%Y-%m-%d %H:%M}"


def aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows with their columns under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
