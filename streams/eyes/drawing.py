"""What a look found, drawn and written for people and for scoring: an annotated film, MOT boxes, masks."""

from pathlib import Path
from typing import TextIO

import cv2
import numpy as np

from detectors.domain.site import Camera
from detectors.vision import Look
from detectors.vision.bodies import Body
from detectors.vision.nanodet import PERSON, Box
from detectors.vision.picture import Picture
from streams.eyes.wire import Film

_RED, _YELLOW, _WHITE = (40, 40, 230), (0, 220, 255), (255, 255, 255)  # blue first


class Drawing:
    """The files that one film asks for, beside its measures."""

    def __init__(self, film: Film, rate: float) -> None:
        self._film, self._rate = film, rate
        self._writer: cv2.VideoWriter | None = None
        self._boxes: TextIO | None = None
        if film.boxes:
            self._boxes = Path(film.boxes).open("w", encoding="ascii")  # noqa: SIM115  closed in `close`
        if film.masks:
            Path(film.masks).mkdir(parents=True, exist_ok=True)

    def add(self, number: int, name: str, picture: Picture, look: Look) -> None:
        """Write what is asked for of one frame; `number` counts from 1, as MOT does."""
        if self._boxes is not None:
            self._boxes.writelines(mot(number, look, picture.shape[0] / look.mask.shape[0]))
        if self._film.masks:
            smooth = cv2.resize(look.mask, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)  # and so its edge
            cv2.imwrite(str(Path(self._film.masks) / f"{name}.png"), cv2.threshold(smooth, 127, 255, cv2.THRESH_BINARY)[1])
        if self._film.annotated:
            self._annotate(picture, look)

    def close(self) -> None:
        """Finish the files."""
        if self._boxes is not None:
            self._boxes.close()
        if self._writer is not None:
            self._writer.release()

    def _annotate(self, picture: Picture, look: Look) -> None:
        if self._writer is None:
            form = cv2.VideoWriter.fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(self._film.annotated, form, self._rate, picture.shape[1::-1])
        self._writer.write(annotated(picture, look, self._film.camera))


def mot(number: int, look: Look, scale: float) -> list[str]:
    """Lines of MOT Challenge text: frame, track, left, top, width, height, confidence, -1, -1, -1.

    Pixels are the whole picture's; its first one is (1, 1), as there (Leal-Taixé et al., MOTChallenge 2015, 3.3).
    """
    boxes = [
        (name, [b.left * scale + 1, b.top * scale + 1, b.width * scale, b.height * scale], score)
        for name, b, score in people(look)
    ]
    return [f"{number},{name},{','.join(f'{side:.1f}' for side in box)},{score:.3g},-1,-1,-1\n" for name, box, score in boxes]


def people(look: Look) -> list[tuple[int, Body | Box, float]]:
    """Who was found, by name, box and score: what was recognised where the camera looks for objects, and what moved elsewhere."""
    if look.things or "people" in look.measures:
        return [(one.name, one.box, one.score) for one in look.things if one.kind == PERSON]
    return [(track.name, track.body, 1.0) for track in look.movers]


def annotated(picture: Picture, look: Look, camera: Camera) -> Picture:
    """A copy of the picture with zones, movers and the first measures drawn on it."""
    drawn, scale = picture.copy(), picture.shape[0] / look.mask.shape[0]
    height, width = picture.shape[:2]
    for zone in camera.zones:
        corners = np.rint([[x * (width - 1), y * (height - 1)] for x, y in zone.corners]).astype(np.int32)
        cv2.polylines(drawn, [corners], isClosed=True, color=_YELLOW, thickness=2)
    for _, body, _ in people(look):
        left, top = round(body.left * scale), round(body.top * scale)
        corner = (round((body.left + body.width) * scale), round((body.top + body.height) * scale))
        cv2.rectangle(drawn, (left, top), corner, _RED, 2)
    movers = f"people {len(people(look))}" if look.settled else "learning the view"
    cv2.putText(drawn, f"{movers}  motion {look.measures['motion']:.1f} %", (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, _WHITE, 2)
    return drawn
