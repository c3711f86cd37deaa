"""Looking: what the watcher measures on a scene, or what `riverwatch look` wrote of it, before the court."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from detectors.domain.errors import Refused
from detectors.domain.series import station_of
from detectors.domain.site import Camera, Limit, Site
from detectors.domain.violations import limits
from detectors.vision import Watcher
from detectors.vision.picture import decode
from ingest.wire import instant
from simulators.incidents import Incident
from simulators.score import Found, score
from simulators.scorecard import Card
from simulators.tape import ROW, Tape
from simulators.trial import trial

OUT = ord("F")  # what a sick camera does not tell is out of operation (HJ 212-2017 table 8), as in the stream
GRACE = 30.0  # s after an incident in which it may still be found, and still explains what is raised
Measured = tuple[str, int, float, int]  # series, instant, value, mark


def looked(frames: Iterable[tuple[int, bytes]], camera: Camera) -> list[Measured]:
    """What the watcher measures on JPEGs, each with its instant, as the eyes look at live frames."""
    watcher, rows = Watcher(camera), list[Measured]()
    for at, jpeg in frames:
        look = watcher.examine(decode(jpeg, watcher.lines), at)
        muted = set(look.muted)
        rows += [(f"{camera.name}/{name}", at, value, OUT * (name in muted)) for name, value in look.measures.items()]
    return rows


def written(path: Path) -> list[Measured]:
    """What `riverwatch look` wrote: series,at,value,mark.

    Raises:
        Refused: if it is something else.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                (row["series"], instant.of_text(row["at"]), float(row["value"]), ord(row.get("mark") or "\0"))
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise Refused("not the measures of `riverwatch look`", str(path)) from fault


def raised(rows: Sequence[Measured], site: Site) -> tuple[Found, ...]:
    """The alarms that the site's rules raise on measures, until the last of them."""
    places = {name: number for number, name in enumerate(dict.fromkeys(row[0] for row in rows))}
    tape = np.zeros(len(rows), ROW)
    for name, column in zip(("at", "value", "mark"), list(zip(*rows, strict=True))[1:], strict=False):
        tape[name] = column
    tape["series"], tape["got"], tape["incident"] = [places[row[0]] for row in rows], tape["at"], -1
    found = trial(Tape(names=tuple(places), incidents=(), rows=tape), site).found
    return tuple(one for one in found if one.raised_at <= rows[-1][1]) if rows else ()


def card(incidents: Sequence[Incident], found: Iterable[Found], span: tuple[int, int]) -> Card:
    """Hold alarms of one camera against what it was shown."""
    mine = tuple(found)
    return Card(incidents=tuple(incidents), found=mine, span=span, score=score(incidents, mine, [span], 1, GRACE))


def watching(site: Site, camera: Camera, more: tuple[Limit, ...] = ()) -> Site:
    """The site with the camera and the limits of a scene, and what is a violation in its zones."""
    own = tuple(limit for limit in site.limits if station_of(limit.series) == camera.name)
    zoned = tuple(limit for limit in limits([camera], own) if limit not in own)
    return replace(site, cameras={**site.cameras, camera.name: camera}, limits=(*site.limits, *zoned, *more))
