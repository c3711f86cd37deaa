"""People on vtest.avi, held against boxes drawn by eye on every 33rd frame: ours, and NanoDet alone.

`vtest.csv` holds the boxes: left, top, width and height in the film's pixels from 0, frames from 1. They were drawn on pictures
enlarged twice (who is hidden, 3.3 times), beginning from what NanoDet in floats proposes from a score of 0.2 at five sizes, and
corrected until they fit: the whole of a person as far as it is on the picture, with what a pole, a sign or somebody else hides.
Who shows by less than about a third is `either`: neither hit, nor miss, nor false. Frames up to 397 are `tune`; the others are
`test`, kept aside (the same place and day, in part the same people). It needs `../shared/realdata/video/vtest.avi`.

`python -m benchmarks.people [BOXES ...]` scores MOT files; without any, what `riverwatch look` writes of the film, and NanoDet
alone at several sizes and thresholds. One JSON object a line.
"""

import csv
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2

from detectors.vision.nanodet import PERSON, Box, shipped
from detectors.vision.picture import Picture
from streams.cli import main as riverwatch

ROOT = Path(__file__).resolve().parents[1]
LABELS = Path(__file__).with_name("vtest.csv")
FILM = ROOT.parent / "shared" / "realdata" / "video" / "vtest.avi"
PARTS = ("tune", "test")
OVERLAP = 0.5  # intersection over union from which a box is a hit
SIZES = ((416, 320), (640, 480))  # that NanoDet alone is given the whole picture in
THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
Boxes = dict[int, list[Box]]  # by frame


@dataclass(frozen=True, slots=True)
class Labels:
    """Who is on the frames of a part."""

    people: Boxes
    either: Boxes


@dataclass(frozen=True, slots=True)
class Score:
    """How well boxes agree with labels."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of what was found that is there."""
        return self.hits / max(self.hits + self.false, 1)

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)


def labels(part: str) -> Labels:
    """The boxes drawn by eye on a part."""
    told: dict[str, Boxes] = {"person": defaultdict(list), "either": defaultdict(list)}
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] == part:
                told[row["what"]][int(row["frame"])].append(
                    Box(*(float(row[side]) for side in ("left", "top", "width", "height")))
                )
    return Labels(told["person"], told["either"])


def score(found: Boxes, told: Labels) -> Score:
    """Join boxes and labels one to one where they overlap enough, as many as can be."""
    hits = false = missed = 0
    for frame, people in told.people.items():
        boxes = found.get(frame, [])
        taken = _joined(boxes, people)
        rest = [box for k, box in enumerate(boxes) if k not in taken]
        hits, missed = hits + len(taken), missed + len(people) - len(taken)
        false += len(rest) - len(_joined(rest, told.either.get(frame, [])))
    return Score(hits, false, missed)


def _joined(boxes: list[Box], people: list[Box]) -> set[int]:
    """Which of the boxes are somebody, the best fit first."""
    pairs = sorted(((one.overlap(other), i, k) for i, one in enumerate(boxes) for k, other in enumerate(people)), reverse=True)
    mine: set[int] = set()
    theirs: set[int] = set()
    for overlap, i, k in pairs:
        if overlap >= OVERLAP and i not in mine and k not in theirs:
            mine.add(i)
            theirs.add(k)
    return mine


def written(path: Path) -> Boxes:
    """The boxes of a MOT file, whose pixels count from 1."""
    found: Boxes = defaultdict(list)
    for line in path.read_text(encoding="ascii").splitlines():
        frame, _, left, top, width, height, *_ = line.split(",")
        found[int(frame)].append(Box(float(left) - 1, float(top) - 1, float(width), float(height)))
    return found


def alone(frames: set[int], width: int, height: int) -> dict[float, Boxes]:
    """What NanoDet finds on whole frames, by threshold."""
    found: dict[float, Boxes] = {bound: defaultdict(list) for bound in THRESHOLDS}
    for number, picture in shown(frames):
        for thing in shipped().find(picture, width, height):
            for bound in THRESHOLDS:
                if thing.kind == PERSON and thing.score >= bound:
                    found[bound][number].append(thing.box)
    return found


def shown(frames: set[int]) -> Iterator[tuple[int, Picture]]:
    """Some frames of the film by number, from 1."""
    reader = cv2.VideoCapture(str(FILM))  # noqa: TID251  a benchmark's own process
    for number in range(1, max(frames) + 1):
        picture = reader.read()[1]
        if number in frames:
            yield number, cast("Picture", picture)


def looked(folder: Path) -> Path:
    """What `riverwatch look` writes of the film as the sample site's camera."""
    boxes = folder / "boxes.txt"
    line = ["look", str(FILM), "--camera", "gatecam", "--site", str(ROOT / "sites" / "qinghe")]
    riverwatch([*line, "--out", str(folder), "--boxes", str(boxes)])
    return boxes


def tell(name: str, part: str, mine: Score, others: dict[str, Score]) -> None:
    """One line: ours beside the best of the others."""
    row: dict[str, object] = {"name": f"people-{part}{name}", "ours": round(mine.f1, 3), "other": None, "ratio": None}
    if others:
        best = max(one.f1 for one in others.values())
        row |= {"other": round(best, 3), "ratio": round(mine.f1 / best, 2)}
    more = {"precision": round(mine.precision, 3), "recall": round(mine.recall, 3)}
    alone = {way: [round(side, 3) for side in (one.f1, one.precision, one.recall)] for way, one in others.items()}
    print(json.dumps({**row, "goal": 1, "unit": "F1 at IoU .5", **more, "others": alone}), flush=True)


def main() -> None:
    """Score files, or a look at the film beside NanoDet alone, on both parts."""
    cv2.setNumThreads(1)
    files = [Path(path) for path in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        ours = {f": {path}": written(path) for path in files} or {"": written(looked(Path(folder)))}
    for part in PARTS:
        told = labels(part)
        found = {
            f"{width}x{height} at {bound:g}": boxes
            for width, height in (() if files else SIZES)
            for bound, boxes in alone(set(told.people), width, height).items()
        }
        for name, boxes in ours.items():
            tell(name, part, score(boxes, told), {way: score(others, told) for way, others in found.items()})


if __name__ == "__main__":
    main()
