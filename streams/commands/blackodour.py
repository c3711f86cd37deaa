"""riverwatch blackodour: the grade of black-odorous waters, their stretches and points, over recordings or the store."""

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from dashboards.sources import spoken
from detectors.court import Court
from detectors.domain.errors import Refused
from detectors.domain.instant import DAY
from detectors.domain.judged import Flag
from detectors.domain.site import Site
from detectors.water import bodies
from detectors.water.bodies import Body, Point
from storage.believed import believed
from storage.registry import load
from storage.series import open_store
from streams.commands.rate import DAYS, GRADES, aligned
from streams.recording.asked import instant_of
from streams.recording.judging import Page, Trial, hear
from streams.recording.source import Recorded
from streams.settings import Settings
from streams.whereabouts import there

HELP = "grade black-odorous waters (城市黑臭水体整治工作指南 2015): points, stretches, whole waters"
Said = dict[str, NDArray[np.float64]]  # good values by series


def options(parser: argparse.ArgumentParser) -> None:
    """FILE ..., --site, --from, --to and --json."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="recordings (series,at,value[,mark]); without, the store"
    )
    parser.add_argument("--site", type=Path, metavar="SITE", help="the site folder (default: RIVERWATCH_SITE)")
    parser.add_argument("--from", dest="start", metavar="INSTANT", help=f"in the store (default: {DAYS} days before --to)")
    parser.add_argument("--to", dest="end", metavar="INSTANT", help="in the store, up to and without (default: now)")
    parser.add_argument("--json", action="store_true", help="JSON instead of text; grades as 0 none, 1 mild, 2 severe")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the grades."""
    site = load(args.site or settings.site)
    if not bodies.watched(site):
        raise Refused("the site watches no black-odorous water: black_odorous in sections.csv", site.name)
    found = bodies.graded(site, recorded(args.files, site) if args.files else _stored(args, settings, site))
    print(msgspec.json.encode(found).decode() if args.json else "\n".join(as_text(found)))
    return 0


def recorded(files: Iterable[Path], site: Site) -> Said:
    """The values of recordings that pass the site's quality."""
    parts: dict[str, list[NDArray[np.float64]]] = {}
    for path in files:
        trial, heard = Trial(Court(site)), _Heard(frozenset(bodies.series(site)))
        hear(Recorded(path).pages(), [trial, heard])
        for name, row, value in heard.said:  # a later row may have changed the flag of an earlier one
            parts.setdefault(name, []).append(value[trial.judgement.flag[row] <= Flag.NOT_EVALUATED])
    return {name: np.concatenate(values) for name, values in parts.items()}


class _Heard:
    """Keeps the values of some series, with their rows."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self.said: list[tuple[str, NDArray[np.int64], NDArray[np.float64]]] = []

    def hear(self, page: Page) -> None:
        """Keep those of one page."""
        for number, name in enumerate(page.batch.names):
            if name in self._wanted:
                mine = page.batch.series == number
                self.said.append((name, page.batch.seq[mine], page.batch.value[mine]))


def _stored(args: argparse.Namespace, settings: Settings, site: Site) -> Said:
    end = instant_of(args.end, site) if args.end else time.time_ns()
    start = instant_of(args.start, site) if args.start else end - DAYS * DAY
    store = open_store(there("STORE", settings.store), settings.store_token)
    try:
        return {name: value for name, (_, value) in believed(store, bodies.series(site), start, end).items()}
    finally:
        store.close()


def as_text(found: Iterable[Body]) -> Iterator[str]:
    """A table of the points of each water, downstream."""
    for body in found:
        known = sum(one.grade is not None for one in body.points)
        few = "; fewer points or data than the guide asks for" if body.few else ""
        yield f"{spoken(body.name, 'en') or '-'}: {_grade(body.grade)} ({known} of {len(body.points)} points measured{few})"
        yield from aligned([("point", "grade", "stretch", "mild or worse, severe, of data"), *map(_point, body.points)])


def _point(one: Point) -> tuple[str, ...]:
    said = ", ".join(f"{of.quantity} {of.mild:.0%} {of.severe:.0%} of {of.data}" for of in one.indicators)
    return one.station, _grade(one.grade), _grade(one.stretch), said or "-"


def _grade(grade: int | None) -> str:
    return "-" if grade is None else GRADES[grade]
