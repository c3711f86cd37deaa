"""Quiet clips of another sort: falling leaves, a low sun on waves, lamps that flash orange, a clock, snow, steps of exposure.

`python -m benchmarks.unusual --footage DIR` draws them over the places of `benchmarks.clips` and tells what the shipped limits
raise: nothing should. One JSON object a clip.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.clips import COLUMNS, LINES, PARTS, places
from benchmarks.quiet import SECOND, events

Colour = NDArray[np.float32]
Chance = np.random.Generator
Play = Callable[[float], Colour]  # the scene at an instant (s)
ORANGE = ((30, 90, 170), (40, 140, 235), (60, 190, 255))
DOWN, RIGHT = np.mgrid[0:LINES, 0:COLUMNS].astype(np.float32)


def leaves(place: Colour, chance: Chance) -> Play:
    """A tree in autumn that the wind sways, and leaves that turn as they fall."""
    tree, one, other = place.copy(), _smooth(chance), _smooth(chance)
    for x, y in chance.uniform((0, 20), (COLUMNS, LINES - 20), (220, 2)).astype(int).tolist():
        cv2.ellipse(tree, (x, y), (5, 3), float(chance.uniform(0, 180)), 0, 360, ORANGE[x % 3], -1)
    falling = chance.uniform((0, 0, 20), (COLUMNS, LINES, 50), (12, 3)).tolist()

    def play(now: float) -> Colour:
        gust = np.float32(3 * (0.6 + 0.4 * np.sin(0.7 * now)))
        right, down = RIGHT + gust * np.sin(5 * now + 4 * one), DOWN + gust * np.sin(6.3 * now + 4 * other)
        scene = _bent(tree, right, down) * (1 - 0.2 * np.sin(0.9 * now + 3 * one))[..., None]
        for k, (x, y, pace) in enumerate(falling):
            middle = (int(x + 10 * np.sin(2 * now + k)), int(y + pace * now) % LINES)
            cv2.ellipse(scene, middle, (4, 2), (200 * now + 40 * k) % 180, 0, 360, ORANGE[k % 3], -1)
        return cast("Colour", scene)

    return play


def sunset(place: Colour, chance: Chance) -> Play:
    """A low sun that waves mirror in a strip."""
    dusk, field = 0.6 * place * np.array([0.6, 0.8, 1.1], np.float32), _smooth(chance)
    strip = np.exp(-(((RIGHT - 170) / (20 + 0.15 * np.maximum(DOWN - 100, 0))) ** 2)) * (DOWN > 100)

    def play(now: float) -> Colour:
        wave = np.sin(0.5 * DOWN - 2.4 * now + 3 * field) + 0.8 * np.sin(0.3 * RIGHT + 0.6 * DOWN - 3.6 * now + 4 * field)
        light = np.clip(wave + 0.7 * np.sin(0.7 * RIGHT - 0.9 * DOWN + 5.1 * now) - 0.3, 0, 2) * strip
        return cast("Colour", dusk + light[..., None] * np.array([60, 150, 260], np.float32))

    return play


def lamps(place: Colour, _chance: Chance) -> Play:
    """Two lamps that flash orange at dusk."""
    halo = sum(np.exp(-np.maximum(np.hypot(RIGHT - x, DOWN - 120) - 5, 0) / 3) for x in (150, 190))
    lit = halo[..., None] * np.array([30, 170, 400], np.float32)
    return lambda now: cast("Colour", 0.5 * place + lit * (int(now * 2.6) % 2))


def clock(place: Colour, _chance: Chance) -> Play:
    """A clock that the camera writes into its picture."""

    def play(now: float) -> Colour:
        sheet = place.clip(0, 255).astype(np.uint8)
        told = f"2026-11-23 12:{int(now) // 60:02d}:{int(now) % 60:02d}"
        return cast("Colour", cv2.putText(sheet, told, (6, 18), 0, 0.5, (255, 255, 255), 1, cv2.LINE_AA).astype(np.float32))

    return play


def snow(place: Colour, chance: Chance) -> Play:
    """Snow that falls before the camera."""
    flakes = chance.uniform(0, 1, (250, 4)).tolist()

    def play(now: float) -> Colour:
        scene = 0.9 * place
        for x, y, pace, size in flakes:
            middle = (int(x * COLUMNS + 12 * np.sin(27 * pace + now)), int(y * LINES + (40 + 120 * pace) * now) % LINES)
            cv2.circle(scene, middle, 1 + int(2.2 * size), (240, 240, 240), -1)
        return scene

    return play


def exposure(place: Colour, chance: Chance) -> Play:
    """A camera that sets its exposure anew every seven seconds."""
    steps = chance.uniform(0.55, 1.7, 1000)
    return lambda now: place * np.float32(steps[int(now / 7)])


KINDS = {play.__name__: play for play in (leaves, sunset, lamps, clock, snow, exposure)}


def _smooth(chance: Chance) -> Colour:
    """A smooth random field, about -1 to 1."""
    rough = chance.normal(0, 0.7, (12, 16)).astype(np.float32)
    return cast("Colour", cv2.resize(rough, (COLUMNS, LINES), interpolation=cv2.INTER_CUBIC))


def _bent(scene: Colour, right: NDArray[Any], down: NDArray[Any]) -> Colour:
    across, along = (np.asarray(way, np.float32) for way in (right, down))
    return cast("Colour", cv2.remap(scene, across, along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))


def shown(play: Play, chance: Chance, rate: float, seconds: float) -> Iterator[tuple[int, bytes]]:
    """Instants and JPEGs of a scene, with a sensor's noise."""
    for number in range(round(rate * seconds)):
        picture = play(number / rate) + chance.normal(0, 4, (LINES, COLUMNS, 3))
        sent = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
        yield round(number * SECOND / rate), sent.tobytes()


def main() -> None:
    """A line a clip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True, metavar="DIR")
    parser.add_argument("--part", choices=list(PARTS), default="held-out")
    parser.add_argument("--detector", choices=["movers", "objects"], default="movers")
    parser.add_argument("--rate", type=float, default=2.0, help="frames a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="that a clip lasts")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    views = [view[12 : 12 + LINES, 16 : 16 + COLUMNS].astype(np.float32) for view in places(args.footage, PARTS[args.part])]
    make = partial(shown, rate=args.rate, seconds=args.seconds)
    for number, (name, play) in enumerate(KINDS.items()):
        chance = np.random.default_rng([args.seed, number])
        found = events(make(play(views[(number + args.seed) % len(views)], chance), chance), args.detector)
        row = {
            "name": f"unusual-{args.detector}: {name} at {args.rate:g}/s",
            "ours": len(found),
            "unit": "events",
            "which": found,
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
