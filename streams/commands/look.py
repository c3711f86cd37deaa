"""`riverwatch look`: a film as the camera would be judged."""

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from detectors.domain.errors import Refused
from detectors.domain.site import Camera
from storage.folders import made
from storage.registry import load
from streams.eyes.show import show
from streams.eyes.wire import Film, Shown
from streams.settings import Settings

HELP = "look at a film, or a folder of pictures, as the camera would be judged: measures as CSV, annotated film, boxes, masks"
_PATIENCE = 10.0  # seconds that one frame may take


def options(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "video", metavar="VIDEO", type=Path, help="a film, or a folder of JPEG and PNG pictures in the order of their names"
    )
    parser.add_argument("--camera", required=True, metavar="ID", help="the camera of the site that the film is taken for")
    parser.add_argument("--site", type=Path, metavar="SITE", help="the site's folder (otherwise RIVERWATCH_SITE)")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write measures.csv and annotated.mp4 there, instead of measures to standard output",
    )
    parser.add_argument("--boxes", type=Path, metavar="FILE", help="write the people as MOT text")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="write a foreground mask per frame as PNG")
    parser.add_argument(
        "--start", type=_instant, default=0, metavar="TIME", help="instant of the first frame (ISO 8601; 1970 otherwise)"
    )
    parser.add_argument(
        "--fps", type=_rate, default=0.0, metavar="N", help="frames a second (the film's own otherwise; 10 for a folder)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Look at the film; 0 if at least one frame could be used.

    Raises:
        Refused: if the film is not there, does not open, or kills its decoder.
    """
    if not args.video.exists():
        raise Refused("there is no such film or folder", str(args.video))
    film = _film(args, _camera(args.site or settings.site, args.camera))
    looked = 0
    with _sheet(args.out) as sheet:
        rows = csv.writer(sheet, lineterminator="\n")
        rows.writerow(("series", "at", "value", "mark"))
        for shown in show(film):
            if shown.refused:
                print(f"refused: {shown.refused}", file=sys.stderr)
                continue
            looked += 1
            rows.writerows(_rows(args.camera, shown))
    if args.out:
        print(f"{looked} frames looked at; measures and annotated film in {args.out}")
    return 0 if looked else 1


def _rows(camera: str, shown: Shown) -> Iterator[tuple[str, str, str, str]]:
    """The measures of a frame; what a sick camera does not tell carries the mark F, as in the stream."""
    at = _text(shown.at)
    for quantity, value in shown.measures.items():
        yield f"{camera}/{quantity}", at, f"{value:.6g}", "F" if quantity in shown.muted else ""


def _film(args: argparse.Namespace, camera: Camera) -> Film:
    """The order to the projector, with the folders that it writes to made."""
    for folder in (args.out, args.masks, args.boxes and args.boxes.parent):
        if folder:
            made(folder)
    return Film(
        path=str(args.video.absolute()),
        camera=camera,
        start=args.start,
        rate=args.fps,
        patience=_PATIENCE,
        annotated=str(args.out.absolute() / "annotated.mp4") if args.out else "",
        boxes=str(args.boxes.absolute()) if args.boxes else "",
        masks=str(args.masks.absolute()) if args.masks else "",
    )


def _camera(folder: Path, name: str) -> Camera:
    cameras = load(folder).cameras
    if name not in cameras:
        raise Refused(f"no camera of that name in the site; there are: {', '.join(cameras) or 'none'}", name)
    return cameras[name]


@contextmanager
def _sheet(out: Path | None) -> Iterator[TextIO]:
    """Where the measures go: measures.csv in `out`, or standard output."""
    if out is None:
        yield sys.stdout
        return
    with (out / "measures.csv").open("w", encoding="utf-8", newline="") as sheet:
        yield sheet


def _text(at: int) -> str:
    """An instant as ISO 8601 with milliseconds, UTC."""
    return datetime.fromtimestamp(at // 1_000_000 / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(text: str) -> int:
    """Nanoseconds since 1970 UTC of an ISO 8601 time; without a zone it is UTC."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in ISO 8601, such as 2026-11-01T06:00:00Z") from fault
    return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1e6) * 1000


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1000:
        raise argparse.ArgumentTypeError(f"{text} frames a second cannot be")
    return rate
