"""NanoDet (Lyu, 2020; Apache-2.0): people, vehicles and boats on a picture, from the weights that ship with riverwatch.

The network says for each cell of three grids (strides 8, 16, 32) how sure it is of each of the 80 classes of COCO, and how far
the four sides are, as a distribution over 0 to 10 strides whose mean counts (generalised focal loss: Li et al., NeurIPS 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.picture import Picture

PERSON, VEHICLE, BOAT = "people", "vehicles", "boats"  # the quantities that they are counted in
KINDS = MappingProxyType({0: PERSON, 1: VEHICLE, 2: VEHICLE, 3: VEHICLE, 5: VEHICLE, 7: VEHICLE, 8: BOAT})  # COCO's classes
_PLACES = MappingProxyType({PERSON: 0, VEHICLE: 1, BOAT: 2})
STRIDE = 32  # pixels; the sides of what the network sees are multiples
LEAST = 0.25  # of the score, under which nothing is said at all
OVERLAP = 0.5  # intersection over union from which two boxes of a kind are one thing
_MEAN, _DEVIATION = np.array([[103.53, 116.28, 123.675], [57.375, 57.12, 58.395]], np.float32)  # of the pictures it learnt from
_STRIDES = (8, 16, 32)

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a picture, in its pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def foot(self) -> tuple[float, float]:
        """Where it stands: the middle of the lower edge."""
        return self.left + self.width / 2, self.top + self.height - 1

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def overlap(self, other: "Box") -> float:
        """Intersection over union."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        along = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        shared = max(across, 0.0) * max(along, 0.0)
        return shared / max(self.width * self.height + other.width * other.height - shared, 1e-9)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something found on a picture."""

    kind: str  # the quantity that it is counted in
    score: float  # 0..1
    box: Box


class Net:
    """The network; remembers nothing from one picture to the next."""

    def __init__(self, model: bytes) -> None:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415  40 MB that only a camera for objects needs

        alone = onnxruntime.SessionOptions()
        alone.intra_op_num_threads = alone.inter_op_num_threads = 1
        alone.enable_cpu_mem_arena = False  # pictures of many sizes would each keep theirs
        self._session = onnxruntime.InferenceSession(model, alone, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def find(self, picture: Picture, width: int, height: int) -> list[Thing]:
        """What is on a picture, when it is looked at in that size (multiples of 32); best first, in the picture's own pixels."""
        told = self._session.run(None, {self._input: as_seen(picture, width, height)})
        by = (picture.shape[1] / width, picture.shape[0] / height)
        found = [thing for i, stride in enumerate(_STRIDES) for thing in _things(told[i][0], told[i + 3][0], stride, width, by)]
        return distinct(found)


@cache
def shipped() -> Net:
    """The network with the weights that ship with riverwatch."""
    with files(__package__).joinpath("nanodet.npz").open("rb") as file, np.load(file) as packed:
        return Net(packed["model"].tobytes())


def as_seen(picture: Picture, width: int, height: int) -> Array:
    """The picture as the network is given it: of that size, its colours brought to those it learnt from, one plane a colour."""
    rough = picture.shape[0] >= 2 * height or picture.shape[1] >= 2 * width
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if rough else cv2.INTER_LINEAR)
    seen = np.empty((1, 3, height, width), np.float32)
    for plane, colour, mean, deviation in zip(seen[0], cv2.split(small), _MEAN, _DEVIATION, strict=True):
        np.multiply(colour, 1 / deviation, out=plane)
        np.subtract(plane, mean / deviation, out=plane)
    return seen


def _things(scores: Array, sides: Array, stride: int, width: int, by: tuple[float, float]) -> list[Thing]:
    """What one grid says."""
    classes = list(KINDS)
    best = scores[:, classes].argmax(axis=1)
    sure = scores[:, classes].max(axis=1)
    cells = np.flatnonzero(sure >= LEAST)
    if not len(cells):
        return []
    across = width // stride
    spread = np.exp(sides[cells].reshape(-1, 4, 11) - sides[cells].reshape(-1, 4, 11).max(axis=2, keepdims=True))
    away = cast("Array", (spread * np.arange(11)).sum(axis=2) / spread.sum(axis=2) * stride)
    x, y = (cells % across + 0.5) * stride, (cells // across + 0.5) * stride
    corners = np.stack([x - away[:, 0], y - away[:, 1], away[:, 0] + away[:, 2], away[:, 1] + away[:, 3]], axis=1)
    scaled: list[Any] = (corners * [by[0], by[1], by[0], by[1]]).tolist()
    return [
        Thing(KINDS[classes[best[cell]]], float(sure[cell]), Box(*corner)) for cell, corner in zip(cells, scaled, strict=True)
    ]


def distinct(found: Sequence[Thing]) -> list[Thing]:
    """The things without those that overlap a surer one of their kind; best first."""
    boxes = [(thing.box.left, thing.box.top, thing.box.width, thing.box.height) for thing in found]
    kinds = [_PLACES[thing.kind] for thing in found]
    kept = cv2.dnn.NMSBoxesBatched(boxes, [thing.score for thing in found], kinds, 0.0, OVERLAP) if boxes else ()
    return sorted((found[i] for i in kept), key=lambda thing: -thing.score)
