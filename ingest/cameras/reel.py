"""The frames of a film or a folder of pictures, one after another; only for a child process, since opening a film can kill."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from detectors.domain.errors import Refused
from detectors.vision.jpeg import check_size, header, png_size
from detectors.vision.picture import Picture

PICTURES = (".jpg", ".jpeg", ".png")
FOLDER_RATE = 10.0  # frames a second, where nobody says


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """Named frames at a rate; a frame that cannot be used is the reason instead of a picture."""

    rate: float  # frames a second
    frames: Iterator[tuple[str, Picture | Refused]]


def reel(path: Path) -> Reel:
    """The frames of what lies there, in order.

    Raises:
        Refused: if it is neither a film that opens nor a folder with pictures.
    """
    if path.is_dir():
        files = sorted((file for file in path.iterdir() if file.suffix.lower() in PICTURES), key=_in_order)
        if not files:
            raise Refused("a folder without pictures", str(path))
        return Reel(FOLDER_RATE, ((file.stem, _picture(file)) for file in files))
    film = cv2.VideoCapture(str(path))  # noqa: TID251  this module runs in a child process only
    if not film.isOpened():
        raise Refused("not a film that can be opened", str(path))
    check_size(int(film.get(cv2.CAP_PROP_FRAME_WIDTH)), int(film.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    rate = film.get(cv2.CAP_PROP_FPS)
    return Reel(rate if 0 < rate <= 1000 else FOLDER_RATE, _frames(film))


def _in_order(file: Path) -> tuple[list[str | int], str]:
    """A name by which frame2 comes before frame10: numbers in it are numbers."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", file.name)], file.name


def _frames(film: cv2.VideoCapture) -> Iterator[tuple[str, Picture | Refused]]:  # noqa: TID251  as above
    number = 1
    while True:
        there, frame = film.read()
        if not there:
            return
        yield f"{number:06d}", cast("Picture", frame)
        number += 1


def _picture(file: Path) -> Picture | Refused:
    data = file.read_bytes()
    try:
        if file.suffix.lower() == ".png":
            check_size(*png_size(data))
        else:
            header(data)
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except Refused as no:
        return no
    except cv2.error as fault:
        return Refused("a picture that cannot be decoded", str(fault))
    return Refused("a picture that cannot be decoded", file.name) if picture is None else cast("Picture", picture)
