"""Seen: the score of a scene, from wherever its alarms come: looked at here, by `riverwatch look`, or in a stack's casebook."""

import argparse
from pathlib import Path

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from detectors.domain.site import Site
from simulators import film, scorecard
from simulators.scenes.looking import Measured, card, looked, raised, watching, written
from simulators.scenes.showing import FILM, Told, began
from simulators.scenes.showing import of_folder as read_folder
from simulators.scorecard import Card
from simulators.stack import casebook_of


def of_folder(args: argparse.Namespace, site: Site) -> Card:
    """Score a scene's folder.

    Raises:
        Refused: if it is none, or what was measured is not of its time.
    """
    told, incidents = read_folder(args.recording)
    if args.casebook or args.data:
        alarms = scorecard.raised(casebook_of(args, site))
        found = tuple(one for one in alarms if one.station == told.camera.name and told.start <= one.raised_at <= told.end)
    else:
        rows = _measured(args.judged, told) if args.judged else _looked(args.recording / FILM, told)
        found = raised(rows, watching(site, told.camera, told.limits))
    return card(incidents, found, (told.start, told.end))


def _measured(path: Path, told: Told) -> list[Measured]:
    rows = [row for row in written(path) if row[0].partition("/")[0] == told.camera.name]
    if not rows or not all(told.start <= at < told.end for _, at, _, _ in rows):
        raise Refused(
            f"the measures are not of the scene; look with --camera {told.camera.name} --start {began(told.start)}", str(path)
        )
    return rows


def _looked(path: Path, told: Told) -> list[Measured]:
    try:
        pictures = film.pictures(path.read_bytes())
    except OSError as fault:
        raise Refused(f"the film of the scene cannot be read ({fault.strerror})", str(path)) from fault
    return looked(((told.start + round(n / told.fps * SECOND), one) for n, one in enumerate(pictures)), told.camera)
