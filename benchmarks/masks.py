"""Foreground masks beside MOG2 and KNN with a 5x5 median (whole picture, as OpenCV sets them): F1 by pixel on made clips.

`python -m benchmarks.masks --footage DIR` takes the folder that holds `video/vtest.avi`, `river_trash/` and `gauge/`; the clips
and their truth are made from it (`benchmarks.clips`). `--part tuning` scores what thresholds were chosen on; `--seed` makes other
clips of a part. The same disturbances with nobody there are in `benchmarks.quiet`. One JSON object a line.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from benchmarks.clips import BODY, NEVER, PARTS, Clip, clips
from benchmarks.walkers import Picture
from detectors.vision.background import Background

Judge = Callable[[Picture, float], Picture]


def ours() -> Judge:
    """The mask that `riverwatch look --masks` writes."""
    background: list[Background] = []

    def judge(picture: Picture, elapsed: float) -> Picture:
        if not background:
            background.append(Background(*picture.shape[:2]))
        return background[0].see(picture, elapsed).filmed

    return judge


def plain(mixture: cv2.BackgroundSubtractor) -> Judge:
    """OpenCV's, shadows aside, with the median."""

    def judge(picture: Picture, _elapsed: float) -> Picture:
        mask = cv2.threshold(mixture.apply(picture), 200, 255, cv2.THRESH_BINARY)[1]
        return cast("Picture", cv2.medianBlur(mask, 5))

    return judge


def score(clip: Clip) -> dict[str, tuple[float, float]]:
    """F1 and processor milliseconds a picture of each way."""
    mixtures = {"mog2": cv2.createBackgroundSubtractorMOG2(), "knn": cv2.createBackgroundSubtractorKNN()}
    ways = {"ours": ours()} | {name: plain(mixture) for name, mixture in mixtures.items()}
    counts, spent = {name: np.zeros(3) for name in ways}, dict.fromkeys(ways, 0.0)
    for number, (picture, truth) in enumerate(clip):
        for name, judge in ways.items():
            start = time.process_time()
            seen = judge(picture, 1 / clip.kind.rate if number else 0.0) > 0
            spent[name] += time.process_time() - start
            if number >= clip.kind.lead:
                body, never = truth == BODY, truth == NEVER
                counts[name] += [np.count_nonzero(one) for one in (seen & body, seen & never, ~seen & body)]
    return {
        name: (2 * hit / (2 * hit + false + missed), 1e3 * spent[name] / clip.kind.frames)
        for name, (hit, false, missed) in counts.items()
    }


def compare(footage: Path, part: str, seed: int) -> None:
    """A line a kind, and one for all."""
    found = {}
    for name, clip in clips(footage, part, seed):
        found[name] = score(clip())
        tell(f"masks-{part}: {name}", found[name])
    ways = next(iter(found.values()))
    means = {
        way: (float(np.mean([one[way][0] for one in found.values()])), float(np.mean([one[way][1] for one in found.values()])))
        for way in ways
    }
    tell(f"masks-{part}: every kind", means)


def tell(name: str, found: dict[str, tuple[float, float]]) -> None:
    """One line: ours beside the better of the two."""
    mean, cost = ({way: round(one[place], 3 - 2 * place) for way, one in found.items()} for place in (0, 1))
    other = max(mean["mog2"], mean["knn"])
    row = {"name": name, "ours": mean["ours"], "other": other, "ratio": round(mean["ours"] / other, 2), "goal": 1}
    print(json.dumps({**row, "unit": "F1 by pixel", "mog2": mean["mog2"], "knn": mean["knn"], "ms": cost}), flush=True)


def main() -> None:
    """Score a part, or watch its quiet clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True, metavar="DIR")
    parser.add_argument("--part", choices=list(PARTS), default="held-out")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    compare(args.footage, args.part, args.seed)


if __name__ == "__main__":
    main()
