"""Change against a reference picture, by zones and the shipped limit: what was altered is one, other light and weather are none.

`python -m benchmarks.change --footage DIR` takes the folder that `benchmarks.masks` takes, with `video/house6.mp4`. Four zones
are drawn on each place. Of each there are pictures in other light with nothing altered, and pictures with a hut, a door, raw
earth or a slab in one zone. `--part tuning` scores the places that constants were chosen on; the held-out part has others, and
the real day of a gauge's camera. The plain way takes grey levels that differ for a change. One JSON object a line.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from benchmarks.clips import COLUMNS, LINES, PARTS, places
from benchmarks.seasons import LIGHTS, SEASONS, THINGS, Box, altered
from benchmarks.walkers import Colour, Picture
from detectors.domain.site import Camera, Zone
from detectors.domain.violations import violations
from detectors.vision.background import Seen
from detectors.vision.change import BEAT, ENOUGH, Change
from detectors.vision.light import lit_as
from detectors.vision.picture import decode
from detectors.vision.view import Glance, View

LIMIT = next(one.limit.above for one in violations() if one.limit.name == "built")
BOXES: tuple[Box, ...] = tuple((x, y, x + 128, y + 92) for y, x in product((20, 128), (24, 168)))
FILMS = (("vtest.avi", 0), ("house6.mp4", 5))  # of a part, and which of its pictures
SIZES, STRENGTHS, UNDER = (0.06, 0.12, 0.2, 0.35), (1.0, 0.5), ("same", "half", "clouds", "low sun")
NOISE, QUALITY = 4.0, 80
DAY = {"grass": (0.01, 0.03, 0.33, 0.42), "board": (0.42, 0.1, 0.95, 0.5)}  # of the gauge's view, above the highest water
GAUGE = "gauge"  # where its real day stands among the lights
Judge = Callable[[Camera, list[Picture]], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Case:
    """A camera with its reference, what it sees now, and which of its zones was altered, if any."""

    light: str
    camera: Camera
    pictures: list[Picture]
    altered: str = ""
    thing: str = ""
    share: float = 0.0
    strength: float = 0.0


def views(footage: Path, part: str) -> list[Colour]:
    """The places of a part: those of the clips, and one with a building."""
    film, number = FILMS[PARTS[part]]
    reader = cv2.VideoCapture(str(footage / "video" / film))  # noqa: TID251  a benchmark's own process
    for _ in range(number):
        reader.grab()
    still = _small(reader.read()[1])
    return [one[12 : 12 + LINES, 16 : 16 + COLUMNS].astype(np.float32) for one in places(footage, PARTS[part])] + [
        still.astype(np.float32)
    ]


def _small(picture: object) -> Picture:
    return cast("Picture", cv2.resize(cast("Picture", picture), (COLUMNS, LINES), interpolation=cv2.INTER_AREA))


def cases(footage: Path, part: str, seed: int) -> Iterator[Case]:
    """Each place in each light as it was, then altered in some of them."""
    for number, view in enumerate(views(footage, part)):
        chance = np.random.default_rng([seed, number, PARTS[part]])
        camera = _camera(_sent(view, chance))
        for light in LIGHTS:
            yield Case(light, camera, _filmed(LIGHTS[light](view, chance), chance))
        for turn, (thing, share, strength) in enumerate(product(THINGS, SIZES, STRENGTHS)):
            zone, light = turn % len(BOXES), UNDER[(turn // 3 + number) % len(UNDER)]
            made, _ = altered(view, BOXES[zone], THINGS[thing](chance), share, strength)
            pictures = _filmed(LIGHTS[light](made, chance), chance)
            yield Case(light, camera, pictures, f"z{zone}", thing, share, strength)


def day(footage: Path) -> Iterator[Case]:
    """A real day of a gauge's camera: its first picture against each of the others."""
    files = sorted((footage / "gauge" / "06").glob("*.jpg"))
    zones = tuple(
        Zone(name=name, kind="building", corners=((left, top), (right, top), (right, foot), (left, foot)))
        for name, (left, top, right, foot) in DAY.items()
    )
    stills = [
        cast("Picture", cv2.resize(cv2.imread(str(file)), (COLUMNS, LINES), interpolation=cv2.INTER_AREA)) for file in files
    ]
    for which, still in product((0, len(stills) // 2, len(stills) - 1), stills):
        camera = Camera(name="gauge", zones=zones, reference=cv2.imencode(".jpg", stills[which])[1].tobytes())
        yield Case(GAUGE, camera, [still] * ENOUGH)


def _camera(reference: bytes) -> Camera:
    corners = [
        tuple((x / (COLUMNS - 1), y / (LINES - 1)) for x, y in ((left, top), (right, top), (right, foot), (left, foot)))
        for left, top, right, foot in BOXES
    ]
    zones = tuple(Zone(name=f"z{i}", kind="building", corners=one) for i, one in enumerate(corners))
    return Camera(name="place", zones=zones, reference=reference)


def _filmed(view: Colour, chance: np.random.Generator) -> list[Picture]:
    """Some pictures of it, each with its own noise, shaken by a fraction of a pixel."""
    return [decode(_sent(view, chance)) for _ in range(ENOUGH)]


def _sent(view: Colour, chance: np.random.Generator) -> bytes:
    right, down = chance.normal(0, 0.3, 2)
    by = np.array([[1, 0, right], [0, 1, down]], np.float32)
    seen = cv2.warpAffine(view, by, (COLUMNS, LINES), borderMode=cv2.BORDER_REPLICATE)
    noisy = np.clip(seen + chance.normal(0, NOISE, seen.shape), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def ours(camera: Camera, pictures: list[Picture]) -> dict[str, float]:
    """What is said after these pictures, by zone; nothing of a zone of which nothing is said."""
    change, said = Change(View.of(camera, LINES, COLUMNS)), {}
    nobody = Seen(np.zeros((LINES, COLUMNS), np.uint8), 0.0, settled=True)
    for number, picture in enumerate(pictures):
        grey = cast("Picture", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        said = change.measure(Glance(round(number * BEAT * 1e9), BEAT, picture, picture, grey, nobody))
    return {name.removeprefix("change."): value for name, value in said.items()}


def plain(camera: Camera, pictures: list[Picture]) -> dict[str, float]:
    """What one writes first: the mean in the reference's light, grey levels that differ by more than 26."""
    grey = cv2.cvtColor(decode(camera.reference), cv2.COLOR_BGR2GRAY).astype(np.float32)
    mean = np.mean([cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pictures], axis=0).astype(np.float32)
    apart = cv2.morphologyEx((np.abs(lit_as(grey, mean) - grey) > 26).astype(np.uint8) * 255, cv2.MORPH_OPEN, np.ones((3, 3)))
    return {plot.name: 100 * plot.share(apart) for plot in View.of(camera, LINES, COLUMNS).plots}


def tell(judge: Judge, held: list[Case], way: str, part: str) -> None:
    """False changes by light, recall by size and by thing, then precision and recall of all."""
    said = [judge(case.camera, case.pictures) for case in held]
    raised = [{zone for zone, value in one.items() if value >= LIMIT} for one in said]
    quiet = [(case, one, told) for case, one, told in zip(held, raised, said, strict=True) if not case.altered]
    made = [(case, one) for case, one in zip(held, raised, strict=True) if case.altered]
    by_light = {light: [(len(one), len(told)) for case, one, told in quiet if case.light == light] for light in (*LIGHTS, GAUGE)}
    false = {light: f"{sum(n for n, _ in those)} of {sum(n for _, n in those)}" for light, those in by_light.items()}
    recalls = {
        f"{key}": _share([case.altered in one for case, one in made if key in {case.thing, case.share, case.strength}])
        for key in (*SIZES, *STRENGTHS, *THINGS)
    }
    hits = sum(case.altered in one for case, one in made)
    wrong = sum(len(one - {case.altered}) for case, one in made)
    wrong += sum(len(one) for case, one, _ in quiet if case.light not in SEASONS)
    row = {
        "name": f"change-{part}: {way}",
        "precision": round(hits / max(1, hits + wrong), 3),
        "recall": round(hits / len(made), 3),
    }
    print(json.dumps({**row, "false": wrong, "recalls": recalls, "false by light": false}), flush=True)


def _share(found: list[bool]) -> float:
    return round(sum(found) / len(found), 2)


def main() -> None:
    """Score a part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True, metavar="DIR")
    parser.add_argument("--part", choices=list(PARTS), default="held-out")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    held = list(cases(args.footage, args.part, args.seed))
    held += day(args.footage) if PARTS[args.part] else ()
    for way, judge in {"ours": ours, "plain": plain}.items():
        tell(judge, held, way, args.part)


if __name__ == "__main__":
    main()
