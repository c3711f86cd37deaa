"""What parent and child say comes through the pipe as it was said."""

from io import BytesIO

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.site import Camera, Zone
from ingest.children import pack, take
from streams.eyes.sight import Fate, Sight
from streams.eyes.wire import Answer, Film, Frame, Hello

CAMERA = Camera(name="gate", zones=(Zone(name="bank", kind="bank", corners=((0, 0), (1, 0), (0.5, 1))),))


@given(st.lists(st.tuples(st.text(), st.integers(-(2**63), 2**63 - 1), st.binary(max_size=100))))
def test_frames_come_through_in_order(said: list[tuple[str, int, bytes]]) -> None:
    frames = [Frame(*one) for one in said]
    pipe = BytesIO(b"".join(pack(frame) for frame in frames))
    assert [msgspec.msgpack.decode(take(pipe) or b"", type=Frame) for _ in frames] == frames
    assert take(pipe) is None


@given(st.integers(0, 30))
def test_a_pipe_that_ends_in_mid_message_says_nothing(cut: int) -> None:
    whole = pack(Answer(measures={"motion": 1.5, "movers": 2.0}))
    assert take(BytesIO(whole[: min(cut, len(whole) - 1)])) is None


def test_cameras_and_films_come_through() -> None:
    for said in (Hello((CAMERA,), 10.0), Film(path="a", camera=CAMERA, start=5, rate=0.0, patience=1.0)):
        assert msgspec.msgpack.decode(pack(said)[4:], type=type(said)) == said


def test_a_sight_gives_its_measures_as_rows_of_series() -> None:
    sight = Sight(camera="gate", at=7, got=9, fate=Fate.LOOKED, measures={"motion": 1.5, "movers.bank": 2.0})
    assert sight.rows() == [("gate/motion", 7, 1.5), ("gate/movers.bank", 7, 2.0)]
