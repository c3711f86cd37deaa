"""What floats on river_trash, held against outlines drawn by eye, pixel by pixel, beside Otsu's threshold on the water's colour.

`river_trash.csv` holds the outlines: of the water (as a site would draw its zone), of the litter, and of what nobody could say
(`either`: leaves, twigs, crumbs too many to outline), which is not counted. Points are thousandths of the picture's width. Each
picture is another place: `tune` is what the numbers of `detectors/vision/floating.py` were chosen on, `test` was kept aside until
then. The other eight pictures are taken under water, or show no water. It needs `../shared/realdata/river_trash`.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.vision.floating import floating
from detectors.vision.picture import Mask, Picture, shrink

OUTLINES = Path(__file__).with_name("river_trash.csv")
PICTURES = Path(__file__).resolve().parents[2] / "shared" / "realdata" / "river_trash"
PARTS = ("tune", "test")
Look = Callable[[Picture, Mask], Mask]


@dataclass(frozen=True, slots=True)
class Case:
    """One picture at working size, with what was outlined on it."""

    number: int
    picture: Picture
    water: Mask
    litter: Mask
    either: Mask


@dataclass(frozen=True, slots=True)
class Score:
    """How well pixels agree, over all pictures of a part."""

    precision: float
    recall: float
    iou: float
    off: float  # % of the water by which the cover is wrong, mean of the pictures
    off_median: float


def cases(part: str, pictures: Path = PICTURES) -> Iterator[Case]:
    """The pictures of a part."""
    with OUTLINES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    for number in dict.fromkeys(int(row["picture"]) for row in rows):
        picture = shrink(np.asarray(cv2.imread(str(pictures / f"testing{number}.jpg")), np.uint8))
        masks = {what: np.zeros(picture.shape[:2], np.uint8) for what in ("water", "litter", "either")}
        for row in rows:
            if int(row["picture"]) == number:
                points = np.array(row["outline"].split(), float).reshape(-1, 2) * picture.shape[1] / 1000
                cv2.fillPoly(masks[row["what"]], [np.rint(points).astype(np.int32)], 255)
        yield Case(number, picture, **masks)


def score(look: Look, part: str, pictures: Path = PICTURES) -> Score:
    """How well what `look` says to float agrees with the outlines of a part."""
    counts, off = np.zeros(3), []
    for case in cases(part, pictures):
        litter = (case.litter > 0) & (case.water > 0)
        counted = (case.water > 0) & ((case.either == 0) | litter)
        said = (look(case.picture, case.water) > 0) & counted
        counts += [np.count_nonzero(said & litter), np.count_nonzero(said & ~litter), np.count_nonzero(litter & ~said)]
        off.append(100 * abs(np.count_nonzero(said) - np.count_nonzero(litter)) / np.count_nonzero(counted))
    right, wrong, missed = counts
    return Score(right / (right + wrong), right / (right + missed), right / counts.sum(), np.mean(off), np.median(off))


def ours(picture: Picture, water: Mask) -> Mask:
    """As the watcher sees a single picture."""
    return floating(picture, water)[0]


def plain(picture: Picture, water: Mask) -> Mask:
    """What one writes first: far from the water's middle colour, by Otsu's threshold."""
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB).astype(np.float32)
    away = np.linalg.norm(lab - np.median(lab[water > 0], axis=0), axis=2).clip(0, 255).astype(np.uint8)
    bound, _ = cv2.threshold(away[water > 0], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.where(away > bound, water, np.uint8(0))


def main() -> None:
    """IoU of each part beside the plain way's, with precision, recall and the error of the cover."""
    cv2.setNumThreads(1)
    for part in PARTS:
        mine, other = score(ours, part), score(plain, part)
        row = {"name": f"litter-{part}", "ours": round(mine.iou, 3), "other": round(other.iou, 3)}
        more = {"precision": round(mine.precision, 3), "recall": round(mine.recall, 3)}
        off = {"cover_off": round(float(mine.off), 1), "cover_off_median": round(float(mine.off_median), 1)}
        theirs = {"other_precision": round(other.precision, 3), "other_recall": round(other.recall, 3)}
        theirs |= {"other_cover_off": round(float(other.off), 1)}
        print(json.dumps({**row, "ratio": round(mine.iou / other.iou, 2), "goal": 1, "unit": "IoU", **more, **off, **theirs}))


if __name__ == "__main__":
    main()
