"""Showing: a scene as a film in a folder, or frame by frame to a broker, with the truth beside."""

import csv
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import cv2
import msgspec

from detectors.domain.errors import Refused
from detectors.domain.instant import SECOND
from detectors.domain.site import Camera, Limit
from ingest.cameras import Frames
from simulators.camera import decoded
from simulators.incidents import Incident
from simulators.scenes.composing import Still
from simulators.scenes.scene import Scene
from simulators.truth import read_incidents, write_incidents
from storage.folders import made

FILM, SITE, INCIDENTS, BOXES, ABOUT = "film.avi", "site", "incidents.csv", "boxes.csv", "scene.json"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside the truth, so that it can be scored later."""

    scene: str
    camera: Camera
    limits: tuple[Limit, ...] = ()
    seed: int
    start: int  # ns since 1970 UTC
    end: int
    fps: float


class Folder:
    """The truth of a scene, and its film, in a folder."""

    def __init__(self, path: Path, scene: Scene, camera: Camera, start: int) -> None:
        made(path)
        self._scene, self._start, self._film = scene, start, str(path / FILM)
        self._writer: cv2.VideoWriter | None = None
        write_incidents(path / INCIDENTS, scene.incidents(start))
        told = Told(
            scene=scene.name,
            camera=camera,
            limits=scene.limits,
            seed=scene.seed,
            start=start,
            end=scene.at(scene.frames, start),
            fps=scene.fps,
        )
        (path / ABOUT).write_bytes(msgspec.json.encode(told))
        self._boxes = (path / BOXES).open("w", encoding="utf-8", newline="")
        self._table = csv.writer(self._boxes, lineterminator="\n")
        self._table.writerow(("frame", "at", "incident", "kind", "zone", "left", "top", "width", "height"))

    def note(self, still: Still) -> None:
        """Write down where everything is on a picture; frames count from 1, as MOT does."""
        at = self._scene.at(still.number, self._start)
        for act, box in still.boxes:
            self._table.writerow((still.number + 1, at, act.id, act.kind, act.zone, *(f"{side:.1f}" for side in box)))

    def film(self, still: Still) -> None:
        """Add a picture to the film."""
        picture = decoded(still.jpeg)
        if self._writer is None:
            form = cv2.VideoWriter.fourcc(*"MJPG")
            self._writer = cv2.VideoWriter(self._film, form, self._scene.fps, picture.shape[1::-1])
        self._writer.write(picture)

    def close(self) -> None:
        """Finish the files."""
        self._boxes.close()
        if self._writer is not None:
            self._writer.release()


def of_folder(path: Path) -> tuple[Told, tuple[Incident, ...]]:
    """What a scene's folder tells.

    Raises:
        Refused: if it is none.
    """
    try:
        told = msgspec.json.decode((path / ABOUT).read_bytes(), type=Told)
    except (OSError, msgspec.DecodeError) as fault:
        raise Refused("not the folder of a scene", str(path)) from fault
    return told, tuple(read_incidents(path / INCIDENTS))


def to_broker(still: Still, frames: Frames, camera: str, at: int, stop: Event) -> bool:
    """Send a picture when its time has come; False if told to stop before."""
    while (early := (at - time.time_ns()) / SECOND) > 0 and not stop.is_set():
        stop.wait(min(early, 0.2))
    if not stop.is_set():
        frames.deliver(camera, at, still.jpeg)
    return not stop.is_set()


def began(at: int) -> str:
    """An instant as ISO 8601, UTC."""
    return datetime.fromtimestamp(at / SECOND, UTC).isoformat().replace("+00:00", "Z")
