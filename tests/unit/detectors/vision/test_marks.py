"""Where somebody or something was found, whatever the picture's size."""

import numpy as np

from detectors.vision import Look
from detectors.vision.bodies import Body
from detectors.vision.followed import Followed
from detectors.vision.marks import Mark, marks
from detectors.vision.nanodet import Box
from detectors.vision.tracks import Track


def test_marks_are_shares_of_the_picture_what_is_recognised_first() -> None:
    track = Track(name=1, body=Body(10, 20, 5, 40), birth=(0.0, 0.0), at=0.0)
    thing = Followed(name=2, kind="vehicles", box=Box(100.0, 50.0, 50.0, 25.0), score=0.9, birth=(0.0, 0.0))
    look = Look({}, np.zeros((100, 200), np.uint8), (track,), settled=True, things=(thing,))

    assert marks(look) == (Mark("vehicles", 0.5, 0.5, 0.25, 0.25), Mark("movers", 0.05, 0.2, 0.025, 0.4))
