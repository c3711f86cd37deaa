"""How old a camera's frames are, and whether as many come as it owes."""

import numpy as np

from detectors.domain.site import Camera
from streams.eyes.pulse import Pulse
from streams.eyes.sight import OUT, Fate, Sight

SECOND = 1_000_000_000
PULLED = Camera(name="gate", zones=(), source="rtsp://here/1", fps=2.0)
SENDS = Camera(name="bank", zones=())


def test_the_lag_is_the_age_of_a_frame_when_it_comes() -> None:
    pulse = Pulse([SENDS])
    assert pulse.beat("bank", 10 * SECOND, 13 * SECOND) == {"lag": 3.0}
    assert pulse.beat("bank", 20 * SECOND, 14 * SECOND) == {"lag": -6.0}


def test_a_camera_that_is_pulled_owes_frames_after_a_minute() -> None:
    pulse = Pulse([PULLED, SENDS])
    told = [pulse.beat("gate", i * SECOND, i * SECOND) for i in range(200)]  # one a second, where two are owed
    assert not any("frames" in one for one in told[:60])
    assert {round(one["frames"]) for one in told[60:]} == {50}
    assert pulse.beat("gate", 300 * SECOND, 300 * SECOND)["frames"] < 1
    assert "frames" not in pulse.beat("bank", 300 * SECOND, 300 * SECOND)


def test_what_a_sick_camera_does_not_tell_is_marked_as_out_of_operation() -> None:
    measures = {"motion": 80.0, "brightness": 0.01}
    sight = Sight(camera="gate", at=7, got=9, fate=Fate.LOOKED, measures=measures, muted=("motion",))
    batch = sight.batch()
    assert (batch.names, batch.mark.tolist(), batch.got.tolist()) == (("gate/motion", "gate/brightness"), [OUT, 0], [9, 9])
    assert batch.mark.dtype == np.uint8
