"""Where somebody or something was found, whatever the picture's size."""

import msgspec
import numpy as np

from detectors.vision import Look
from detectors.vision.bodies import Body
from detectors.vision.followed import Followed
from detectors.vision.marks import Mark, marks, read
from detectors.vision.nanodet import Box
from detectors.vision.tracks import Track


def test_marks_are_shares_of_the_picture_what_is_recognised_first() -> None:
    track = Track(name=1, body=Body(10, 20, 5, 40), birth=(0.0, 0.0), at=0.0)
    thing = Followed(name=2, kind="vehicles", box=Box(100.0, 50.0, 50.0, 25.0), score=0.9, birth=(0.0, 0.0))
    look = Look({}, np.zeros((100, 200), np.uint8), (track,), settled=True, things=(thing,))

    assert marks(look) == (Mark("vehicles", 0.5, 0.5, 0.25, 0.25), Mark("movers", 0.05, 0.2, 0.025, 0.4))


def test_what_was_written_of_several_looks_is_read_as_one() -> None:
    first, second = Mark("people", 0.1, 0.2, 0.3, 0.4), Mark("movers", 0.5, 0.5, 0.1, 0.1)

    assert read([msgspec.json.encode((first, second)), b"[]", msgspec.json.encode((second,))]) == (first, second, second)
