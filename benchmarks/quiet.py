"""Quiet clips: views with nobody there that water, wind, rain, light and a shaken camera disturb, through watcher and rules.

`python -m benchmarks.quiet --footage DIR` takes the folder that `benchmarks.masks` takes, makes ten clips of the held-out places
(`--part tuning`: the others), lays a zone of every kind that violations are looked for in over each, and tells what the shipped
limits raise: nothing should. One JSON object a clip. `--film FILE` takes a film instead.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2

from benchmarks.clips import KINDS, PARTS, Clip, Kind, places
from detectors.domain.site import Camera, Site, Title, Zone
from detectors.domain.violations import violations
from simulators.scenes.looking import looked, raised, watching

SECOND = 1_000_000_000
CALM = {"shadow", "stop"}  # what bodies alone do: these are "plain" where nobody is
NIGHT = Kind(name="night", dark=0.75, noise=8.0, quality=60)
_CORNERS = ((0.0, 0.1), (1.0, 0.1), (1.0, 1.0), (0.0, 1.0))
ZONES = tuple(
    Zone(name=kind, kind=kind, corners=_CORNERS)
    for kind in sorted(frozenset().union(*(one.kinds for one in violations())) - {"building"})
)


def quiet(footage: Path, part: str, rate: float, seconds: float, seed: int) -> Iterator[tuple[str, Iterator[tuple[int, bytes]]]]:
    """The clips of a part by name, each as instants and JPEGs."""
    views = places(footage, PARTS[part])
    for number, kind in enumerate((*(one for one in KINDS if one.name not in CALM), NIGHT)):
        calm = replace(kind, rate=rate, frames=round(seconds * rate), bodies=0)
        yield kind.name, _sent(Clip(calm, views[(number + seed) % len(views)], [], seed + number), rate)


def _sent(clip: Clip, rate: float) -> Iterator[tuple[int, bytes]]:
    for number, (picture, _) in enumerate(clip):
        yield round(number * SECOND / rate), cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def shown(film: Path, rate: float) -> Iterator[tuple[int, bytes]]:
    """A film's frames at its own pace, so many a second."""
    reader = cv2.VideoCapture(str(film))  # noqa: TID251  a benchmark's own process
    pace, number = reader.get(cv2.CAP_PROP_FPS), 0
    while (read := reader.read())[0]:
        if int(number * rate / pace) != int((number - 1) * rate / pace) or not number:
            yield round(number * SECOND / pace), cv2.imencode(".jpg", read[1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        number += 1


def events(frames: Iterator[tuple[int, bytes]], detector: str) -> list[str]:
    """What the shipped limits raise, each as rule and measure."""
    camera = Camera(name="quiet", zones=ZONES, detector=detector)
    bare = Site(name="quiet", title=Title(zh="静", en="quiet"))
    return [f"{one.rule}: {one.quantity}.{one.zone}" for one in raised(looked(frames, camera), watching(bare, camera))]


def main() -> None:
    """A line a clip and detector."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, metavar="DIR")
    parser.add_argument("--film", type=Path, metavar="FILE")
    parser.add_argument("--part", choices=list(PARTS), default="held-out")
    parser.add_argument("--detector", choices=["movers", "objects"], default="movers")
    parser.add_argument("--rate", type=float, default=2.0, help="frames a second")
    parser.add_argument("--seconds", type=float, default=120.0, help="that a clip lasts")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    clips = [(args.film.name, shown(args.film, args.rate))] if args.film else []
    made = quiet(args.footage, args.part, args.rate, args.seconds, args.seed) if args.footage else iter(())
    for name, frames in (*clips, *made):
        found = events(frames, args.detector)
        row = {"name": f"quiet-{args.detector}: {name} at {args.rate:g}/s", "ours": len(found), "unit": "events", "which": found}
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
