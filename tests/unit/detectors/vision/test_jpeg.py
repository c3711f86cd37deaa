"""What is refused before it is decoded, and what is read from a header."""

import re
import struct
from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.domain.errors import Refused
from detectors.vision.jpeg import Header, header, png_size
from detectors.vision.picture import decode, reduction, shrink
from tests.unit.detectors.vision.frames import bomb, claiming, cmyk, jpeg, scenery, segment, turned

WHOLE = jpeg(scenery())


def test_a_header_says_size_and_kind() -> None:
    plain = Header(width=320, height=240, components=3, progressive=False, orientation=1)
    assert header(WHOLE) == plain
    assert header(jpeg(scenery()[:, :, :1])).components == 1
    assert header(jpeg(scenery(), progressive=True)).progressive
    assert header(cmyk()).components == 4


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_of_the_camera_is_read_in_both_byte_orders(orientation: int, order: str) -> None:
    assert header(turned(WHOLE, orientation, order)).orientation == orientation


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(orientation: int) -> None:
    assert header(turned(WHOLE, orientation)).orientation == 1


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff\0\0",
        b"Exif\0\0XX*\0" + bytes(20),
        b"Exif\0\0II*\0\x08\0\0\0\1\0" + bytes(12),
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
        b"http://ns",
    ],
)
def test_broken_exif_is_no_reason_to_refuse(exif: bytes) -> None:
    assert header(WHOLE[:2] + segment(0xE1, exif) + WHOLE[2:]).orientation == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "not a JPEG: nothing", id="nothing"),
        pytest.param(b"hello", "not a JPEG: something else", id="text"),
        pytest.param(cv2.imencode(".png", scenery())[1].tobytes(), "not a JPEG: a PNG", id="a PNG"),
        pytest.param(b"RIFF\0\0\0\0AVI LIST", "not a JPEG: a film (RIFF)", id="an AVI"),
        pytest.param(b"\0\0\0\x18ftypisom", "not a JPEG: a film (MP4)", id="an MP4"),
        pytest.param(jpeg(scenery(1, 1)), "too small", id="one pixel"),
        pytest.param(claiming(30_000, 30_000), "too large", id="a bomb"),
        pytest.param(claiming(6400, 6251), "too large", id="just over 40 megapixels"),
        pytest.param(claiming(0, 100), "too small", id="no width"),
        pytest.param(WHOLE[:-2], "cut off before its end", id="without its end"),
        pytest.param(WHOLE[:200], "cut off", id="cut in the header"),
        pytest.param(bomb(101), "too many scans", id="scan upon scan"),
        pytest.param(b"\xff\xd8\xff\xd9", "without a picture", id="empty"),
        pytest.param(b"\xff\xd8\xff\x01" + WHOLE[2:].replace(b"\xff\xc0", b"\xff\xc3", 1), "not decoded", id="lossless"),
        pytest.param(WHOLE.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c", 1), "not decoded", id="twelve bits"),
        pytest.param(b"\xff\xd8" + segment(0xDA, bytes(10)) + b"\xff\xd9", "without a frame header", id="only a scan"),
        pytest.param(b"\xff\xd8" + segment(0xE0, b"JFIF") + b"junk", "do not join", id="junk between segments"),
    ],
)
def test_what_is_refused_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=re.escape(reason)):
        header(data)


def test_forty_megapixels_and_padding_are_let_through() -> None:
    assert header(claiming(8000, 5000)).width == 8000
    assert header(WHOLE + bytes(64)) == header(WHOLE)
    assert header(bomb(100)).progressive
    scan = WHOLE.rindex(b"\xff\xda")
    assert header(WHOLE + WHOLE[scan:] * 200) == header(WHOLE)  # whole after its first scan, so that no other is read


@given(st.integers(0, len(WHOLE) - 1))
def test_a_jpeg_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Refused):
        header(WHOLE[:cut])


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_on_earth_do_more_than_be_refused(data: bytes, begun: bool) -> None:
    with suppress(Refused):
        header(b"\xff\xd8\xff" * begun + data)


@given(st.integers(2, 300), st.binary(min_size=1, max_size=8))
def test_a_damaged_header_is_refused_or_read(at: int, damage: bytes) -> None:
    with suppress(Refused):
        header(WHOLE[:at] + damage + WHOLE[at + len(damage) :])


def test_a_png_says_its_size() -> None:
    assert png_size(cv2.imencode(".png", scenery())[1].tobytes()) == (320, 240)
    for strange in (b"", WHOLE, b"\x89PNG\r\n\x1a\n" + bytes(20)):
        with pytest.raises(Refused, match="not a PNG"):
            png_size(strange)


@pytest.mark.parametrize(
    ("width", "height", "orientation", "by"),
    [
        pytest.param(320, 240, 1, 1, id="a small picture is decoded whole"),
        pytest.param(1280, 720, 1, 4, id="720 lines to 180"),
        pytest.param(1920, 1080, 1, 4, id="1080 lines to 270"),
        pytest.param(3840, 2160, 1, 8, id="2160 lines to 270"),
        pytest.param(768, 576, 1, 2, id="576 lines to 288"),
        pytest.param(1280, 720, 6, 4, id="turned, 1280 lines to 320"),
    ],
)
def test_large_pictures_are_decoded_small(width: int, height: int, orientation: int, by: int) -> None:
    told = Header(width=width, height=height, components=3, progressive=False, orientation=orientation)
    assert by == reduction(told)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_is_decoded_to_working_size(progressive: bool) -> None:
    picture = decode(jpeg(scenery(1280, 720), progressive=progressive))
    assert picture.shape == (180, 320, 3)
    assert picture[20, 20].mean() > 200 > picture[160, 300].mean()


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_the_turn_is_undone(orientation: int, corner: tuple[int, int]) -> None:
    picture = decode(turned(jpeg(scenery(200, 100)), orientation))
    assert picture.shape[:2] == ((200, 100) if orientation > 4 else (100, 200))
    assert picture[corner].mean() > 200


def test_cmyk_is_decoded_to_three_colours() -> None:
    picture = decode(cmyk())
    assert picture.shape == (32, 32, 3)
    assert np.ptp(picture) == 0


def test_what_the_decoder_cannot_read_is_refused() -> None:
    broken = (
        WHOLE[:2]
        + segment(0xC0, struct.pack(">BHHB", 8, 100, 100, 1) + b"\x01\x11\0")
        + segment(0xDA, b"\x01\x01\0\0\x3f\0")
        + b"\xff\xd9"
    )
    with pytest.raises(Refused, match="cannot be decoded"):
        decode(broken)


def test_a_picture_that_exhausts_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cv2, "imdecode", exhausted)
    with pytest.raises(Refused, match="cannot be decoded"):
        decode(WHOLE)


def test_shrinking_keeps_the_shape_within_bounds() -> None:
    assert shrink(scenery(3000, 300)).shape == (64, 640, 3)
    assert shrink(scenery(100, 1000)).shape == (240, 24, 3)
    small = scenery(64, 64)
    assert shrink(small) is small
