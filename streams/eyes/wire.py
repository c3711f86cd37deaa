"""What parent and child say to each other."""

import msgspec

from detectors.domain.site import Camera
from detectors.vision.marks import Mark


class Hello(msgspec.Struct, frozen=True):
    """The parent's first word: whose frames will come, and how long one may take at most (seconds)."""

    cameras: tuple[Camera, ...]
    patience: float


class Frame(msgspec.Struct, frozen=True):
    """One JPEG, taken at `at` (ns since 1970 UTC)."""

    camera: str
    at: int
    jpeg: bytes


class Answer(msgspec.Struct, frozen=True):
    """The child's word: measures by quantity, or why the frame is refused. To Hello it is empty."""

    measures: dict[str, float] = {}
    refused: str = ""
    muted: tuple[str, ...] = ()  # measures that a sick camera does not tell
    marks: tuple[Mark, ...] = ()  # where somebody or something was found


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """The parent's first word to a projector: which film to look at as which camera, and what to write beside the measures."""

    path: str  # a film, or a folder of pictures
    camera: Camera
    start: int  # instant of the first frame, ns since 1970 UTC
    rate: float  # frames a second, or 0 for the film's own
    patience: float  # seconds that one frame may take
    annotated: str = ""  # a film to write, or ""
    boxes: str = ""  # a MOT text file to write, or ""
    masks: str = ""  # a folder for PNG masks, or ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The projector's word for each frame; the last one is `over`."""

    at: int = 0
    measures: dict[str, float] = {}
    muted: tuple[str, ...] = ()  # measures that a sick camera does not tell
    refused: str = ""
    over: bool = False
