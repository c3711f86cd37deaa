"""A 720p JPEG to measures beside MOG2 on the whole frame, in one run, and the memory of a camera: one JSON object a line."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import psutil

from detectors.domain.site import Camera, Zone
from detectors.vision import Watcher
from detectors.vision.nanodet import shipped
from detectors.vision.picture import Picture, decode

ROOT = Path(__file__).resolve().parents[1]
FILM = ROOT / "simulators" / "recordings" / "gatecam.avi"
SECOND = 1_000_000_000
Look = Callable[[bytes, int], object]
ROUNDS, CAMERAS = 2, 30
TURN = 20  # frames that one way looks at before it is the other's turn
MOST = 30  # MB that a camera may take
KNOWN = 30  # frames, a minute of them, after which a view is known
ZONES = tuple(
    Zone(name=f"zone{i}", kind="closed", corners=((i / 4, 0.2), (i / 4 + 0.25, 0.2), (i / 4 + 0.25, 1), (i / 4, 1)))
    for i in range(4)
)


def frames() -> list[bytes]:
    """The demo's film at 1280x720, as a camera sends it."""
    film = cv2.VideoCapture(str(FILM))  # noqa: TID251  our own film, in a benchmark's own process
    found: list[bytes] = []
    while True:
        there, frame = film.read()
        if not there:
            return found
        large = cv2.resize(frame, (1280, 720), interpolation=cv2.INTER_CUBIC)
        found.append(cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())


def whole_frame() -> Look:
    """What one writes first: decode all, MOG2 on all, median, parts, share of each zone."""
    mixture = cv2.createBackgroundSubtractorMOG2()
    outlines = [np.array([[x * 1279, y * 719] for x, y in zone.corners]).astype(np.int32) for zone in ZONES]
    masks = [cv2.fillPoly(np.zeros((720, 1280), np.uint8), [outline], 255) for outline in outlines]

    def look(jpeg: bytes, _at: int) -> object:
        picture = cast("Picture", cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
        mask = cv2.medianBlur(cv2.threshold(mixture.apply(picture), 200, 255, cv2.THRESH_BINARY)[1], 5)
        shares = [cv2.countNonZero(cv2.bitwise_and(mask, zone)) for zone in masks]
        return shares, cv2.connectedComponentsWithStats(mask)[2]

    return look


def rates(looks: tuple[Look, ...], jpegs: list[bytes]) -> list[float]:
    """Frames per second of processor time of each way, in turns over the same frames: the medians over the turns."""
    at, spent = 0, [list[float]() for _ in looks]
    for first in range(0, ROUNDS * len(jpegs), TURN):
        turn = [jpegs[k % len(jpegs)] for k in range(first, first + TURN)]
        for look, times in zip(looks, spent, strict=True):
            start = time.process_time()
            for k, jpeg in enumerate(turn):
                look(jpeg, at + k * SECOND // 2)
            times.append(time.process_time() - start)
        at += TURN * SECOND // 2
    return [TURN / float(np.median(times)) for times in spent]


def every_frame() -> Look:
    """What one writes first to count people: all of the above, and NanoDet on every frame, whole."""
    below, net = whole_frame(), shipped()

    def look(jpeg: bytes, at: int) -> object:
        picture = cast("Picture", cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
        return below(jpeg, at), net.find(picture, 416, 416)

    return look


def memory(detector: str) -> tuple[float, float]:
    """MB that a process takes with one camera, and with each more: the slope of what is resident over 1 to 30 cameras."""
    jpegs, process, held, looks = frames()[:KNOWN], psutil.Process(), [], []
    cv2.setNumThreads(1)
    for place in range(CAMERAS):
        look = watching(watched(f"c{place}", detector))
        looks.append(look)
        for k, jpeg in enumerate(jpegs):
            look(jpeg, k * 2 * SECOND)
        held.append(process.memory_info().rss / 1e6)
    return held[0], float(np.polyfit(range(CAMERAS), held, 1)[0])


def in_its_own_process(detector: str) -> tuple[float, float]:
    """`memory` where nothing else was allocated before."""
    line = [sys.executable, "-c", f"from benchmarks.eyes import memory; print(*memory({detector!r}))"]
    first, more = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return float(first), float(more)


def watched(name: str, detector: str) -> Camera:
    """A camera with four zones."""
    return Camera(name=name, zones=ZONES, person_height=(0.09, 0.3), detector=detector)


def watching(camera: Camera) -> Look:
    """Our way from a JPEG to measures, as a child process has it."""
    watcher = Watcher(camera)
    return lambda jpeg, at: watcher.examine(decode(jpeg, watcher.lines), at)


def main() -> None:
    """Frames a second of one core, ours beside the plain way, without and with objects; then memory a camera beside 30 MB."""
    cv2.setNumThreads(1)
    jpegs = frames()
    for name, detector, other, goal in (("720p", "movers", whole_frame, 5), ("objects", "objects", every_frame, 2.5)):
        ours, theirs = rates((watching(watched("gate", detector)), other()), jpegs)
        row = {"name": f"eyes-{name}", "ours": round(ours), "other": round(theirs), "ratio": round(ours / theirs, 1)}
        print(json.dumps({**row, "goal": goal, "unit": "frames/s a core"}))
    for detector in ("movers", "objects"):
        first, more = in_its_own_process(detector)
        row = {"name": f"eyes-memory-{detector}", "ours": round(more, 1), "other": MOST, "ratio": round(more / MOST, 2)}
        print(json.dumps({**row, "goal": 0.99, "unit": "MB a camera, of what it may take", "process_with_one": round(first)}))


if __name__ == "__main__":
    main()
