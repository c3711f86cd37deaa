"""A 720p JPEG to measures beside MOG2 on the whole frame, in one run, and the memory of a camera: one JSON object a line."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import psutil

from detectors.domain.site import Camera, Zone
from detectors.vision import Watcher
from detectors.vision.nanodet import shipped
from detectors.vision.picture import decode

FILM = Path(__file__).resolve().parents[1] / "simulators" / "recordings" / "gatecam.avi"
SECOND = 1_000_000_000
ROUNDS, CAMERAS = 3, 10
ZONES = tuple(
    Zone(name=f"zone{i}", kind="closed", corners=((i / 4, 0.2), (i / 4 + 0.25, 0.2), (i / 4 + 0.25, 1), (i / 4, 1)))
    for i in range(4)
)


def frames() -> list[bytes]:
    """The demo's film at 1280x720, as a camera sends it."""
    film = cv2.VideoCapture(str(FILM))  # noqa: TID251  our own film, in a benchmark's own process
    found = []
    while True:
        there, frame = film.read()
        if not there:
            return found
        large = cv2.resize(frame, (1280, 720), interpolation=cv2.INTER_CUBIC)
        found.append(cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())


def whole_frame() -> Callable[[bytes, int], object]:
    """What one writes first: decode all, MOG2 on all, median, parts, share of each zone."""
    mixture = cv2.createBackgroundSubtractorMOG2()
    outlines = [np.array([[x * 1279, y * 719] for x, y in zone.corners]).astype(np.int32) for zone in ZONES]
    masks = [cv2.fillPoly(np.zeros((720, 1280), np.uint8), [outline], 255) for outline in outlines]

    def look(jpeg: bytes, _at: int) -> object:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        mask = cv2.medianBlur(cv2.threshold(mixture.apply(picture), 200, 255, cv2.THRESH_BINARY)[1], 5)
        shares = [cv2.countNonZero(cv2.bitwise_and(mask, zone)) for zone in masks]
        return shares, cv2.connectedComponentsWithStats(mask)[2]

    return look


def rate(look: Callable[[bytes, int], object], jpegs: list[bytes]) -> float:
    """Frames per second of processor time, the best of some rounds of the film."""
    at, best = 0, float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for jpeg in jpegs:
            at += SECOND // 2
            look(jpeg, at)
        best = min(best, time.process_time() - start)
    return len(jpegs) / best


def every_frame() -> Callable[[bytes, int], object]:
    """What one writes first to count people: all of the above, and NanoDet on every frame, whole."""
    below, net = whole_frame(), shipped()

    def look(jpeg: bytes, at: int) -> object:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        return below(jpeg, at), net.find(picture, 416, 416)

    return look


def memory(jpegs: list[bytes]) -> float:
    """MB that one more camera takes, when it knows its view."""
    watchers, process = [Watcher(Camera(name=f"c{i}", zones=ZONES)) for i in range(CAMERAS + 1)], psutil.Process()
    before = 0
    for i, watcher in enumerate(watchers):
        for k, jpeg in enumerate(jpegs[:40]):
            watcher.look(decode(jpeg), k * SECOND // 2)
        before = before or process.memory_info().rss  # after the first one, whose scratch memory all share
        assert i <= CAMERAS
    return (process.memory_info().rss - before) / CAMERAS / 1e6


def watching(camera: Camera) -> Callable[[bytes, int], object]:
    """Our way from a JPEG to measures, as a child process has it."""
    watcher = Watcher(camera)
    return lambda jpeg, at: watcher.examine(decode(jpeg, watcher.lines), at)


def main() -> None:
    """Frames a second of one core, ours beside the plain way, without and with objects; then memory a camera beside 30 MB."""
    cv2.setNumThreads(1)
    jpegs = frames()
    held = memory(jpegs)
    ours = rate(watching(Camera(name="gate", zones=ZONES)), jpegs)
    other = rate(whole_frame(), jpegs)
    row = {"name": "eyes-720p", "ours": round(ours), "other": round(other), "ratio": round(ours / other, 1), "goal": 5}
    print(json.dumps({**row, "unit": "frames/s a core"}))
    ours = rate(watching(Camera(name="gate", zones=ZONES, person_height=(0.09, 0.3), detector="objects")), jpegs[:40])
    other = rate(every_frame(), jpegs[:40])
    row = {"name": "eyes-objects", "ours": round(ours), "other": round(other), "ratio": round(ours / other, 1), "goal": 2.5}
    print(json.dumps({**row, "unit": "frames/s a core"}))
    row = {"name": "eyes-memory", "ours": round(held, 1), "other": 30, "ratio": round(held / 30, 2), "goal": 0.99}
    print(json.dumps({**row, "unit": "MB a camera, of what it may take"}))


if __name__ == "__main__":
    main()
